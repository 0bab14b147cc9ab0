"""What was refused is kept: one row per (source, id, content), sealed, with reasons and a count."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Cursor
from psycopg.rows import DictRow

from domain.errors import Fault
from ledger.keys import LedgerKeys
from ledger.receipt import Status
from ledger.statements import statement
from ledger.vault import NONCE_BYTES


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter to be kept. `content` is the keyed hash of what was received."""

    source: str | None
    id: str | None
    content: bytes
    status: Status
    faults: tuple[Fault, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A kept letter; `raw` are the bytes as received, opened."""

    letter: UUID
    source: str | None
    id: str | None
    status: Status
    faults: tuple[Fault, ...]
    raw: bytes
    count: int
    first_seen: datetime
    last_seen: datetime


class DeadLetters:
    """Seals and keeps letters inside the transaction that it is given, and reads them back."""

    def __init__(self, keys: LedgerKeys) -> None:
        self._keys = keys
        self._cipher = AESGCM(keys.letters)

    def put(self, cursor: Cursor[DictRow], refused: Iterable[Refused]) -> None:
        """The letters are part of the cursor's transaction; one sent again raises its count."""
        times: dict[UUID, int] = {}
        letters: dict[UUID, Refused] = {}
        for one in refused:
            letter = self._letter(one)
            letters[letter] = one
            times[letter] = times.get(letter, 0) + 1
        if not letters:
            return
        cursor.execute(
            statement("put_dead_letters"),
            {
                "letters": list(letters),
                "sources": [one.source for one in letters.values()],
                "ids": [one.id for one in letters.values()],
                "statuses": [one.status.value for one in letters.values()],
                "reasons": [_reasons(one.faults) for one in letters.values()],
                "sealed": [self._sealed(key, one.raw) for key, one in letters.items()],
                "sizes": [len(one.raw) for one in letters.values()],
                "times": list(times.values()),
                "seen": [datetime.now(UTC)] * len(letters),
            },
        )

    def read(self, cursor: Cursor[DictRow], limit: int) -> list[DeadLetter]:
        """At most `limit` letters, the latest first."""
        rows = cursor.execute(statement("list_dead_letters"), {"limit": limit}).fetchall()
        return [self._opened(row) for row in rows]

    def find(self, cursor: Cursor[DictRow], letter: UUID) -> DeadLetter | None:
        """The letter of that name; None when there is none."""
        row = cursor.execute(statement("find_dead_letter"), {"letter": letter}).fetchone()
        return None if row is None else self._opened(row)

    def _letter(self, one: Refused) -> UUID:
        named = f"{one.source}\0{one.id}\0{one.status.value}\0".encode() + one.content
        digest = hashlib.blake2b(named, key=self._keys.identity, digest_size=16).digest()
        return UUID(bytes=digest)

    def _sealed(self, letter: UUID, raw: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, raw, letter.bytes)

    def _opened(self, row: dict[str, Any]) -> DeadLetter:
        sealed, letter = bytes(row["sealed"]), row["letter"]
        return DeadLetter(
            letter,
            row["source"],
            row["id"],
            Status(row["status"]),
            tuple(Fault(**reason) for reason in row["reasons"]),
            self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], letter.bytes),
            row["count"],
            row["first_seen"],
            row["last_seen"],
        )


def _reasons(faults: tuple[Fault, ...]) -> str:
    return orjson.dumps(
        [{"path": one.path, "expected": one.expected, "found": one.found} for one in faults]
    ).decode()
