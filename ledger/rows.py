"""Rows of ledger.event in PostgreSQL's binary COPY format, and the head that they continue.

The format is documented at COPY, "Binary Format": a signature, per row the number of fields and
each field's length and bytes, a trailer of -1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from ledger.stored_bytes import record_time

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TRAILER: Final = struct.pack(">h", -1)
_FIELDS: Final = 7
_BLOCK_ROWS: Final = 1_000

_start = struct.Struct(">hiq").pack
_version = struct.Struct(">iq").pack
_length = struct.Struct(">i").pack


class Head(NamedTuple):
    """The last position (0 in an empty ledger) and its record time (empty in an empty ledger)."""

    position: int
    recordedat: str

    def next_record_time(self, now: datetime) -> str:
        """The greater of the clock and the last record time, as stored."""
        return max(record_time(now), self.recordedat)


def subject_field(subject: str) -> bytes:
    """The ready column `subject`."""
    encoded = subject.encode()
    return _length(len(encoded)) + encoded


def key_fields(type_name: str, identity: bytes, content: bytes) -> bytes:
    """The ready columns `type`, `identity` (16 bytes) and `content` (32 bytes)."""
    encoded = type_name.encode()
    return b"%b%b%b%b%b%b" % (
        _length(len(encoded)),
        encoded,
        _length(len(identity)),
        identity,
        _length(len(content)),
        content,
    )


def copy_row(position: int, subject: bytes, version: int, keys: bytes, stored: bytes) -> bytes:
    """One row, from ready columns and numbers."""
    return b"%b%b%b%b%b%b" % (
        _start(_FIELDS, 8, position),
        subject,
        _version(8, version),
        keys,
        _length(len(stored)),
        stored,
    )


def copy_blocks(rows: Iterable[bytes]) -> Iterator[bytes]:
    """What goes to the server, in blocks, so that it works while later rows are being made."""
    pending = [_HEADER]
    for row in rows:
        pending.append(row)
        if len(pending) >= _BLOCK_ROWS:
            yield b"".join(pending)
            pending.clear()
    pending.append(_TRAILER)
    yield b"".join(pending)
