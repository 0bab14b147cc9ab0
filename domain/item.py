"""ServiceItem (事项): the catalogue entry that cases are about, with all its versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.calendar import SHANGHAI
from domain.corrections import as_corrected
from domain.recorded import RecordedEvent, instant
from domain.stream import continued

PUBLISHED = "item.published"


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """What one publication says. `version` is its place in the item's stream, `published` its
    time, `effective_from` the civil date in Asia/Shanghai from which it is in force (where none
    is given: the date of its time)."""

    version: int
    published: datetime
    effective_from: date
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """A catalogue entry as its events tell it, in order of version."""

    code: str
    events: tuple[RecordedEvent, ...] = ()

    def versions(self) -> tuple[ItemVersion, ...]:
        """Every version published, corrections applied and retracted ones left out."""
        return tuple(
            ItemVersion(
                version=reading.event.version,
                published=reading.time,
                effective_from=_effective(reading.data.get("effective_from"), reading.time),
                data=reading.data,
            )
            for reading in as_corrected(self.events)
            if reading.event.type == PUBLISHED and not reading.retracted
        )

    def version(self, number: int) -> ItemVersion | None:
        """The version with this number in the item's stream."""
        return next((v for v in self.versions() if v.version == number), None)

    def in_force(self, on: date) -> ItemVersion | None:
        """The version in force on a civil date in Asia/Shanghai.

        That with the greatest effective date on or before it (of equal ones the later version);
        before all of them the first published; None if nothing is published.
        """
        versions = self.versions()
        if not versions:
            return None
        begun = [v for v in versions if v.effective_from <= on]
        if not begun:
            return versions[0]
        return max(begun, key=lambda v: (v.effective_from, v.version))


def evolve(item: ServiceItem, event: RecordedEvent) -> ServiceItem:
    """The item with one more event; raises StoredEventError if it does not follow."""
    return ServiceItem(item.code, continued(item.code, item.events, (event,)))


def fold(code: str, events: Iterable[RecordedEvent]) -> ServiceItem:
    """The item that these events make, given in order of version."""
    return ServiceItem(code, continued(code, (), events))


def _effective(sent: Any, published: datetime) -> date:
    """The civil date that a source means: of an instant its date in Asia/Shanghai."""
    default = published.astimezone(SHANGHAI).date()
    if not isinstance(sent, str):
        return default
    try:
        if len(sent) == len("YYYY-MM-DD"):
            return date.fromisoformat(sent)
        return instant(sent).astimezone(SHANGHAI).date()
    except ValueError:  # a correction's patch is not bound to the shape of the type
        return default
