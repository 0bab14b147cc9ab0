"""承诺件 in the department: steps, special procedures, extensions, and when it is closed.

Calibrated: the time taken is log-normal with a median of 0.35 of the promise and a bump in its
last tenth; 1 to 3 percent end late; special procedures in 3 to 6 percent of the promised cases,
extensions in 0.5; withdrawn or returned 3 to 5 percent of all cases. Assumptions: where between
acceptance and closing each step lies, how long a special procedure takes, and that it keeps to
the time it was given.
"""

from __future__ import annotations

from typing import Any, Final

from replay.simulation.acceptance import accept, hand_off
from replay.simulation.case_file import CaseFile
from replay.simulation.chance import log_normal
from replay.simulation.ending import (
    close,
    decide,
    deliver,
    finish,
    refused,
    remedies,
    way,
    withdraw,
)
from replay.simulation.extras import charge, engage
from replay.simulation.instants import DAY, HOUR, day_text
from replay.simulation.phrases import (
    APPROVED,
    EXPERT,
    EXPERT_RESULT,
    EXTENSION,
    REFUSED,
    RETURNED,
    REVIEWED,
    SURVEYED,
    UNDERTAKEN,
)
from replay.simulation.working_time import OFFICE_DAY

_RATIO: Final = log_normal(0.35, 0.55, 0.02, 0.88)
_LAST_TENTH: Final = 0.075
_LATE: Final = 0.028
_SUSPENDED: Final = 0.05
_EXTENDED: Final = 0.008
_WITHDRAWN: Final = 0.045
_RETURNED: Final = 0.032
_SUSPENDED_DAYS: Final = log_normal(5, 0.6, 1, 25)
_OVERDUE_DAYS: Final = log_normal(2, 0.8, 0.2, 20)
_ENTERED_LATER: Final = 0.3
_BASIS: Final = "行政许可法第四十五条"


class Schedule:
    """When a case that was accepted now will be closed, in office time, and what lies between.

    `start` and `end` are the acceptance and the closing without special procedures, `due` the
    last second of the promise, `suspended` the office time of a special procedure."""

    __slots__ = ("due", "end", "extended", "start", "suspended")

    def __init__(self, case: CaseFile) -> None:
        time, draw = case.district.time, case.draw
        promised = case.version.promised
        self.start = time.office(case.now)
        day = case.now // DAY
        if case.version.natural_days:
            due_day = time.after(day + promised, 0)
        else:
            due_day = time.after(day, promised)
        self.due = time.close_of(due_day)
        span = self.due - self.start
        fate = draw()
        case.late = fate < _LATE
        self.extended = 0
        if case.late:
            days = _OVERDUE_DAYS.at(draw())
            self.end = self.due + int(days * OFFICE_DAY)
        elif fate < _LATE + _EXTENDED and promised >= 5 and not case.version.natural_days:
            self.extended = case.chance.between(3, 10)
            self.end = self.due + int(draw() * (self.extended - 1) * OFFICE_DAY)
        elif fate < _LATE + _EXTENDED + _LAST_TENTH:
            self.end = self.start + int(span * (0.9 + 0.095 * draw()))
        else:
            ratio = min(0.89, _RATIO.at(draw()) * case.item.pace)
            self.end = self.start + int(span * ratio)
        self.suspended = 0
        suspends = case.item.nature == "licence" or bool(case.version.special)
        if suspends and draw() < _SUSPENDED:
            self.suspended = int(_SUSPENDED_DAYS.at(draw())) * OFFICE_DAY

    def at(self, share: float) -> int:
        """The office time at which that share of the handling is done."""
        return self.start + int((self.end - self.start) * share)


def promised(case: CaseFile) -> None:
    """The case from its receipt to its closing, and the delivery of the result."""
    draw = case.draw
    if not accept(case):
        return
    if case.version.fee:
        charge(case, 0.05)
    engage(case)
    schedule = Schedule(case)
    case.reach(schedule.at(0.02 + 0.06 * draw()))
    hand_off(case)
    stops = draw()
    if stops < _WITHDRAWN + _RETURNED:
        _stop(case, schedule, stops < _WITHDRAWN)
        return
    case.reach(schedule.at(0.2 + 0.25 * draw()))
    step(case, "undertake", 1, UNDERTAKEN.text(draw), case.acting(case.team.clerks).actor)
    if case.item.checked_on_site:
        survey(case, schedule.at(0.5))
    if schedule.suspended:
        suspend(case, schedule)
    elif schedule.extended:
        extend(case, schedule)
    conclude(case, schedule)


def conclude(case: CaseFile, schedule: Schedule) -> None:
    """Review, approval, decision, closing, delivery."""
    draw = case.draw
    case.reach(schedule.at(0.58 + 0.2 * draw()) + schedule.suspended)
    step(case, "review", 2, REVIEWED.text(draw), case.acting(case.team.reviewers).actor)
    granted = not refused(case)
    final = schedule.end + schedule.suspended
    case.reach(min(schedule.at(0.82 + 0.12 * draw()) + schedule.suspended, final - 2_400))
    approver = case.acting(case.team.heads if case.version.kind == "joint" else case.team.approvers)
    opinion = APPROVED.text(draw) if granted else REFUSED.text(draw)
    step(case, "approve", 3, opinion, approver.actor, "pass" if granted else "return")
    case.wait(20, 300)
    decide(case, approver, granted=granted)
    case.reach(final - 500)
    if not granted:
        close(case, "refused", opinion, case.acting(case.team.clerks).actor)
        remedies(case)
        return
    method = way(case)
    finish(case, approver, method)
    deliver(case, method)


def step(
    case: CaseFile,
    name: str,
    number: int,
    opinion: str,
    actor: dict[str, Any],
    outcome: str = "pass",
) -> None:
    """环节 completed now."""
    data = {"actor": actor, "step": name, "no": number, "outcome": outcome, "opinion": opinion}
    case.add("step.completed", case.home, data)


def survey(case: CaseFile, office: int) -> None:
    """勘验 by two officers, begun at that office time at the earliest."""
    case.reach(office)
    pool = case.team.clerks
    first = case.acting(pool)
    place = next(n for n, officer in enumerate(pool) if officer.id == first.reference["id"])
    second = pool[(place + 1) % len(pool)]
    people = [{"id": first.reference["id"]}, {"id": second.id}]
    data = {"actor": first.actor, "step": "survey", "participants": people}
    case.add("step.started", case.home, data)
    case.work(1_800, 7_200)
    done = {**data, "outcome": "pass", "opinion": SURVEYED.text(case.draw)}
    entered = case.add("step.completed", case.home, done)
    if case.draw() < _ENTERED_LATER:
        morning = case.district.time.after(case.now // DAY, 1) * DAY + 9 * HOUR
        entered.held_until = morning + case.chance.below(HOUR)


def suspend(case: CaseFile, schedule: Schedule) -> None:
    """特别程序 from now on, approved, with the applicant told for how long."""
    draw = case.draw
    kinds = case.version.special or ("expert_review",)
    approver = case.acting(case.team.heads)
    days = schedule.suspended // OFFICE_DAY
    data = {
        "actor": case.acting(case.team.clerks).actor,
        "seq": 1,
        "kind": case.chance.among(kinds),
        "basis": _BASIS if case.item.nature == "licence" else "事项办事指南",
        "reason": EXPERT.text(draw),
        "approver": approver.reference,
        "expected": {"value": days + int(draw() * 4), "unit": "workday"},
        "notified_at": day_text(case.now // DAY),
    }
    case.add("clock.suspended", case.home, data)
    case.work(schedule.suspended, schedule.suspended + 1_800)
    result = {
        "actor": case.acting(case.team.clerks).actor,
        "seq": 1,
        "result": EXPERT_RESULT.text(draw),
        "result_at": day_text(case.now // DAY),
    }
    case.add("clock.resumed", case.home, result)


def extend(case: CaseFile, schedule: Schedule) -> None:
    """报延 and 延期 before the due, approved by a head of the agency, of a joint case by one of the
    government."""
    reason = EXTENSION.text(case.draw)
    span = schedule.due - schedule.start
    case.reach(schedule.start + int(span * (0.6 + 0.25 * case.draw())))
    clerk = case.acting(case.team.clerks)
    days = schedule.extended
    asked = {"actor": clerk.actor, "days": days, "reason": reason}
    case.add("deadline.extension_requested", case.home, asked)
    case.work(600, min(OFFICE_DAY // 2, span // 20))
    joint = case.version.kind == "joint"
    approver = case.district.government.own if joint else case.acting(case.team.heads)
    data = {
        "actor": approver.actor,
        "days": days,
        "reason": reason,
        "approver": approver.reference,
        "clock": "both",
        "notified_at": day_text(case.now // DAY),
    }
    case.add("deadline.extended", case.home, data)


def _stop(case: CaseFile, schedule: Schedule, by_applicant: bool) -> None:
    case.reach(schedule.at(0.15 + 0.6 * case.draw()))
    if by_applicant:
        withdraw(case)
    else:
        close(case, "returned", RETURNED.text(case.draw), case.acting(case.team.reviewers).actor)
