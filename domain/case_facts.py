"""What is in effect in a case: corrections applied, hidden and ineffective events left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.corrections import CorrectedEvent, as_corrected
from domain.recorded import RecordedEvent

REOPENED: Final = "case.reopened"
RECEIVED: Final = "case.received"
ACCEPTED: Final = "case.accepted"
DECIDED: Final = "decision.made"
CLOSED: Final = "case.closed"

ONCE: Final = frozenset({RECEIVED, ACCEPTED, DECIDED, CLOSED})
"""Takes effect once: the lowest version counts. After a reopening the next acceptance, decision
and closing take effect anew; the receipt never does."""

ENDS: Final = frozenset({CLOSED, "case.declined", "case.withdrawn", "case.voided"})
"""What ends a case."""

BESIDE_PROCEDURE: Final = frozenset(
    {
        "warning", "supervision", "rating", "complaint", "inquiry", "fee", "record", "access",
        "finding", "contact", "responsibility", "authority", "person", "hold", "ticket", "window",
    }
)  # fmt: skip
"""Families of types that are about a case and no part of its procedure."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event in effect, as corrected. `round` is the number of reopenings recorded before it."""

    reading: CorrectedEvent
    round: int

    @property
    def type(self) -> str:
        """The event's type."""
        return self.reading.event.type

    @property
    def time(self) -> datetime:
        """When it happened, as corrected; aware."""
        return self.reading.time

    @property
    def version(self) -> int:
        """Its place in the case."""
        return self.reading.event.version

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says, as corrected; a correction may have given a field any JSON type."""
        return self.reading.data

    @property
    def imported(self) -> bool:
        """Whether it comes from an imported event log."""
        return self.reading.event.source.startswith("/import/")

    @property
    def in_procedure(self) -> bool:
        """Whether it is an event of procedure; of an imported log every event is."""
        return self.imported or self.type.partition(".")[0] not in BESIDE_PROCEDURE


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one case. `known` are all that are not retracted, in order of version;
    `visible` those in effect that happened by the fact date asked for, in the order of the case:
    by fact time, then by version."""

    known: tuple[Fact, ...]
    visible: tuple[Fact, ...]

    @property
    def round(self) -> int:
        """How often the case has visibly been reopened, counted in the order of recording."""
        reopenings = [fact.round + 1 for fact in self.visible if fact.type == REOPENED]
        return max(reopenings, default=0)

    def in_effect(self, type_name: str, *, round: int | None = None) -> Fact | None:
        """The visible fact of a type: the latest round's up to `round` or only that of `round`;
        within a round that of the lowest version."""
        found = [f for f in self.visible if f.type == type_name and f.round <= self.round]
        if round is not None:
            found = [fact for fact in found if fact.round == round]
        return min(found, key=lambda fact: (-fact.round, fact.version), default=None)


def facts(events: Iterable[RecordedEvent], as_of: datetime | None) -> Facts:
    """The facts of a case's events, of those that happened by `as_of` (inclusive; None: of all).

    Which event takes effect is settled among all events given; `as_of` hides afterwards. So a
    second acceptance does not show because the first is dated later.
    """
    known: list[Fact] = []
    round = 0
    for reading in as_corrected(events):
        if reading.retracted:
            continue
        known.append(Fact(reading, round))
        if reading.event.type == REOPENED:
            round += 1
    taken: set[tuple[str, int]] = set()
    effective: list[Fact] = []
    for fact in known:
        if fact.type in ONCE:
            key = (fact.type, 0 if fact.type == RECEIVED else fact.round)
            if key in taken:
                continue
            taken.add(key)
        if as_of is None or fact.time <= as_of:
            effective.append(fact)
    effective.sort(key=lambda fact: (fact.time, fact.version))
    return Facts(tuple(known), tuple(effective))


def code(value: Any) -> Any:
    """The normalised value of a code, whether it stands plain or as a coded object."""
    return value.get("value") if isinstance(value, Mapping) else value


def member(value: Any, *path: str) -> Any:
    """What stands at `path` in an object of JSON; None where nothing does."""
    for step in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value
