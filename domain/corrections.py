"""How the events of one subject read once the corrections and retractions among them apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.recorded import RecordedEvent, instant

CORRECTED = "record.corrected"
RETRACTED = "record.retracted"


@dataclass(frozen=True, slots=True)
class CorrectedEvent:
    """A stored event with the time and data that hold after every correction known.

    `corrected` says that a correction in force names it, `retracted` that a retraction does.
    """

    event: RecordedEvent
    time: datetime
    data: Mapping[str, Any]
    corrected: bool
    retracted: bool


def as_corrected(events: Iterable[RecordedEvent]) -> list[CorrectedEvent]:
    """The events of one subject as they read now, in order of position.

    A correction names its target by `ref` {source, id}, else by `version`, wherever that stands:
    it may have been recorded before what it corrects. Corrections apply in order of position, so
    of one field the last holds. A correction and a retraction may themselves be corrected (also
    in what they name) and retracted: a retracted correction has no effect, a retracted retraction
    gives its target back. One that names nothing known, itself, or a circle of corrections has no
    effect. A patched time that is no RFC 3339 time with an offset leaves the time as it was.
    """
    ordered = sorted(events, key=lambda event: event.position)
    by_identity = {(event.source, event.id): event.position for event in ordered}
    by_version = {event.version: event.position for event in ordered}

    def target(data: Mapping[str, Any]) -> int | None:
        ref = data.get("ref")
        if isinstance(ref, Mapping):
            source, id = ref.get("source"), ref.get("id")
            if isinstance(source, str) and isinstance(id, str):
                return by_identity.get((source, id))
            return None
        version = data.get("version")
        return by_version.get(version) if type(version) is int else None

    amending = {e.position for e in ordered if e.type in (CORRECTED, RETRACTED)}
    targets = {e.position: target(e.data) for e in ordered if e.position in amending}
    # A correction may change what another one names, which changes who corrects whom: settled
    # once the targets assumed are the targets read. Each pass settles one more link of a chain,
    # so what still moves after as many passes as there are corrections goes round in a circle.
    for _ in range(len(targets) + 1):
        readings = _read(ordered, targets)
        found = {position: target(readings[position].data) for position in targets}
        if found == targets:
            return [readings[event.position] for event in ordered]
        moving = {position for position in targets if found[position] != targets[position]}
        targets = found
    readings = _read(ordered, {p: None if p in moving else t for p, t in targets.items()})
    return [readings[event.position] for event in ordered]


def _read(
    ordered: list[RecordedEvent], targets: Mapping[int, int | None]
) -> dict[int, CorrectedEvent]:
    """Every event's reading by position, when each correction amends the event in `targets`."""
    by_position = {event.position: event for event in ordered}
    waiting: dict[int, int] = defaultdict(int)
    for named in targets.values():
        if named is not None:
            waiting[named] += 1
    amendments: dict[int, list[CorrectedEvent]] = defaultdict(list)
    readings: dict[int, CorrectedEvent] = {}
    ready = [position for position in targets if not waiting[position]]
    while ready:
        position = ready.pop()
        reading = _amended(by_position[position], amendments[position])
        readings[position] = reading
        named = targets[position]
        if named is not None:
            if not reading.retracted:
                amendments[named].append(reading)
            waiting[named] -= 1
            if not waiting[named] and named in targets:
                ready.append(named)
    for event in ordered:
        if event.position not in readings:
            readings[event.position] = _amended(event, amendments[event.position])
    return readings


def _amended(event: RecordedEvent, amendments: list[CorrectedEvent]) -> CorrectedEvent:
    time, data, corrected, retracted = event.time, event.data, False, False
    for amendment in sorted(amendments, key=lambda reading: reading.event.position):
        if amendment.event.type == RETRACTED:
            retracted = True
            continue
        corrected = True
        patch = amendment.data.get("patch")
        if not isinstance(patch, Mapping):
            continue
        if isinstance(patch.get("time"), str):
            with suppress(ValueError):
                time = instant(patch["time"])
        if isinstance(patch.get("data"), Mapping):
            data = _merged(data, patch["data"])
    return CorrectedEvent(event, time, data, corrected, retracted)


def _merged(value: object, patch: Mapping[str, Any]) -> dict[str, Any]:
    """RFC 7396, where a sealed value is one value and never merged field by field."""
    result = dict(value) if isinstance(value, Mapping) and "sealed" not in value else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        elif isinstance(change, Mapping) and "sealed" not in change:
            result[name] = _merged(result.get(name), change)
        else:
            result[name] = change
    return result
