"""Case (办件): one matter of one applicant, folded from its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from domain.calendar import WorkingCalendar
from domain.case_facts import ACCEPTED, CLOSED, DECIDED, RECEIVED, Fact, Facts, code, facts, member
from domain.case_state import CaseState, Rating
from domain.case_status import status
from domain.case_warnings import warnings
from domain.errors import CaseNotFound
from domain.holding import held, holder
from domain.recorded import RecordedEvent
from domain.stream import continued
from domain.suspensions import suspensions


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is known: its events in order of version, from 1 on without a hole."""

    number: str
    events: tuple[RecordedEvent, ...] = ()


def evolve(case: Case, event: RecordedEvent) -> Case:
    """The case with one more event; raises StoredEventError if it does not follow."""
    return Case(case.number, continued(case.number, case.events, (event,)))


def fold(number: str, events: Iterable[RecordedEvent]) -> Case:
    """The case that these events make, given in order of version.

    Raises StoredEventError for an event of another subject and for a version that is not the next.
    """
    return Case(number, continued(number, (), events))


def state(
    case: Case,
    *,
    at: datetime,
    as_of: datetime | None = None,
    calendar: WorkingCalendar | None = None,
) -> CaseState:
    """The state of the case at the instant `at`, from what happened by `as_of` (None: from all).

    Both are aware. Corrections and retractions apply whenever they were made, as long as they are
    among the case's events: what is known is what `case` holds. Raises CaseNotFound for a case
    without events. `calendar` counts working days; by default the national one.
    """
    if not case.events:
        raise CaseNotFound(case.number, at.isoformat())
    calendar = calendar or _national()
    known = facts(case.events, as_of)
    received = known.in_effect(RECEIVED)
    decided = known.in_effect(DECIDED, round=known.round)
    closed = known.in_effect(CLOSED, round=known.round)
    stopped = suspensions(known, as_of, calendar)
    last = case.events[-1]
    return CaseState(
        case=case.number,
        item=_item(received),
        kind=None if received is None else code(received.data.get("kind")),
        status=status(known, stopped),
        holder=holder(known),
        version=last.version,
        position=last.position,
        at=at,
        received=_time(received),
        accepted_reported=_time(known.in_effect(ACCEPTED)),
        decided=_time(decided),
        delivered=_time(known.in_effect("result.delivered")),
        closed=_time(closed),
        result=None if closed is None else code(closed.data.get("result")),
        suspensions=stopped,
        warnings=warnings(known, at),
        record_corrections=sum(fact.type == "record.corrected" for fact in known.known),
        supplement_rounds=sum(fact.type == "correction.requested" for fact in known.visible),
        held=held(known, at, calendar),
        ratings=_ratings(known),
    )


@cache
def _national() -> WorkingCalendar:
    return WorkingCalendar()


def _time(fact: Fact | None) -> datetime | None:
    return None if fact is None else fact.time


def _item(received: Fact | None) -> dict[str, Any] | None:
    item = None if received is None else received.data.get("item")
    if item is None:
        return None
    return {"code": member(item, "code"), "version": member(item, "version")}


def _ratings(facts: Facts) -> tuple[Rating, ...]:
    rectified = {
        (member(fact.data, "ref", "source"), member(fact.data, "ref", "id")): fact
        for fact in facts.visible
        if fact.type == "rating.rectified"
    }
    return tuple(
        Rating(
            level=code(fact.data.get("level")),
            channel=code(fact.data.get("channel")),
            round=code(fact.data.get("round")),
            time=fact.time,
            rectified=None if answer is None else code(answer.data.get("outcome")),
        )
        for fact in facts.visible
        if fact.type == "rating.submitted"
        for answer in [rectified.get((fact.reading.event.source, fact.reading.event.id))]
    )
