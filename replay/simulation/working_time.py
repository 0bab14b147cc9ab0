"""Office time as one running count of seconds, so that work goes on where it was left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from domain.calendar import WorkingCalendar
from replay.simulation.instants import DAY, HOUR

MORNING: Final = (8 * HOUR + 1800, 12 * HOUR)
AFTERNOON: Final = (14 * HOUR, 17 * HOUR + 1800)
_FORENOON: Final = MORNING[1] - MORNING[0]
OFFICE_DAY: Final = _FORENOON + AFTERNOON[1] - AFTERNOON[0]
"""Seconds of office time of a working day: 08:30 to 12:00 and 14:00 to 17:30."""


class WorkingTime:
    """The legal working days around a year, from two years before it to three years after.

    Office time counts `OFFICE_DAY` seconds for each working day; between closing and opening it
    stands still.
    """

    def __init__(self, year: int) -> None:
        calendar = WorkingCalendar()
        first, last = date(year - 2, 1, 1), date(year + 3, 12, 31)
        self._first = first.toordinal()
        before = calendar.number(first - timedelta(days=1))
        self._numbers = [
            calendar.number(date.fromordinal(day)) - before
            for day in range(self._first, last.toordinal() + 1)
        ]
        numbers = [0, *self._numbers]
        self._days = [
            self._first + place
            for place, number in enumerate(self._numbers)
            if number > numbers[place]
        ]
        self._working = frozenset(self._days)

    def is_working(self, day: int) -> bool:
        """Whether the day of that ordinal is a legal working day."""
        return day in self._working

    def is_ordinary_saturday(self, day: int) -> bool:
        """Whether the day is a Saturday off that belongs to no holiday."""
        return (
            date.fromordinal(day).weekday() == 5
            and day not in self._working
            and day - 1 in self._working
            and day + 2 in self._working
        )

    def number(self, day: int) -> int:
        """How many working days there are up to and including the day, from an arbitrary start."""
        return self._numbers[day - self._first]

    def after(self, day: int, workdays: int) -> int:
        """The `workdays`-th working day after the day; of 0 the day itself or the next one."""
        if workdays == 0:
            return day if day in self._working else self._days[self.number(day)]
        return self._days[self.number(day) + workdays - 1]

    def before(self, day: int) -> int:
        """The last working day before the day."""
        return self._days[self.number(day - 1) - 1]

    def office(self, second: int) -> int:
        """The office time that has passed at that instant."""
        day, clock = divmod(second, DAY)
        passed = self._numbers[day - self._first] * OFFICE_DAY
        if day not in self._working:
            return passed
        if clock <= MORNING[0]:
            return passed - OFFICE_DAY
        if clock < MORNING[1]:
            return passed - OFFICE_DAY + clock - MORNING[0]
        if clock <= AFTERNOON[0]:
            return passed - OFFICE_DAY + _FORENOON
        if clock < AFTERNOON[1]:
            return passed - OFFICE_DAY + _FORENOON + clock - AFTERNOON[0]
        return passed

    def instant(self, office: int) -> int:
        """The instant at which that much office time has passed; of two, the later one."""
        number, rest = divmod(office, OFFICE_DAY)
        clock = MORNING[0] + rest if rest < _FORENOON else AFTERNOON[0] + rest - _FORENOON
        return self._days[number] * DAY + clock

    def close_of(self, day: int) -> int:
        """The office time that has passed at the end of the day."""
        return self._numbers[day - self._first] * OFFICE_DAY
