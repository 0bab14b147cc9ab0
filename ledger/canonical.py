"""Canonical JSON (RFC 8785), fast for what events usually hold and exact for the rest.

orjson with sorted keys writes the same bytes as RFC 8785 except for floats (another number format)
and for keys outside the Basic Multilingual Plane (another order); those go to the package
`rfc8785`.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
import rfc8785

SAFE_INTEGER: Final = 2**53 - 1
"""The largest integer that RFC 8785 (and every IEEE double) holds exactly."""

_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical(value: Any, *, has_float: bool = True) -> bytes:
    """The RFC 8785 bytes of a JSON value.

    `has_float=False` is the caller's word that no float is in it. Raises TypeError (orjson) or
    rfc8785.CanonicalizationError for integers beyond ±(2^53 - 1), NaN, infinities, lone surrogates.
    """
    if has_float:
        return rfc8785.dumps(value)
    data = orjson.dumps(value, option=_SORTED)
    return rfc8785.dumps(value) if not data.isascii() and _is_astral(data) else data


def sealed_canonical(value: Any, *, has_float: bool) -> bytes:
    """Likewise for a value in which sealed objects stand as orjson.Fragment."""
    data = orjson.dumps(value, option=_SORTED)
    if has_float or (not data.isascii() and _is_astral(data)):
        return rfc8785.dumps(orjson.loads(data))
    return data


def _is_astral(data: bytes) -> bool:
    """Whether UTF-8 text holds a character beyond U+FFFF: those alone begin with 0xF0 to 0xF4."""
    return (
        b"\xf0" in data or b"\xf1" in data or b"\xf2" in data or b"\xf3" in data or b"\xf4" in data
    )
