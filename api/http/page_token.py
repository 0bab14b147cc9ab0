"""Page tokens: where a search goes on. Opaque to clients, and of no use if altered."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

from domain.errors import WrongUse

_MAC_BYTES: Final = 16


def page_token(key: bytes, query: str, last: str) -> str:
    """The token of the page that comes after `last` in the answers to `query`."""
    text = last.encode()
    return base64.urlsafe_b64encode(_mac(key, query, text) + text).rstrip(b"=").decode()


def page_start(key: bytes, query: str, token: str) -> str:
    """What the page comes after. Raises WrongUse for a token that this ledger did not give for
    the same query."""
    wanted = "a token of the same search, as given in next"
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise WrongUse("page", wanted, "other text") from error
    mac, text = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, query, text)):
        raise WrongUse("page", wanted, "another one")
    return text.decode()


def _mac(key: bytes, query: str, text: bytes) -> bytes:
    named = hashlib.sha256(query.encode()).digest() + text
    return hmac.digest(key, named, "sha256")[:_MAC_BYTES]
