"""联办件 and 上报件: several departments asked at once, and first reviews for a higher authority.

Assumptions: two to four departments, each with a third of the promise; one branch in twelve comes
back late.
"""

from __future__ import annotations

from typing import Final

from replay.simulation.acceptance import accept, hand_off
from replay.simulation.case_file import CaseFile
from replay.simulation.departments import AREA, DEPARTMENTS
from replay.simulation.ending import close
from replay.simulation.handling import Schedule, conclude, extend, step, suspend
from replay.simulation.phrases import HANDED_OFF, REVIEWED, UNDERTAKEN
from replay.simulation.working_time import OFFICE_DAY

_LATE_BRANCH: Final = 0.08
_HIGHER: Final = "440300"


def joint(case: CaseFile) -> None:
    """The joint case from its receipt to its closing, and the delivery of the result."""
    draw = case.draw
    if not accept(case):
        return
    schedule = Schedule(case)
    case.reach(schedule.at(0.02 + 0.05 * draw()))
    hand_off(case)
    case.reach(schedule.at(0.08 + 0.05 * draw()))
    step(case, "undertake", 1, UNDERTAKEN.text(draw), case.acting(case.team.clerks).actor)
    _branches(case, schedule)
    if schedule.suspended:
        suspend(case, schedule)
    elif schedule.extended:
        extend(case, schedule)
    conclude(case, schedule)


def _branches(case: CaseFile, schedule: Schedule) -> None:
    draw, time = case.draw, case.district.time
    others = [d for d in DEPARTMENTS if d is not case.item.department]
    asked = case.chance.shuffled(others)[: case.chance.between(2, 4)]
    limit = max(3, case.version.promised // 3)
    lead = case.acting(case.team.clerks)
    opened = case.now
    last = opened
    begin = time.office(opened)
    for number, department in enumerate(asked, start=1):
        branch = f"{number}-{department.key}"
        data = {
            "actor": lead.actor,
            "branch": branch,
            "department": department.code,
            "limit": limit,
        }
        case.now = opened + number * 40
        case.add("branch.opened", case.front, data)
        share = 1.05 + 0.5 * draw() if draw() < _LATE_BRANCH else 0.15 + 0.75 * draw()
        wanted = begin + int(limit * OFFICE_DAY * share)
        case.now = time.instant(max(begin + 1_800, min(wanted, schedule.at(0.55))))
        answer = {
            "actor": case.acting(case.district.teams[department.key].reviewers).actor,
            "branch": branch,
            "department": department.code,
            "outcome": "agree" if draw() < 0.96 else "conditions",
            "opinion": REVIEWED.text(draw),
        }
        case.add("branch.returned", department.source, answer)
        last = max(last, case.now)
    case.now = last


def referred_up(case: CaseFile) -> None:
    """The first review of a case that a higher authority decides; closed as forwarded."""
    draw = case.draw
    if not accept(case):
        return
    schedule = Schedule(case)
    case.reach(schedule.at(0.03 + 0.05 * draw()))
    hand_off(case)
    case.reach(schedule.at(0.3 + 0.2 * draw()))
    step(case, "undertake", 1, UNDERTAKEN.text(draw), case.acting(case.team.clerks).actor)
    case.reach(schedule.at(0.65 + 0.2 * draw()))
    reviewer = case.acting(case.team.reviewers)
    step(case, "review", 2, REVIEWED.text(draw), reviewer.actor)
    case.reach(schedule.end - 900)
    department = case.item.department
    data = {
        "actor": reviewer.actor,
        "from": {"department": department.code, "officer": reviewer.reference["id"]},
        "to": {"department": f"{_HIGHER}-{department.key.upper()}"},
        "reason": HANDED_OFF.text(draw),
        "up": True,
    }
    case.add("case.handed_off", case.home, data)
    case.wait(60, 600)
    close(case, "forwarded", f"初审完成，转报上级机关（{_HIGHER}，来自 {AREA}）", reviewer.actor)
