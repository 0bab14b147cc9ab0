"""The bytes of a stored event: canonical JSON into which the ledger's attributes are put.

`position`, `recordedat` and `version` are known only inside the lock, so an event waits as a
template with three gaps at the places where RFC 8785 sorts them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import orjson

from ledger.canonical import canonical

MAX_BYTES: Final = 65_535
"""A stored event has at most so many bytes (the length field of a C2SP entry bundle is 16 bits)."""

MAX_RECEIVED: Final = 1 << 20
"""A received event has at most so many bytes: with every character escaped and much white space,
it can still be stored; a longer one cannot."""

_STANDARD = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
)


Template = tuple[bytes, bytes, bytes, bytes]
"""What stands before, between and after position, recordedat and version."""


def filled(template: Template, position: int, recordedat: bytes, version: int) -> bytes:
    """The stored bytes; `recordedat` as `record_time` writes it."""
    head, middle, neck, tail = template
    return b"%b%d%b%b%b%d%b" % (head, position, middle, recordedat, neck, version, tail)


class Envelope:
    """An event's attributes other than `data`, written once for both of its texts: the event as
    received, and the template of the stored event."""

    __slots__ = ("_attributes", "_event", "_gap")

    def __init__(self, event: dict[str, Any]) -> None:
        self._event = event
        self._gap = 0
        if event.keys() <= _STANDARD:
            others = event.copy()
            del others["data"]
            self._attributes = orjson.dumps(others, option=orjson.OPT_SORT_KEYS)
            # No JSON string holds these bytes: its quotation marks would be escaped.
            self._gap = self._attributes.index(b',"source":')

    def whole(self, body: bytes) -> bytes:
        """The canonical bytes of the event as it stands; `body` are those of its `data`."""
        if self._gap:
            return b'{"data":%b,%b' % (body, self._attributes[1:])
        return canonical(self._event)

    def template(self, body: bytes, schemaversion: int) -> Template:
        """The template of the stored event; `body` are the canonical bytes of its sealed `data`."""
        gap = self._gap
        if gap:
            attributes = self._attributes
            return (
                b'{"data":%b,%b,"position":' % (body, attributes[1:gap]),
                b',"recordedat":"',
                b'","schemaversion":%d%b,"version":' % (schemaversion, attributes[gap:-1]),
                b"}",
            )
        return _extended(self._event, body, schemaversion)


def _extended(event: dict[str, Any], body: bytes, schemaversion: int) -> Template:
    """The template of an event with extension attributes, which may sort anywhere."""
    gaps = {"position": b"", "recordedat": b'"', "version": b""}
    pieces: list[bytes] = [b"{"]
    for key in sorted(event.keys() | gaps.keys() | {"schemaversion"}):
        separator = b"" if pieces == [b"{"] else b","
        if key in gaps:
            pieces[-1] += b'%b"%b":%b' % (separator, key.encode(), gaps[key])
            pieces.append(gaps[key])
        elif key == "schemaversion":
            pieces[-1] += b'%b"schemaversion":%d' % (separator, schemaversion)
        else:
            value = body if key == "data" else canonical(event[key])
            pieces[-1] += b"%b%b:%b" % (separator, canonical(key), value)
    head, middle, neck, tail = pieces
    return head, middle, neck, tail + b"}"


def record_time(moment: datetime) -> str:
    """`2026-03-02T01:30:00.123456Z`: UTC, always six digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
