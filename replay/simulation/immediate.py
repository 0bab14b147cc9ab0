"""即办件: decided on the spot, at the window, by the department at once, or by the program.

Assumptions: a quarter of the immediate items may be decided by the program when they come from
home; at six items in ten the window clerk may decide; else a chief representative does. One case
in three hundred is left lying for some days.
"""

from __future__ import annotations

from typing import Any, Final

from replay.simulation.acceptance import accepted, corrected, decline, needs_correction
from replay.simulation.case_file import CaseFile
from replay.simulation.ending import decide, deliver, finish, way
from replay.simulation.extras import charge
from replay.simulation.instants import MINUTE
from replay.simulation.phrases import APPROVED
from replay.simulation.working_time import OFFICE_DAY

_DECLINED: Final = 0.012
_FORGOTTEN: Final = 0.003
_LATER_THAT_DAY: Final = 0.12


def immediate(case: CaseFile) -> None:
    """The case from its receipt to its closing, and the delivery of the result."""
    draw = case.draw
    if case.item.automatic and case.arrival.at_home and draw() < 0.8:
        _automatic(case)
        return
    if case.arrival.clerk is None:
        case.work(2 * MINUTE, OFFICE_DAY * 2 // 3)
    else:
        case.wait(30, 90)
    if draw() < _DECLINED:
        decline(case)
        return
    if needs_correction(case) and not corrected(case):
        return
    accepted(case)
    if case.version.fee:
        charge(case, 0.0)
    if draw() < _FORGOTTEN:
        case.arrival.clerk = None
        case.work(2 * OFFICE_DAY, 6 * OFFICE_DAY)
        case.late = True
    elif draw() < _LATER_THAT_DAY:
        case.arrival.clerk = None
        case.work(30 * MINUTE, OFFICE_DAY * 4 // 5)
    at_the_window = case.arrival.clerk is not None
    _pass(case, 15, 80)
    authorised = case.item.authorised and at_the_window
    approver = case.counter() if authorised else case.acting(case.team.representatives)
    step = {
        "actor": approver.actor,
        "step": "approve",
        "no": 1,
        "outcome": "pass",
        "opinion": APPROVED.text(draw),
    }
    case.add("step.completed", case.home, step)
    _pass(case, 3, 25)
    decide(case, approver)
    _pass(case, 10, 50)
    method = "counter" if at_the_window and draw() < 0.8 else way(case)
    finish(case, approver, method)
    if at_the_window and method == "counter":
        _hand_over(case)
    else:
        deliver(case, method)


def _pass(case: CaseFile, low: int, high: int) -> None:
    """Seconds at the window, office time elsewhere."""
    if case.arrival.clerk is not None:
        case.wait(low, high)
    else:
        case.work(low, high * 4)


def _automatic(case: CaseFile) -> None:
    """秒批: from the receipt to the electronic result without a public servant."""
    case.wait(3, 40)
    data: dict[str, Any] = {
        "receipt_no": f"SL{case.facts.subject[-13:]}",
        "limits": case.version.limits,
    }
    case.accepted = case.now
    case.add("case.accepted", case.front, data)
    case.wait(2, 20)
    decide(case, None)
    case.wait(1, 10)
    finish(case, None, "electronic")
    deliver(case, "electronic")


def _hand_over(case: CaseFile) -> None:
    if case.item.result == "none":
        return
    clerk = case.counter()
    case.wait(10, 60)
    data = {"actor": clerk.actor, "method": "counter", "presence": True}
    case.add("result.delivered", case.front, data)
