"""How a case ends: decision, certificate, closing, and the way of the result to the applicant.

Assumptions: 2 percent of the promised cases are refused; half of the results at a window are
fetched there, the others are electronic or sent; a parcel takes one to four days.
"""

from __future__ import annotations

from typing import Any, Final

from replay.simulation.case_file import CaseFile
from replay.simulation.chance import Weighted
from replay.simulation.instants import DAY, HOUR, day_text, stamp
from replay.simulation.phrases import VOIDED, WITHDRAWN
from replay.simulation.staff import Acting
from replay.simulation.working_time import OFFICE_DAY

_REFUSED: Final = 0.02
_CREDIT: Final = 0.05
_REMEDIES: Final = 0.03
_AT_HOME: Final = Weighted({"electronic": 0.62, "courier": 0.28, "counter": 0.10})
_AT_DESK: Final = Weighted({"counter": 0.55, "electronic": 0.25, "courier": 0.20})
_COLLECTED_LATER: Final = 6 * OFFICE_DAY


def close(
    case: CaseFile, result: str, reason: str = "", actor: dict[str, Any] | None = None
) -> None:
    """办结 now. Without an actor somebody of the counter or the department does it."""
    data: dict[str, Any] = {"result": result}
    if reason:
        data["reason"] = reason
    data["actor"] = actor or case.counter().actor
    _closed(case, data)


def close_automatically(case: CaseFile, result: str) -> None:
    """办结 now, by the program."""
    _closed(case, {"result": result})


def _closed(case: CaseFile, data: dict[str, Any]) -> None:
    case.add("case.closed", case.home, data)
    case.closed = case.now
    case.result = data["result"]


def withdraw(case: CaseFile) -> None:
    """撤回 at the applicant's wish, and the end of the case with it."""
    reason = WITHDRAWN.text(case.draw)
    case.add("case.withdrawn", case.front, {"reason": reason})
    case.work(60, 3 * HOUR)
    close(case, "withdrawn", reason)


def void(case: CaseFile) -> None:
    """作废 of what was entered by mistake, minutes after it was."""
    case.wait(120, 1_500)
    actor = case.counter().actor
    data = {"actor": actor, "reason": VOIDED.text(case.draw), "approver": actor["id"]}
    case.add("case.voided", case.front, data)
    case.result = "voided"


def refused(case: CaseFile) -> bool:
    """Whether the case is refused rather than granted."""
    return case.draw() < _REFUSED


def decide(case: CaseFile, approver: Acting | None, *, granted: bool = True) -> None:
    """审批决定 now; without an approver, by the program."""
    data: dict[str, Any] = {"outcome": "granted" if granted else "refused"}
    if approver is None:
        data["mode"] = "auto"
    else:
        data |= {"actor": approver.actor, "mode": "manual", "approver": approver.reference}
    if not granted:
        data |= {"basis": "行政许可法第三十八条", "remedies_notified": True}
    elif case.draw() < _CREDIT and "credit" in case.applicant:
        data["credit_ref"] = f"XY{case.facts.subject[-13:]}"
    case.add("decision.made", case.home, data)


def certify(case: CaseFile, actor: dict[str, Any] | None, method: str, *, edition: int = 1) -> None:
    """制证 now; a later edition has a number of its own."""
    day = case.now // DAY
    number = f"{case.item.department.key.upper()}{case.facts.subject[-15:]}"
    data: dict[str, Any] = {
        "certificate_no": f"{number}-{edition}" if edition > 1 else number,
        "name": f"{case.item.name.partition('（')[0]}证照",
        "electronic": method == "electronic",
        "valid_from": day_text(day),
        "valid_until": day_text(day + 365 * (1, 3, 5)[case.item.rank % 3]),
        "issuer": case.item.department.code,
    }
    if actor is not None:
        data["actor"] = actor
    if method == "electronic":
        data["notified_at"] = stamp(case.now)
    case.add("certificate.issued", case.home, data)


def way(case: CaseFile) -> str:
    """How the result will reach the applicant: counter, courier or electronic."""
    return (_AT_HOME if case.arrival.at_home else _AT_DESK).at(case.draw())


def finish(case: CaseFile, approver: Acting | None, method: str) -> None:
    """Certificate and closing of a granted case, a few minutes apart, up to now."""
    actor = None if approver is None else case.acting(case.team.clerks).actor
    result = "completed"
    if case.item.result == "certificate":
        certify(case, actor, method)
        case.wait(60, 400)
        result = "issued"
    if actor is None:
        close_automatically(case, result)
    else:
        close(case, result, actor=actor)


def deliver(case: CaseFile, method: str) -> None:
    """The result's way to the applicant, after the closing. `now` stays at the closing."""
    if case.item.result == "none":
        return
    draw, add, closed = case.draw, case.facts.add, case.closed
    if method == "electronic":
        if draw() < 0.5:
            at = closed + 20 + int(draw() * 4 * HOUR)
            add(at, "result.delivered", case.home, {"method": method})
    elif method == "courier":
        waybill = f"EMS{int(draw() * 10**11):011d}"
        case.work(HOUR, OFFICE_DAY)
        sent = {"actor": case.counter().actor, "method": method, "waybill": waybill}
        case.add("result.dispatched", case.front, sent)
        arrives = case.now + int((0.8 + draw() * 3) * DAY)
        arrives = arrives // DAY * DAY + 9 * HOUR + int(draw() * 10 * HOUR)
        received = {"method": method, "waybill": waybill}
        add(max(arrives, case.now + HOUR), "result.delivered", case.front, received)
    else:
        case.work(HOUR // 2, int(_COLLECTED_LATER * (0.1 + case.chance.low())))
        data: dict[str, Any] = {"method": method, "presence": True}
        data["actor"] = case.counter().actor
        case.add("result.delivered", case.front, data)
    case.now = closed


def remedies(case: CaseFile) -> None:
    """Now and then review or litigation follows a refusal."""
    if case.result != "refused" or case.draw() >= _REMEDIES:
        return
    kind = "review" if case.draw() < 0.8 else "litigation"
    time = case.district.time
    filed = time.after(case.closed // DAY + 5 + case.chance.below(50), 0) * DAY + 10 * HOUR
    case.facts.add(filed, "remedy.filed", case.home, {"kind": kind})
    decided = time.after(filed // DAY + 40, case.chance.below(10)) * DAY + 15 * HOUR
    outcome = "upheld" if case.draw() < 0.8 else "set_aside"
    case.facts.add(decided, "remedy.decided", case.home, {"kind": kind, "outcome": outcome})
