"""The legal working days of mainland China: the national calendar, weekends beyond its years."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from importlib.metadata import version
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone whose civil dates count, whatever the offset of an event."""


class WorkingCalendar:
    """Which dates are legal working days, and how many lie between two of them.

    In the years that the yearly notices of the State Council cover (as kept by the package
    chinese_calendar) holidays are off and make-up weekends are worked; in other years every day
    from Monday to Friday is worked. `version` names the package's version and its years, and
    changes whenever an answer may change.
    """

    version: str

    def __init__(self) -> None:
        years = {day.year for day in chinese_calendar.holidays}
        self._first, self._last = min(years), max(years)
        self.version = f"chinese_calendar {version('chinesecalendar')} {self._first}-{self._last}"
        holidays = (day for day in chinese_calendar.holidays if day.weekday() < 5)
        make_up = (day for day in chinese_calendar.workdays if day.weekday() >= 5)
        exceptions = sorted(
            [(day.toordinal(), -1) for day in holidays] + [(day.toordinal(), 1) for day in make_up]
        )
        self._exceptions = [ordinal for ordinal, _ in exceptions]
        self._shifts = [0, *accumulate(step for _, step in exceptions)]

    def covers(self, day: date) -> bool:
        """Whether a published notice, and not the rule of weekends alone, decides about `day`."""
        return bool(self._first <= day.year <= self._last)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a legal working day."""
        return self.number(day) > self.number(day - timedelta(days=1))

    def number(self, day: date) -> int:
        """The running number of working days up to and including `day`.

        Only differences of two numbers mean anything; they are the same in every version that
        agrees about the days between.
        """
        weeks, rest = divmod(day.toordinal(), 7)
        ordinary = weeks * 5 + min(rest, 5)
        return ordinary + self._shifts[bisect_right(self._exceptions, day.toordinal())]

    def between(self, start: date, end: date) -> int:
        """The number of working days of (start, end]; 0 where `end` is not after `start`."""
        return max(0, self.number(end) - self.number(start))

    def add(self, day: date, workdays: int) -> date:
        """The `workdays`-th working day after `day`, which itself is not counted.

        0 gives `day` where it is a working day, else the next one. Raises ValueError below 0.
        """
        if workdays < 0:
            raise ValueError(f"expected workdays of 0 or more, found {workdays}")
        if workdays == 0 and self.is_working(day):
            return day
        wanted = self.number(day) + max(workdays, 1)
        low, high = day.toordinal() + 1, day.toordinal() + 2 * max(workdays, 1) + 40
        while low < high:
            middle = (low + high) // 2
            if self.number(date.fromordinal(middle)) < wanted:
                low = middle + 1
            else:
                high = middle
        return date.fromordinal(low)
