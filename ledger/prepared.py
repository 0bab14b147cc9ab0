"""What preparation makes of received events: rows without what the lock gives, or refusals."""

from __future__ import annotations

from typing import NamedTuple

from domain.errors import Fault
from ledger.stored_bytes import Template


class Prepared(NamedTuple):
    """An event ready to be stored.

    `place` is its index in what the caller sent; `subject_field` and `key_fields` are ready columns
    of a binary COPY row; `delivered` is the record time that a simulated ledger takes from it.
    """

    place: int
    id: str
    source: str
    subject: str
    time: str
    identity: bytes
    content: bytes
    template: Template
    subject_field: bytes
    key_fields: bytes
    delivered: str | None
    warnings: tuple[str, ...]


class Refusal(NamedTuple):
    """An event that is not taken, and why; `content` is the keyed hash of what was received."""

    place: int
    id: str | None
    source: str | None
    content: bytes
    faults: tuple[Fault, ...]
