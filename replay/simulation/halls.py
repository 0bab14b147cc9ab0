"""Halls, their windows, and who sits at which window on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from replay.simulation.chance import Weighted
from replay.simulation.departments import AREA, SERVICE_BUREAU
from replay.simulation.instants import DAY, HOUR
from replay.simulation.staff import Acting, Officer, Recruiting
from replay.simulation.working_time import WorkingTime

_SHARES: Final = (0.46, 0.09, 0.09, 0.09, 0.09, 0.09, 0.09)
_WINDOW_CASES: Final = 0.36
_WORKDAYS: Final = 250
_PEAK: Final = 3.2
_TICKETS_PER_WINDOW: Final = 24
_WINDOWS_PER_ZONE: Final = 4
_SPARE_STAFF: Final = 1.3


@dataclass(slots=True)
class Hall:
    """A hall. The district's own is open until 20:00 and on ordinary Saturdays; the streets'
    halls on legal working days until 17:30."""

    id: str
    windows: tuple[str, ...]
    staff: tuple[Officer, ...]
    late: bool
    seats: dict[tuple[str, str], Acting] = field(default_factory=dict)

    def is_open(self, day: int, time: WorkingTime) -> bool:
        """Whether the hall receives anybody on that day."""
        return time.is_working(day) or (self.late and time.is_ordinary_saturday(day))

    def zone(self, window: str) -> str:
        """The zone in which the window lies."""
        return f"Z{1 + (int(window[1:]) - 1) // _WINDOWS_PER_ZONE}"

    def manned(self, day: int, tickets: int) -> list[tuple[str, Acting]]:
        """The windows opened on a day with that many tickets, each with its clerk.

        As many as the day asks for (动态增减), as far as there are clerks; none sits at two."""
        wanted = 1 + tickets // _TICKETS_PER_WINDOW
        turn = day % len(self.staff)
        present = [o for o in self.staff[turn:] + self.staff[:turn] if day not in o.absent]
        return [
            (window, self._seated(officer, window))
            for window, officer in zip(self.windows[:wanted], present, strict=False)
        ]

    def _seated(self, officer: Officer, window: str) -> Acting:
        acting = self.seats.get((officer.id, window))
        if acting is None:
            actor = {**officer.own.actor, "window": window}
            acting = self.seats[officer.id, window] = Acting(actor, officer.own.reference)
        return acting

    def published(self) -> dict[str, Any]:
        """The data of the hall's publication."""
        hours: dict[str, Any] = {"workday": ["08:30-12:00", "14:00-17:30"]}
        if self.late:
            hours = {"workday": ["08:30-12:00", "14:00-20:00"], "saturday": ["09:00-16:30"]}
        zones = dict.fromkeys(self.zone(window) for window in self.windows)
        return {
            "area": AREA,
            "zones": list(zones),
            "windows": list(self.windows),
            "hours": hours,
        }


def halls_for(cases: int, recruiting: Recruiting) -> tuple[Hall, ...]:
    """One hall of the district and six of its streets, with the windows that so many cases need.

    The number of halls is that of the district after which the year is drawn (1 + 6; its 126
    community desks are left out). Assumptions: 36 percent of the cases come to a window, 46
    percent of these to the district's hall; 24 tickets a day for a window."""
    return tuple(_halls(cases, recruiting))


def _halls(cases: int, recruiting: Recruiting) -> Iterator[Hall]:
    daily = cases * _WINDOW_CASES / _WORKDAYS
    for place, share in enumerate(_SHARES):
        count = max(2, ceil(daily * share * _PEAK / _TICKETS_PER_WINDOW)) + 1
        staff = recruiting.officers(ceil(count * _SPARE_STAFF), "window", "staff", SERVICE_BUREAU)
        windows = tuple(f"{'ABCDEFG'[place]}{number:02d}" for number in range(1, count + 1))
        yield Hall(f"{AREA}-H{place:02d}", windows, staff, late=place == 0)


HALL_SHARES: Final = Weighted(enumerate(_SHARES))
"""The hall, by its place, to which somebody comes on a working day."""

OPENING: Final = 8 * HOUR + 1_500
"""When clerks open their windows: a few minutes before 08:30."""


def closing(hall: Hall, day: int, time: WorkingTime) -> int:
    """The instant at which the hall's windows close on that day, if nobody waits."""
    if not time.is_working(day):
        return day * DAY + 16 * HOUR + 1_800
    return day * DAY + (20 * HOUR if hall.late else 17 * HOUR + 1_800)
