"""The calendar of working days as a table, so that a deadline is a join."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import pyarrow as pa

from domain.calendar import WorkingCalendar

FIRST = date(1899, 12, 31)
LAST = date(2101, 1, 31)
"""Dates in Asia/Shanghai that an event of the years 1900 to 2100 may have, and its limits."""


@lru_cache(maxsize=1)
def workdays(calendar: WorkingCalendar) -> pa.Table:
    """The rows of the table `calendar`, one a date from FIRST to LAST."""
    beyond = LAST + timedelta(days=60)
    days = [FIRST + timedelta(days=n) for n in range((beyond - FIRST).days)]
    numbers = [calendar.number(day) for day in days]
    start = numbers[0]
    working = [after > before for before, after in pairwise(numbers)]
    worked = [day for day, works in zip(days[1:], working, strict=True) if works]
    rows = (LAST - FIRST).days + 1
    return pa.table(
        {
            "day": days[:rows],
            "working": [calendar.is_working(FIRST), *working[: rows - 1]],
            "number": pa.array(numbers[:rows], pa.int32()),
            "next_working": [worked[number - start] for number in numbers[:rows]],
            "later_15": [worked[number - start + 14] for number in numbers[:rows]],
        }
    )
