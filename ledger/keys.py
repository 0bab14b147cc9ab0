"""The ledger's master key and the keys derived from it.

The master key never enters the database. Whoever has it and the database can read sealed values;
whoever has the database alone cannot, nor test a guess of a person's id number against it.
"""

from __future__ import annotations

import base64
import binascii
import os
from binascii import hexlify
from hashlib import blake2b
from pathlib import Path
from typing import Final
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import PartUnavailable, WrongUse
from ledger.keyed_hash import KeyedHash

KEY_BYTES: Final = 32


class LedgerKeys:
    """Keys derived from one master key by HKDF-SHA-256, each for one purpose.

    `content_of` is the HMAC of an event's canonical bytes as received. `identity` keys the hash of
    (source, id), `wrapping` wraps the vault's keys, `letters` seals dead letters, `pages` signs
    page tokens, `check` tells whether a database belongs to the master key.
    """

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise WrongUse("master key", f"{KEY_BYTES} bytes", f"{len(master)} bytes")
        self.master: Final = master
        self.content_of: Final = KeyedHash(_derived(master, "content"))
        self.identity: Final = _derived(master, "identity")
        self.wrapping: Final = _derived(master, "wrapping")
        self.letters: Final = _derived(master, "letters")
        self.pages: Final = _derived(master, "pages")
        self.check: Final = _derived(master, "check").hex()[:32]
        self._pseudonym = KeyedHash(_derived(master, "pseudonym"))
        self._passwords = KeyedHash(_derived(master, "passwords"))

    def identity_of(self, source: str, event_id: str) -> bytes:
        """16 bytes that stand for (source, id) for ever: BLAKE2b, keyed."""
        return blake2b(f"{source}\0{event_id}".encode(), key=self.identity, digest_size=16).digest()

    def pseudonym_of(self, kind: str, text: str) -> bytes:
        """The `ref` digest, in hex: the first 16 bytes of HMAC-SHA-256 over kind and text."""
        return hexlify(self._pseudonym(f"{kind}\0{text}".encode())[:16])

    def password_of(self, role: str) -> str:
        """The password of a login role that this ledger made."""
        return self._passwords(role.encode()).hex()


def _derived(master: bytes, purpose: str) -> bytes:
    info = b"caseledger/v1/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master)


def master_key(file: Path, text: str | None = None) -> bytes:
    """The master key: `text` (64 hex digits, or base64 of 32 bytes) if given, else the file's.

    A missing file is made, readable by its owner only, and is durable when this returns. Raises
    WrongUse for a text that is no key, PartUnavailable for a file that is broken or open to others.
    """
    if text is not None:
        return _parsed(text, "CASELEDGER_MASTER_KEY")
    try:
        mode = file.stat().st_mode & 0o777
        if mode & 0o077:
            raise PartUnavailable(
                f"master key {file}",
                f"expected a file that only its owner can read, found mode {mode:o}; "
                f"run chmod 600 {file}",
            )
        return _read(file)
    except FileNotFoundError:
        return _made(file)


def _read(file: Path) -> bytes:
    try:
        return _parsed(file.read_text("ascii", "replace"), str(file))
    except WrongUse as error:
        raise PartUnavailable(
            f"master key {file}",
            f"expected {error.expected}, found {error.found}; bring it back from a backup",
        ) from error


def _parsed(text: str, where: str) -> bytes:
    stripped = text.strip()
    try:
        key = (
            bytes.fromhex(stripped)
            if len(stripped) == 2 * KEY_BYTES
            else base64.b64decode(stripped, validate=True)
        )
    except (ValueError, binascii.Error) as error:
        raise WrongUse(where, "64 hex digits or base64 of 32 bytes", "other text") from error
    if len(key) != KEY_BYTES:
        raise WrongUse(where, "64 hex digits or base64 of 32 bytes", f"{len(key)} bytes")
    return key


def _made(file: Path) -> bytes:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = os.urandom(KEY_BYTES)
    draft = file.with_name(f"{file.name}.{uuid4().hex}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(key.hex() + "\n")
            out.flush()
            os.fsync(out.fileno())
        # A hard link fails where another process was first: then its key is the key.
        os.link(draft, file)
    except FileExistsError:
        return _read(file)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key
