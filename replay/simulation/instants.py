"""Instants as whole seconds of Shanghai's civil time, and how they are written.

A second is counted from the day of ordinal 0, as `datetime.date.toordinal` counts days; Shanghai
has had no summer time since 1991. Deliveries are in microseconds of the same count.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

DAY: Final = 86_400
HOUR: Final = 3_600
MINUTE: Final = 60
MICROSECONDS: Final = 1_000_000

_AHEAD_OF_UTC: Final = 8 * HOUR


_TWO: Final = tuple(f"{number:02d}" for number in range(60))
_MINUTES: Final = tuple(f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60))


@lru_cache(maxsize=4096)
def day_text(day: int) -> str:
    """The day of that ordinal as `2025-03-02`."""
    return date.fromordinal(day).isoformat()


def stamp(second: int) -> str:
    """The second as `2025-03-02T09:30:00+08:00`."""
    day, rest = divmod(second, DAY)
    return f"{day_text(day)}T{_MINUTES[rest // MINUTE]}:{_TWO[rest % MINUTE]}+08:00"


def utc_stamp(microsecond: int) -> str:
    """The microsecond in UTC as `2025-03-02T01:30:00.123456Z`."""
    second, fraction = divmod(microsecond, MICROSECONDS)
    day, rest = divmod(second - _AHEAD_OF_UTC, DAY)
    clock = f"{_MINUTES[rest // MINUTE]}:{_TWO[rest % MINUTE]}"
    return f"{day_text(day)}T{clock}.{fraction:06d}Z"
