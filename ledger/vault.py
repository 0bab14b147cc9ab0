"""Keys of sealed values: one a person, organisation or case, wrapped in the table ledger.vault.

A key is durable before it is kept in memory and before an event that it seals is stored: one that
was in memory only when the server was killed would go on to seal what nobody can open. To spare a
look-up, a key for an owner who is not in the cache is drafted at once; if the vault turns out to
hold one, what was sealed with the draft is sealed again.
"""

from __future__ import annotations

import os
import threading
from binascii import hexlify, unhexlify
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, NamedTuple

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg_pool import ConnectionPool

from domain.errors import PartUnavailable
from ledger.keys import KEY_BYTES, LedgerKeys
from ledger.statements import statement

NONCE_BYTES: Final = 12
_CACHE_SIZE: Final = 50_000


Owner = str
"""Whose data a key seals: the vault's class, a colon, a keyed pseudonym or the case's number."""


class SealingKey(NamedTuple):
    """A key ready for use: its public name and its cipher."""

    key_id: bytes
    cipher: AESGCM


class Vault:
    """Finds and makes keys; safe to use from several threads. Keeps the last 50,000 in memory."""

    def __init__(self, pool: ConnectionPool[Connection[DictRow]], keys: LedgerKeys) -> None:
        self._pool = pool
        self._wrapping = AESGCM(keys.wrapping)
        self._cache: OrderedDict[str, SealingKey] = OrderedDict()
        self._lock = threading.Lock()

    def cached(self, owner: Owner) -> SealingKey | None:
        """The owner's key if it was used lately."""
        return self._cache.get(owner)

    def settle(self, drafts: Mapping[Owner, DraftKey]) -> set[Owner]:
        """Store drafted keys; the owners whose draft lost, because they had a key already.

        When this returns the keys are durable and every owner's living key is in the cache. Raises
        PartUnavailable when the database is away, its disk is full or the master key does not fit.
        """
        try:
            with self._pool.connection() as connection:
                all_kept = self._add(connection, drafts)
                living = {owner: draft.key for owner, draft in drafts.items()}
                if not all_kept:
                    rows = connection.execute(statement("find_keys"), {"owners": list(drafts)})
                    living.update({row["owner"]: self._unwrapped(row) for row in rows})
        except psycopg.OperationalError as error:
            raise _unavailable(error) from error
        with self._lock:
            self._cache.update(living)
            while len(self._cache) > _CACHE_SIZE:
                self._cache.popitem(last=False)
        if all_kept:
            return set()
        return {
            owner for owner, draft in drafts.items() if living[owner].key_id != draft.key.key_id
        }

    def _add(self, connection: Connection[DictRow], drafts: Mapping[Owner, DraftKey]) -> bool:
        """Whether every draft was kept."""
        # In one order for all writers: two that share owners would else wait for each other.
        owners = sorted(drafts)
        ordered = [drafts[owner] for owner in owners]
        with connection.transaction():
            cursor = connection.execute(
                statement("add_keys"),
                {
                    "owners": "\n".join(owners),
                    "names": unhexlify(b"".join([draft.key.key_id for draft in ordered])),
                    "wrapped": b"".join([self._wrapped(draft) for draft in ordered]),
                },
            )
        return cursor.rowcount == len(owners)

    def _wrapped(self, draft: DraftKey) -> bytes:
        return draft.nonce + self._wrapping.encrypt(draft.nonce, draft.secret, draft.key.key_id)

    def cipher_of(self, key_id: str) -> AESGCM | None:
        """The cipher of a key by its name; None when the key is erased or was never there. Raises
        PartUnavailable when the database is away or the master key does not fit."""
        try:
            with self._pool.connection() as connection:
                row = connection.execute(statement("find_key"), {"key_id": key_id}).fetchone()
        except psycopg.OperationalError as error:
            raise _unavailable(error) from error
        if row is None or row["wrapped"] is None:
            return None
        return self._unwrapped({"key_id": key_id, "wrapped": row["wrapped"]}).cipher

    def _unwrapped(self, row: DictRow) -> SealingKey:
        wrapped, key_id = bytes(row["wrapped"]), row["key_id"].encode()
        try:
            key = self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id)
        except InvalidTag as error:
            raise PartUnavailable(
                "vault",
                f"key {row['key_id']} does not open with this master key; give the right one",
            ) from error
        return SealingKey(key_id, AESGCM(key))


def _unavailable(error: psycopg.OperationalError) -> PartUnavailable:
    if isinstance(error, psycopg.errors.DiskFull):
        return PartUnavailable("disk of the database", "it is full; make room and try again")
    return PartUnavailable("database", f"{str(error).strip()}; try again when it is back")


class DraftKey(NamedTuple):
    """A fresh key that is not in the vault yet."""

    key: SealingKey
    secret: bytes
    nonce: bytes

    @classmethod
    def drawn(cls) -> DraftKey:
        """A random key with a random name."""
        random = os.urandom(KEY_BYTES + 2 * NONCE_BYTES)
        secret, nonce = random[:KEY_BYTES], random[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
        key_id = hexlify(random[KEY_BYTES + NONCE_BYTES :])
        return cls(SealingKey(key_id, AESGCM(secret)), secret, nonce)
