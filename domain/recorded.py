"""A stored event as every reader sees it: what the source said and what the ledger added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.errors import UndecodableEvent

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def instant(text: str) -> datetime:
    """The instant that an RFC 3339 text with an offset names, aware, with that offset.

    At most six digits of a second, years 1900 to 2100 as written. Raises ValueError.
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"expected an RFC 3339 time with an offset, found {text!r}")
    moment = datetime.fromisoformat(text.upper())
    if not 1900 <= moment.year <= 2100:
        raise ValueError(f"expected a year from 1900 to 2100, found {moment.year}")
    return moment


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One stored event. `attributes` is the whole of it; `data` is its data, sealed values sealed.

    `time` is aware and keeps the offset that the source sent; `recordedat` is aware, in UTC.
    """

    position: int
    version: int
    type: str
    source: str
    id: str
    subject: str
    time: datetime
    recordedat: datetime
    schemaversion: int
    data: Mapping[str, Any]
    attributes: Mapping[str, Any]

    @classmethod
    def from_json(cls, event: Mapping[str, Any]) -> RecordedEvent:
        """The stored event read from its parsed JSON; raises UndecodableEvent naming the fault."""
        position = event.get("position")
        if not _is_count(position):
            raise UndecodableEvent(None, f"position {position!r}")
        for name in ("version", "schemaversion"):
            if not _is_count(event.get(name)):
                raise UndecodableEvent(position, f"{name} {event.get(name)!r}")
        for name in ("type", "source", "id", "subject", "time", "recordedat"):
            if not isinstance(event.get(name), str):
                raise UndecodableEvent(position, f"no text in {name}")
        data = event.get("data", {})
        if not isinstance(data, Mapping):
            raise UndecodableEvent(position, "data that is not an object")
        try:
            time, recordedat = instant(event["time"]), instant(event["recordedat"])
        except ValueError as error:
            raise UndecodableEvent(position, str(error)) from error
        return cls(
            position=event["position"],
            version=event["version"],
            type=event["type"],
            source=event["source"],
            id=event["id"],
            subject=event["subject"],
            time=time,
            recordedat=recordedat.astimezone(UTC),
            schemaversion=event["schemaversion"],
            data=data,
            attributes=event,
        )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
