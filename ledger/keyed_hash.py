"""HMAC-SHA-256 under one key, many times over."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC


class KeyedHash:
    """HMAC-SHA-256 with the key's two blocks hashed once; safe to use from several threads."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, SHA256())

    def __call__(self, message: bytes) -> bytes:
        """The 32 bytes of HMAC-SHA-256 over the message."""
        copy = self._keyed.copy()
        copy.update(message)
        return copy.finalize()
