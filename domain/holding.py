"""Who holds a case, and who has held it for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.calendar import SHANGHAI, WorkingCalendar
from domain.case_facts import ACCEPTED, ENDS, RECEIVED, REOPENED, Fact, Facts

HANDED_OFF: Final = "case.handed_off"
WORKED_ON: Final = frozenset({"step.started", "step.completed", ACCEPTED, RECEIVED})


@dataclass(frozen=True, slots=True)
class Holder:
    """A department and an officer of it, either of them unknown perhaps.

    The officer is a staff id; where the source knows only a name, that name, sealed as stored.
    """

    department: str | None
    officer: str | Mapping[str, Any] | None


NOBODY: Final = Holder(None, None)


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of time in which a case was with one holder. `to` is None while it still is.

    `workdays` are the legal working days of (from, to], of an open stretch up to the instant
    asked for.
    """

    holder: Holder
    from_: datetime
    to: datetime | None
    workdays: int


def holder(facts: Facts) -> Holder:
    """To whom the case was last handed off, else who last did a step, accepted or received it."""
    current = NOBODY
    handed_off = False
    for fact in facts.visible:
        current, handed_off = _next(fact, current, handed_off)
    return current


def held(facts: Facts, at: datetime, calendar: WorkingCalendar) -> tuple[Held, ...]:
    """Every stretch of holding in the order of the case; nobody holds a case that has ended."""
    stretches: list[Held] = []
    current, handed_off, ended = NOBODY, False, False
    since: datetime | None = None

    def close(until: datetime | None) -> None:
        if since is not None and current != NOBODY:
            workdays = calendar.between(_day(since), _day(at if until is None else until))
            stretches.append(Held(current, since, until, workdays))

    for fact in facts.visible:
        following, handed_off = _next(fact, current, handed_off)
        if fact.type in ENDS and not ended:
            close(fact.time)
            since, ended = None, True
        elif fact.type == REOPENED and ended:
            since, ended = fact.time, False
        elif following != current and not ended:
            close(fact.time)
            since = fact.time
        current = following
    close(None)
    return tuple(stretches)


def _next(fact: Fact, current: Holder, handed_off: bool) -> tuple[Holder, bool]:
    if fact.type == HANDED_OFF:
        to = fact.data.get("to")
        return (_holder(to, _mapping(to).get("officer")), True)
    worked_on = fact.type in WORKED_ON or fact.imported
    actor = fact.data.get("actor")
    if handed_off or not worked_on or not isinstance(actor, Mapping):
        return current, handed_off
    return _holder(actor, actor), False


def _holder(place: Any, officer: Any) -> Holder:
    department = _mapping(place).get("department") or _mapping(officer).get("department")
    if isinstance(officer, Mapping):
        officer = officer.get("id") or officer.get("name")
    return Holder(department if isinstance(department, str) else None, officer)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _day(moment: datetime) -> Any:
    return moment.astimezone(SHANGHAI).date()
