"""Events of a simulated year for an ordinary ledger."""

from __future__ import annotations

import json
from typing import Any

import orjson


def without_delivery(line: bytes) -> bytes:
    """The event without its attribute `deliveredat`, the clock of a simulated ledger.

    A text that is no event, or has a key twice, stays as it is: the ledger refuses it with the
    reason.
    """
    if b"deliveredat" not in line:
        return line
    try:
        event = orjson.loads(line)
        json.loads(line, object_pairs_hook=_pairs)
    except (orjson.JSONDecodeError, ValueError, RecursionError):
        return line
    if not isinstance(event, dict) or "deliveredat" not in event:
        return line
    del event["deliveredat"]
    return orjson.dumps(event)


class _Repeated(ValueError):
    pass


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(found)
    if len(known) < len(found):
        raise _Repeated
    return known
