"""An XES time as the ledger takes it: RFC 3339 with an offset, at most microseconds."""

from __future__ import annotations

import re

from domain.recorded import instant
from replay.xes.fault import Refused

_SHAPE = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_DIGITS = 6


def rfc3339(text: str) -> str:
    """The time as the log has it, without white space around it.

    Zeros after the sixth digit of a second are left out, for they say nothing; other digits there
    are refused rather than cut. Raises Refused.
    """
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        raise Refused("a time such as 2026-03-02T09:30:00+08:00", repr(text[:60]))
    second, fraction, offset = shape.groups()
    if offset is None:
        raise Refused("a time with an offset such as +08:00 or Z", f"none in {text!r}")
    if fraction is not None and fraction[_DIGITS:].strip("0"):
        raise Refused(f"at most {_DIGITS} digits of a second", f"{len(fraction)} in {text[:60]!r}")
    time = second + (f".{fraction[:_DIGITS]}" if fraction else "") + offset
    try:
        instant(time)
    except ValueError as error:
        raise Refused("a time that exists, in the years 1900 to 2100", repr(text[:60])) from error
    return time
