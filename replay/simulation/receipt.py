"""The receipt of an application, with applicant, agent and materials.

Assumptions: the shares of agents, shared data and electronic licences; two to all of the item's
materials come with the application.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from replay.simulation.applicants import relative
from replay.simulation.case_file import CaseFile
from replay.simulation.chance import Weighted
from replay.simulation.instants import DAY, day_text, stamp
from replay.simulation.matters import LICENCE_KINDS, PROVIDERS

_FORM_ONLINE: Final = Weighted({"upload": 0.62, "licence": 0.23, "shared": 0.15})
_FORM_AT_DESK: Final = Weighted({"paper": 0.72, "licence": 0.16, "shared": 0.12})
_INTERMEDIARY: Final = 0.10
_RELATIVE: Final = 0.04
_HELPED: Final = 0.015
_SHARED: Final = 0.30
_LICENCE: Final = 0.16
_LICENCE_REJECTED: Final = 0.04
_SHARE_FAILED: Final = 0.03


def receive(case: CaseFile) -> None:
    """收件, and what the counter or the site looks up while it takes the application in."""
    arrival, item, draw = case.arrival, case.item, case.draw
    data: dict[str, Any] = {
        "item": {"code": item.code, "version": case.version.number},
        "kind": case.version.kind,
        "channel": arrival.channel,
        "applicant": _applicant(case),
        "apply_type": item.apply_type,
        "materials": _materials(case),
    }
    if arrival.at_home:
        data["applied_at"] = stamp(case.now - 5)
    else:
        _at_a_desk(case, data)
    _agent(case, data)
    if item.apply_type == "renewal":
        until = case.now // DAY + 25 + int(case.chance.low() * 200)
        data["previous_certificate"] = {"no": _certificate_no(case), "valid_until": day_text(until)}
    if arrival.bundle is not None:
        data["bundle"] = arrival.bundle
    case.add("case.received", case.front, data)
    _look_up(case)
    if draw() < _HELPED:
        if arrival.clerk is None:
            case.work(300, 3_600)
        helper = case.counter()
        agent = {"id": helper.reference["id"], "kind": "government"}
        case.add("agent.assigned", case.front, {"actor": helper.actor, "agent": agent})


def _look_up(case: CaseFile) -> None:
    """Shared data and electronic licences in place of paper, where any are used."""
    if case.draw() < _SHARED:
        provider, interface, purpose = case.chance.among(PROVIDERS)
        case.wait(5, 60)
        data = {
            "provider": provider,
            "interface": interface,
            "ok": case.draw() >= _SHARE_FAILED,
            "latency_ms": 80 + int(case.chance.low() * case.draw() * 4_000),
            "purpose": purpose,
        }
        case.add("share.called", case.front, data)
    if case.draw() < _LICENCE:
        case.wait(5, 60)
        kind = case.chance.among(LICENCE_KINDS)
        licence = {"licence_no": f"DZ{int(case.draw() * 10**10):010d}", "kind": kind}
        if case.draw() < _LICENCE_REJECTED:
            reason = case.chance.among(("照面信息与原件不符", "证照已注销", "有效期已过"))
            case.add("licence.rejected", case.front, {**licence, "reason": reason})
        else:
            case.add("licence.used", case.front, licence)


def _applicant(case: CaseFile) -> dict[str, Any]:
    applicants, share = case.district.applicants, case.arrival.bundle_share
    organisation = case.item.department.organisations
    draw = case.draw
    if share is not None:
        found = applicants.person(share) if share < 0.7 else applicants.organisation(share)
    elif draw() < organisation:
        found = applicants.organisation(draw())
    else:
        found = applicants.person(draw())
    if case.arrival.at_home:
        found["auth"] = "real_name"
    case.applicant = found
    return found


def _at_a_desk(case: CaseFile, data: dict[str, Any]) -> None:
    arrival = case.arrival
    if arrival.channel != "kiosk":
        data["actor"] = case.counter().actor
    if arrival.hall is not None:
        data["hall"] = arrival.hall.id
    if arrival.window is not None and arrival.hall is not None:
        data["zone"] = arrival.hall.zone(arrival.window)
        data["queue_no"] = arrival.queue_no
        data["presence"] = True
        if arrival.priority_lane is not None:
            data["priority"] = arrival.priority_lane
        if arrival.appointment is not None:
            data["appointment"] = {"at": stamp(arrival.appointment)}


def _agent(case: CaseFile, data: dict[str, Any]) -> None:
    share = case.draw()
    if case.applicant["kind"] == "organisation":
        if share < _INTERMEDIARY:
            agents = case.district.agents
            agent = agents[int(len(agents) * case.chance.low())]
            data["agent"] = {"kind": "intermediary", "id": agent}
    elif share < _RELATIVE:
        data["agent"] = {"kind": "relative", "name": relative(share / _RELATIVE)}


def _materials(case: CaseFile) -> list[dict[str, Any]]:
    forms = _FORM_ONLINE if case.arrival.at_home else _FORM_AT_DESK
    draw = case.draw
    listed = case.version.materials
    found = []
    for material in listed[: max(2, len(listed) - int(draw() * 3))]:
        form = forms.at(draw())
        entry: dict[str, Any] = {"code": material["code"], "form": form}
        if form in ("upload", "paper"):
            entry["pages"] = 1 + int(case.chance.low() * 12)
        if form == "upload":
            content = f"{case.facts.subject}/{material['code']}".encode()
            entry["digest"] = sha256(content).hexdigest()
        found.append(entry)
    return found


def _certificate_no(case: CaseFile) -> str:
    return f"{case.item.basic[:6]}{int(case.draw() * 10**8):08d}"
