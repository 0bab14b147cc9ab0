"""What follows a case: ratings, complaints, supervision, corrections of records.

Calibrated: about 64 percent of the closed cases are rated, some of them by default; corrections
of records in 0.5 percent. Assumptions: one active rating in two thousand is bad, ten times as many
after a late end; one case in seven hundred is complained about, one late case in twenty; one late
case in eight is supervised; one decided case in two thousand is reopened for an error.
"""

from __future__ import annotations

from typing import Any, Final

from replay.simulation.case_file import CaseFile
from replay.simulation.chance import Weighted, log_normal
from replay.simulation.departments import HOTLINE, RATING_SYSTEM, SUPERVISION
from replay.simulation.instants import DAY, HOUR, MINUTE, stamp
from replay.simulation.phrases import (
    COMPLAINED,
    CORRECTED_RECORD,
    RATED_BADLY,
    RATED_WELL,
    SUPERVISED,
)
from replay.simulation.reopening import reopen
from replay.simulation.staff import on_duty

_RATED: Final = 0.61
_BY_DEFAULT: Final = 0.03
_BAD: Final = 0.0005
_BAD_WHEN_LATE: Final = 0.02
_GOOD: Final = Weighted({5: 0.93, 4: 0.058, 3: 0.012})
_CHANNELS: Final = Weighted({"mobile": 0.5, "pc": 0.25, "sms": 0.15, "qr": 0.08, "phone": 0.02})
_TEXT: Final = 0.06
_COMPLAINED: Final = 0.0014
_COMPLAINED_WHEN_LATE: Final = 0.05
_SUPERVISED: Final = 0.12
_CORRECTED: Final = 0.005
_RETRACTED: Final = 0.0004
_REOPENED: Final = 0.0005
_LATER: Final = log_normal(5 * HOUR, 1.4, 10 * MINUTE, 15 * DAY)
_CORRECTION_AFTER: Final = log_normal(1.0 * DAY, 1.0, HOUR, 20 * DAY)


def afterwards(case: CaseFile) -> None:
    """Everything that follows the end of the case."""
    if case.result and case.result not in ("voided", "declined"):
        _rate(case)
    if case.draw() < (_COMPLAINED_WHEN_LATE if case.late else _COMPLAINED):
        _complain(case)
    if case.late and case.closed and case.draw() < _SUPERVISED:
        _supervise(case)
    if case.result in ("issued", "refused") and case.draw() < _REOPENED:
        reopen(case)
    share = case.draw()
    if share < _CORRECTED:
        _correct(case)
    elif share < _CORRECTED + _RETRACTED:
        _retract(case)


def _rate(case: CaseFile) -> None:
    draw, arrival = case.draw, case.arrival
    fate = draw()
    if fate >= _RATED + _BY_DEFAULT:
        return
    data: dict[str, Any] = {"round": "first"}
    if fate >= _RATED:
        at = case.closed + 5 * DAY + int(draw() * HOUR)
        data |= {"level": 5, "channel": "default"}
        case.facts.add(at, "rating.submitted", RATING_SYSTEM, data)
        return
    bad = draw() < (_BAD_WHEN_LATE if case.late else _BAD)
    data["level"] = (1 if draw() < 0.3 else 2) if bad else _GOOD.at(draw())
    data["rated"] = _rated(case)
    clerk = arrival.clerk
    if clerk is not None and arrival.hall is not None and arrival.window is not None:
        data["channel"] = "tablet"
        data["device"] = f"PAD-{arrival.hall.id}-{arrival.window}"
        at = max(case.now, case.closed) + 8 + int(draw() * 80)
    else:
        data["channel"] = _CHANNELS.at(draw())
        at = case.closed + int(_LATER.at(draw()))
    if bad or draw() < _TEXT:
        data["text"] = (RATED_BADLY if bad else RATED_WELL).text(draw)
    rating = case.facts.add(at, "rating.submitted", RATING_SYSTEM, data)
    if bad:
        case.now = at
        case.work(2 * HOUR, 9 * 7 * HOUR)
        outcome = "fixed" if draw() < 0.7 else "explained" if draw() < 0.7 else "voided"
        answer = {
            "actor": case.acting(case.team.reviewers).actor,
            "ref": rating.ref,
            "outcome": outcome,
            "called_back": draw() < 0.92,
        }
        case.add("rating.rectified", RATING_SYSTEM, answer)


def _rated(case: CaseFile) -> dict[str, Any]:
    arrival = case.arrival
    if arrival.clerk is not None and arrival.hall is not None:
        officer = arrival.clerk.reference["id"]
        return {"officer": officer, "window": arrival.window, "hall": arrival.hall.id}
    actor = next((f.data["actor"] for f in reversed(case.facts) if "actor" in f.data), None)
    return {} if actor is None else {"officer": actor["id"]}


def _complain(case: CaseFile) -> None:
    draw = case.draw
    hotline = draw() < 0.6
    begin = case.closed or case.now
    at = begin + int(_LATER.at(draw()))
    case.now = at // DAY * DAY + 8 * HOUR + int(draw() * 12 * HOUR)
    case.now = max(case.now, begin + HOUR)
    source = HOTLINE if hotline else case.front
    data = {
        "channel": "12345" if hotline else "hall" if draw() < 0.5 else "web",
        "about": {"department": case.item.department.code},
        "topic": case.chance.among(("timeliness", "attitude", "materials", "queue", "delivery")),
        "text": COMPLAINED.text(draw),
        "complainant": case.applicant["name"],
    }
    filed = case.add("complaint.filed", source, data)
    case.work(HOUR, 5 * 7 * HOUR)
    answer = {
        "actor": case.acting(case.team.reviewers).actor,
        "ref": filed.ref,
        "handling": "dispatched" if hotline else "direct",
        "outcome": "explained" if draw() < 0.7 else "corrected",
    }
    case.add("complaint.resolved", source, answer)


def _supervise(case: CaseFile) -> None:
    """督办 of a late case, opened before it ends where there is time for that."""
    time, draw = case.district.time, case.draw
    case.now = time.instant(time.office(case.closed) - int(draw() * 2 * HOUR) - 60)
    case.now = max(case.now, case.accepted + HOUR)
    place = case.item.rank
    opened = {
        "actor": case.district.supervisor(place, case.now // DAY),
        "kind": "overdue",
        "text": SUPERVISED.text(draw),
    }
    asked = case.add("supervision.opened", SUPERVISION, opened)
    case.now = max(case.now, case.closed)
    case.work(HOUR, 3 * 7 * HOUR)
    closed = {
        "actor": case.district.supervisor(place, case.now // DAY),
        "ref": asked.ref,
        "outcome": "done",
    }
    case.add("supervision.closed", SUPERVISION, closed)


def _correct(case: CaseFile) -> None:
    """更正 of one small thing in one event of the case."""
    draw = case.draw
    recorded = [f for f in case.facts if f.source in (case.front, case.home)]
    target = case.chance.among([f for f in recorded if not f.type.startswith("complaint.")])
    case.now = target.time + int(_CORRECTION_AFTER.at(draw()))
    case.work(60, HOUR)
    patch: dict[str, Any] = {"time": stamp(target.time - 60 * case.chance.between(1, 9))}
    if "opinion" in target.data:
        patch = {"data": {"opinion": f"{target.data['opinion']}（更正）"}}
    elif "materials" in target.data:
        patch = {"data": {"materials": target.data["materials"][:-1]}}
    elif "receipt_no" in target.data:
        patch = {"data": {"receipt_no": f"{target.data['receipt_no']}A"}}
    elif "reason" in target.data:
        patch = {"data": {"reason": f"{target.data['reason']}（更正）"}}
    data = {
        "actor": case.acting(case.team.clerks).actor,
        "ref": target.ref,
        "patch": patch,
        "reason": CORRECTED_RECORD.text(draw),
        "authorised_by": on_duty(case.team.reviewers, 0, case.now // DAY).reference["id"],
    }
    case.add("record.corrected", target.source, data)


def _retract(case: CaseFile) -> None:
    """撤回记录 of a step that was entered twice."""
    steps = [fact for fact in case.facts if fact.type == "step.completed"]
    if not steps:
        return
    step = case.chance.among(steps)
    again = case.facts.add(step.time + 40, step.type, step.source, step.data)
    case.now = step.time + 600
    case.work(60, HOUR)
    data = {
        "actor": case.acting(case.team.clerks).actor,
        "ref": again.ref,
        "reason": "重复录入，撤回",
        "authorised_by": on_duty(case.team.reviewers, 0, case.now // DAY).reference["id"],
    }
    case.add("record.retracted", step.source, data)
