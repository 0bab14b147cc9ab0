"""From the receipt to the acceptance: pre-review, corrections of materials, refusal to accept.

Calibrated: 8 to 15 percent of the cases need corrections, four in five of these one round.
Assumptions: 7 percent of the immediate cases and 17 of the others; the applicant takes a median of
two days for each round; 1.5 percent are not accepted, 1 percent accepted with gaps, one
commitment in seventy cases; one application in two hundred waits longer than five working days.
"""

from __future__ import annotations

from typing import Any, Final

from replay.simulation.case_file import CaseFile
from replay.simulation.chance import Weighted, log_normal
from replay.simulation.ending import close
from replay.simulation.instants import DAY, HOUR, day_text
from replay.simulation.phrases import CORRECTION, DECLINED, HANDED_OFF, PREREVIEW, RETURNED
from replay.simulation.working_time import OFFICE_DAY

_CORRECTED: Final = {"immediate": 0.07}
_CORRECTED_OTHERWISE: Final = 0.17
_ROUNDS: Final = Weighted({1: 0.80, 2: 0.165, 3: 0.035})
_APPLICANT_TAKES: Final = log_normal(2.0 * DAY, 1.0, HOUR, 25 * DAY)
_NEVER_BACK: Final = 0.06
_DECLINED: Final = 0.015
_DECLINED_KINDS: Final = Weighted({"not_competent": 0.55, "not_required": 0.35, "other": 0.10})
_PREREVIEWED: Final = 0.35
_TOLERATED: Final = 0.012
_COMMITTED: Final = 0.014
_NEGLECTED: Final = 0.005
_CORRECTION_WORKDAYS: Final = 15


def accept(case: CaseFile) -> bool:
    """Takes a case that is no matter of minutes from its receipt to its acceptance.

    False where it ends before: declined, or returned because nothing came back.
    """
    draw = case.draw
    if case.arrival.clerk is not None and draw() < 0.7:
        case.wait(120, 300)
    elif draw() < _NEGLECTED:
        case.work(6 * OFFICE_DAY, 10 * OFFICE_DAY)
    else:
        case.work(600, int(OFFICE_DAY * 1.4))
    if draw() < _DECLINED:
        if case.arrival.at_home and draw() < _PREREVIEWED:
            _prereview(case, "fail")
        decline(case)
        return False
    wanted = draw() < _CORRECTED_OTHERWISE
    if case.arrival.at_home and draw() < _PREREVIEWED:
        _prereview(case, "correct" if wanted else "pass")
    if wanted and not corrected(case):
        return False
    accepted(case)
    return True


def _prereview(case: CaseFile, outcome: str) -> None:
    data: dict[str, Any] = {"actor": case.acting(case.team.clerks).actor, "outcome": outcome}
    if outcome != "pass":
        data["reasons"] = PREREVIEW.text(case.draw)
    case.add("case.prereviewed", case.front, data)
    case.work(300, 7_200)


def needs_correction(case: CaseFile) -> bool:
    """Whether materials of an immediate case have to be corrected."""
    return case.draw() < _CORRECTED["immediate"]


def corrected(case: CaseFile) -> bool:
    """补正告知 and 补正收件, in one round or more; False where the applicant never comes back."""
    draw = case.draw
    rounds = _ROUNDS.at(draw())
    listed = case.version.materials
    for number in range(1, rounds + 1):
        first = int(draw() * len(listed))
        items = [listed[first]]
        if draw() < 0.4:
            items.append(listed[(first + 1) % len(listed)])
        due = case.district.time.after(case.now // DAY, _CORRECTION_WORKDAYS)
        data = {
            "actor": case.counter().actor,
            "items": items,
            "reason": CORRECTION.text(draw),
            "round": number,
            "document": {
                "no": f"BZ{case.facts.subject[-13:]}-{number}",
                "notified_at": day_text(case.now // DAY),
                "method": "sms" if case.arrival.at_home else "counter",
            },
            "due": day_text(due),
        }
        case.add("correction.requested", case.front, data)
        if draw() < _NEVER_BACK:
            case.reach(case.district.time.close_of(due) + int(draw() * OFFICE_DAY))
            case.arrival.clerk = None
            close(case, "returned", RETURNED.text(draw))
            return False
        _answer(case, items, number)
    return True


def _answer(case: CaseFile, items: list[dict[str, Any]], number: int) -> None:
    """The corrected materials, and the office's look at them."""
    data: dict[str, Any] = {"items": items, "complete": True, "round": number}
    case.now += int(_APPLICANT_TAKES.at(case.draw()))
    case.arrival.clerk = None
    if not case.arrival.at_home:
        case.work(60, 3_600)
        data["actor"] = case.counter().actor
        data["presence"] = case.arrival.channel == "window"
    case.add("correction.received", case.front, data)
    case.work(600, OFFICE_DAY)


def decline(case: CaseFile) -> None:
    """不受理 or 不予受理, and the end of the case with it."""
    reason = DECLINED.text(case.draw)
    data = {
        "actor": case.counter().actor,
        "kind": _DECLINED_KINDS.at(case.draw()),
        "reason": reason,
        "document": {
            "no": f"BYSL{case.facts.subject[-13:]}",
            "notified_at": day_text(case.now // DAY),
        },
    }
    case.add("case.declined", case.front, data)
    case.wait(20, 90)
    close(case, "declined", reason)


def accepted(case: CaseFile) -> None:
    """受理, with the limits frozen; perhaps with gaps or on a commitment."""
    draw = case.draw
    actor = case.counter().actor
    data: dict[str, Any] = {
        "actor": actor,
        "receipt_no": f"SL{case.facts.subject[-13:]}",
        "limits": case.version.limits,
    }
    if case.version.kind != "immediate":
        data["document"] = {"no": f"SLTZ{case.facts.subject[-13:]}", "method": "electronic"}
    if case.version.fee:
        data["fee_listed"] = case.version.fee
    case.accepted = case.now
    gap = None
    if case.version.kind != "immediate" and draw() < _TOLERATED:
        gap = {**case.version.materials[-1], "due": day_text(case.now // DAY + 15)}
        data["tolerated"] = [gap]
    case.add("case.accepted", case.front, data)
    if gap is not None and draw() < 0.9:
        items = [{"code": gap["code"], "name": gap["name"]}]
        later = case.now + int((0.2 + draw() * 2) * DAY)
        case.facts.add(later, "gap.filled", case.front, {"items": items})
    if draw() < _COMMITTED:
        _commit(case, actor)


def _commit(case: CaseFile, actor: dict[str, Any]) -> None:
    case.wait(10, 60)
    due = case.now // DAY + 60
    signed = case.add("commitment.signed", case.front, {"actor": actor, "due": day_text(due)})
    if case.draw() < 0.95:
        checked = case.district.time.after(case.now // DAY + 20 + int(case.draw() * 38), 0)
        data = {
            "actor": case.acting(case.team.clerks).actor,
            "ref": signed.ref,
            "outcome": "kept" if case.draw() < 0.97 else "breached",
        }
        at = checked * DAY + 9 * HOUR + int(case.draw() * 3 * HOUR)
        case.facts.add(at, "commitment.checked", case.home, data)


def hand_off(case: CaseFile) -> None:
    """转办 from the counter to the department's desk, which now and then signs for it."""
    clerk = case.acting(case.team.clerks)
    sender = case.counter()
    data = {
        "actor": sender.actor,
        "from": {"department": sender.reference["department"], "officer": sender.reference["id"]},
        "to": {"department": clerk.reference["department"], "officer": clerk.reference["id"]},
        "reason": HANDED_OFF.text(case.draw),
    }
    case.add("case.handed_off", case.front, data)
    case.arrival.clerk = None
    if case.draw() < 0.3:
        case.work(300, OFFICE_DAY // 3)
        taken = {
            "actor": clerk.actor,
            "department": clerk.reference["department"],
            "officer": clerk.reference["id"],
        }
        case.add("case.taken", case.home, taken)
