"""A case at a point of knowledge, how it came there event by event, and what two points differ in.

`events` are the stored events of one subject, as the ledger gives them. An event whose subject
begins with `audit/` belongs to no case and never appears.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.calendar import SHANGHAI
from domain.case import fold, state
from domain.corrections import CORRECTED, RETRACTED, CorrectedEvent, as_corrected
from domain.errors import CaseNotFound
from domain.recorded import RecordedEvent
from replay.differences import differences
from replay.point import Point

_BOOKKEEPING = ("case", "version", "position", "at")


def case_state(
    events: Sequence[RecordedEvent], number: str, point: Point, clock: datetime
) -> dict[str, Any]:
    """The case's state at the point, judged at the instant asked for (`Point.at`).

    `clock` is the ledger's. Raises CaseNotFound when no event of the case is known at the point,
    StoredEventError for a case whose versions are not 1, 2, 3 … without a hole.
    """
    known = _known(events, number, point)
    if point.needs_recordedat:
        point = point.located(_recordedat(known, point.position))
    if not _visible(known, point):
        raise CaseNotFound(number, str(point))
    return _state(number, known, point.at(clock), point)


def history(events: Sequence[RecordedEvent], number: str, point: Point) -> dict[str, Any]:
    """{"case", "events"}: the stored events known at the point, in order of position.

    Each has `lag_seconds`, recordedat less the time as sent, and `changes`, the differences
    between the case's state just before and just after it was recorded, both judged when it was
    recorded (with as_of: at as_of); version, position and `at`, which always move, are left out.
    `as_of` hides events whose corrected time is later, never a correction or a retraction.
    Raises CaseNotFound when no event of the case is known at the point, StoredEventError for a case
    whose versions are not 1, 2, 3 … without a hole.
    """
    known = _known(events, number, point)
    visible = {reading.event.position for reading in _visible(known, point)}
    if not visible:
        raise CaseNotFound(number, str(point))
    told = []
    for count, event in enumerate(known, start=1):
        if event.position not in visible:
            continue
        at = point.as_of or event.recordedat
        after = _content(_state(number, known[:count], at, point))
        before = _content(_state(number, known[: count - 1], at, point)) if count > 1 else None
        told.append(
            {
                **event.attributes,
                "lag_seconds": (event.recordedat - event.time).total_seconds(),
                "changes": differences(_emptied(after) if before is None else before, after),
            }
        )
    return {"case": number, "events": told}


def diff(
    events: Sequence[RecordedEvent],
    number: str,
    from_point: Point,
    to_point: Point,
    clock: datetime,
) -> dict[str, Any]:
    """{"case", "from", "to", "changes"}: what differs between two points of knowledge.

    `from` and `to` give each point's bounds and its `at`. At a point at which the case is not known
    everything in it is empty. Raises CaseNotFound when it is known at neither.
    """
    before = _state_if_known(events, number, from_point, clock)
    after = _state_if_known(events, number, to_point, clock)
    if before is None and after is None:
        raise CaseNotFound(number, f"{from_point} or {to_point}")
    return {
        "case": number,
        "from": _described(from_point, before),
        "to": _described(to_point, after),
        "changes": differences(
            _emptied(after or {}) if before is None else before,
            _emptied(before or {}) if after is None else after,
        ),
    }


def _known(events: Iterable[RecordedEvent], number: str, point: Point) -> list[RecordedEvent]:
    if number.startswith("audit/"):
        return []
    of_case = [event for event in events if event.subject == number and point.knows(event)]
    return sorted(of_case, key=lambda event: event.position)


def _visible(known: Sequence[RecordedEvent], point: Point) -> list[CorrectedEvent]:
    """What as_of does not hide; nothing when it leaves only corrections and retractions."""
    shown = [
        reading
        for reading in as_corrected(known)
        if point.as_of is None
        or reading.time <= point.as_of
        or reading.event.type in (CORRECTED, RETRACTED)
    ]
    amended_only = all(reading.event.type in (CORRECTED, RETRACTED) for reading in shown)
    return [] if amended_only and len(shown) < len(known) else shown


def _state(
    number: str, known: Sequence[RecordedEvent], at: datetime, point: Point
) -> dict[str, Any]:
    return state(fold(number, known), at=at, as_of=point.as_of).as_json()


def _state_if_known(
    events: Sequence[RecordedEvent], number: str, point: Point, clock: datetime
) -> dict[str, Any] | None:
    try:
        return case_state(events, number, point, clock)
    except CaseNotFound:
        return None


def _recordedat(known: Sequence[RecordedEvent], position: int | None) -> datetime | None:
    return next((event.recordedat for event in known if event.position == position), None)


def _content(of_state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in of_state.items() if name not in _BOOKKEEPING}


def _emptied(of_state: Mapping[str, Any]) -> dict[str, Any]:
    """A state of the same fields before anything happened: null, zero, or nothing in it."""
    return {
        name: type(value)() if isinstance(value, dict | list | int) else None
        for name, value in of_state.items()
    }


def _described(point: Point, of_state: Mapping[str, Any] | None) -> dict[str, Any]:
    """The bounds given, and the instant at which the state was judged, null where unknown."""
    bounds: dict[str, Any] = {
        name: bound.astimezone(SHANGHAI).isoformat()
        for name, bound in (("as_of", point.as_of), ("known_at", point.known_at))
        if bound is not None
    }
    if point.position is not None:
        bounds["position"] = point.position
    return {**bounds, "at": None if of_state is None else of_state.get("at")}
