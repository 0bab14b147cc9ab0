"""One case while it is imagined: what is known about it, and the facts so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from replay.simulation.arrivals import Arrival
from replay.simulation.chance import Chance
from replay.simulation.departments import ONLINE_PLATFORM, WINDOW_PLATFORM
from replay.simulation.district import District
from replay.simulation.facts import Fact, Facts
from replay.simulation.instants import DAY
from replay.simulation.staff import Acting, Officer, Team, on_duty

_OFFICERS_PER_ITEM: Final = 3


class CaseFile:
    """A case of one arrival. `now` is the time up to which it is told, in seconds; `closed` the
    time of its end; `late` says that it ended after its promise.

    `front` is the system that takes the application in, `home` the department's: the same where
    the department's data flow back.
    """

    __slots__ = (
        "accepted",
        "applicant",
        "arrival",
        "chance",
        "closed",
        "district",
        "draw",
        "facts",
        "front",
        "home",
        "item",
        "late",
        "now",
        "result",
        "team",
        "version",
    )

    def __init__(self, district: District, arrival: Arrival, chance: Chance) -> None:
        self.district, self.arrival, self.chance, self.draw = (
            district,
            arrival,
            chance,
            chance.draw,
        )
        self.item = arrival.item
        self.version = arrival.item.at(arrival.received // DAY)
        department = self.item.department
        self.team: Team = district.teams[department.key]
        self.home = department.source
        platform = ONLINE_PLATFORM if arrival.at_home else WINDOW_PLATFORM
        landed = department.lags is None or self.version.kind in ("joint", "referred_up")
        self.front = platform if landed else self.home
        self.facts = Facts(arrival.number)
        self.now = arrival.received
        self.accepted = 0
        self.closed = 0
        self.late = False
        self.result = ""
        self.applicant: dict[str, Any] = {}

    def add(self, type: str, source: str, data: dict[str, Any]) -> Fact:
        """What happens now."""
        return self.facts.add(self.now, type, source, data)

    def wait(self, low: int, high: int) -> None:
        """Lets so many seconds pass, by the clock on the wall."""
        self.now += low + int(self.draw() * (high - low))

    def work(self, low: int, high: int) -> None:
        """Lets so many seconds of office time pass."""
        time = self.district.time
        self.now = time.instant(time.office(self.now) + low + int(self.draw() * (high - low)))

    def reach(self, office: int) -> None:
        """Goes on to that office time, or stays where it is later already."""
        self.now = max(self.now + 30, self.district.time.instant(office))

    def acting(self, pool: Sequence[Officer]) -> Acting:
        """Who of the pool acts on this case now; each item is handled by up to three of them."""
        place = self.item.rank + int(self.draw() * min(_OFFICERS_PER_ITEM, len(pool)))
        return on_duty(pool, place, self.now // DAY)

    def counter(self) -> Acting:
        """Who deals with the applicant: the clerk at the window, else one of the department."""
        return self.arrival.clerk or self.acting(self.team.clerks)
