"""Special procedures (特别程序): when they began and ended, and whether they were told in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.calendar import SHANGHAI, WorkingCalendar
from domain.case_facts import Fact, Facts, code


@dataclass(frozen=True, slots=True)
class Suspension:
    """One special procedure. `to` is None while it is open.

    `recorded_late`: its start or its end was recorded more than one working day after the fact.
    `round` is that of its start.
    """

    seq: str | int | None
    kind: str | None
    from_: datetime
    to: datetime | None
    recorded_late: bool
    round: int


def suspensions(
    facts: Facts, as_of: datetime | None, calendar: WorkingCalendar
) -> tuple[Suspension, ...]:
    """The special procedures that began by `as_of`, by their start.

    The k-th start of a `seq` goes with its k-th end, both in order of version; an end that
    happened after `as_of` is hidden.
    """
    found = [
        Suspension(
            seq=start.data.get("seq"),
            kind=code(start.data.get("kind")),
            from_=start.time,
            to=None if end is None else end.time,
            recorded_late=any(
                fact is not None and recorded_late(fact, calendar) for fact in (start, end)
            ),
            round=start.round,
        )
        for start, end in _pairs(facts)
        if as_of is None or start.time <= as_of
        for end in [None if end is None or (as_of is not None and end.time > as_of) else end]
    ]
    return tuple(sorted(found, key=lambda suspension: suspension.from_))


def _pairs(facts: Facts) -> Iterator[tuple[Fact, Fact | None]]:
    ends: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.known:
        if fact.type == "clock.resumed":
            ends[_key(fact.data.get("seq"))].append(fact)
    begun: dict[str, int] = defaultdict(int)
    for fact in facts.known:
        if fact.type == "clock.suspended":
            key = _key(fact.data.get("seq"))
            yield fact, (ends[key][begun[key]] if begun[key] < len(ends[key]) else None)
            begun[key] += 1


def _key(seq: Any) -> str:
    """One source writes 1 where its other table writes "1"."""
    return str(seq)


def recorded_late(fact: Fact, calendar: WorkingCalendar) -> bool:
    """Whether the ledger wrote it more than one working day after it happened, that is after the
    first working day (Asia/Shanghai) after its date. Never for imported logs."""
    if fact.imported:
        return False
    happened = fact.time.astimezone(SHANGHAI).date()
    written = fact.reading.event.recordedat.astimezone(SHANGHAI).date()
    return written > calendar.add(happened, 1)
