"""How many cases come on each day of the year, and at what time of the day.

Assumptions, in want of published figures: the weights below. They give peaks on Mondays, from
09:30 to 11:00, after holidays and at the ends of terms, the busiest day about three times the
mean, and a trickle of online applications on holidays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from replay.simulation.chance import Weighted
from replay.simulation.instants import HOUR
from replay.simulation.working_time import WorkingTime

CALLS_PER_CASE: Final = 0.41
"""Calls to the hotline for each case of the year."""

_WEEKDAYS: Final = (1.30, 1.08, 1.00, 0.98, 0.88, 0.80, 0.80)
_MONTHS: Final = (0.86, 0.84, 1.20, 1.10, 1.00, 1.06, 1.08, 1.04, 1.06, 0.96, 1.00, 0.90)
_SATURDAY, _SUNDAY, _HOLIDAY = 0.16, 0.10, 0.06
_AFTER_HOLIDAYS: Final = 1.35
_RUSHES: Final = frozenset(((3, 31), (6, 30), (9, 1), (12, 31)))
_RUSH: Final = 1.5


def days_of(year: int, cases: int, time: WorkingTime) -> Iterator[tuple[int, int]]:
    """Each day of the year by its ordinal with its number of cases; they add up to `cases`."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = range(first, last + 1)
    weights = [_weight(day, time) for day in days]
    total = sum(weights)
    passed, given = 0.0, 0
    for day, weight in zip(days, weights, strict=True):
        passed += weight
        reached = cases if day == last else int(cases * round(passed / total, 12))
        yield day, reached - given
        given = reached


def _weight(day: int, time: WorkingTime) -> float:
    when = date.fromordinal(day)
    if not time.is_working(day):
        if not (time.is_ordinary_saturday(day) or time.is_ordinary_saturday(day - 1)):
            return _HOLIDAY
        return _SATURDAY if when.weekday() == 5 else _SUNDAY
    weight = _WEEKDAYS[when.weekday()] * _MONTHS[when.month - 1]
    if not any(time.is_working(day - back) for back in (1, 2, 3)):
        weight *= _AFTER_HOLIDAYS
    if (when.month, when.day) in _RUSHES:
        weight *= _RUSH
    return weight


_HALF_HOUR: Final = HOUR // 2


def _profile(opening: float, weights: str) -> Weighted[int]:
    """One digit for each half hour from `opening` on, its weight."""
    start = int(opening * HOUR)
    return Weighted((start + place * _HALF_HOUR, int(w)) for place, w in enumerate(weights))


AT_THE_HALL: Final = _profile(8.5, "37994310000567532")
"""Half hours, by their first second, in which people take a ticket: 08:30 to 17:00."""

IN_THE_EVENING: Final = _profile(17.5, "3322")
ON_SATURDAY: Final = _profile(9, "57764000005642")
ONLINE: Final = _profile(0, "110000000011124567998865456788776544444444443322")
"""Half hours in which people apply or call, around the clock."""


def moment(profile: Weighted[int], share: float, within: float) -> int:
    """A second of the day, by two shares in [0, 1): of the profile and within its half hour."""
    return profile.at(share) + int(within * _HALF_HOUR)
