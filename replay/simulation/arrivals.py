"""Who comes on a day: for which item, by which channel, at what time, and in which order.

Assumptions: the shares of the channels, of appointments, of bundles and of people with priority.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from replay.simulation.catalogue import Item
from replay.simulation.chance import Chance, Weighted
from replay.simulation.demand import AT_THE_HALL, IN_THE_EVENING, ON_SATURDAY, ONLINE, moment
from replay.simulation.district import District
from replay.simulation.facts import Facts
from replay.simulation.halls import HALL_SHARES, Hall
from replay.simulation.instants import DAY
from replay.simulation.staff import Acting

_CHANNELS: Final = Weighted(
    {
        "window": 0.36,
        "web": 0.38,
        "mobile": 0.205,
        "kiosk": 0.025,
        "mail": 0.01,
        "hotline": 0.005,
        "exchange": 0.015,
    }
)
_ONLINE_CHANNELS: Final = Weighted({"web": 0.6, "mobile": 0.4})
AT_HOME: Final = frozenset(("web", "mobile", "exchange"))
"""Channels that no public servant stands between."""

_EVENING: Final = 0.02
_BUNDLED: Final = 0.008
_APPOINTMENT: Final = 0.15
_PRIORITY: Final = Weighted({"": 0.975, "elderly": 0.015, "green": 0.006, "military": 0.004})


@dataclass(slots=True)
class Arrival:
    """One application. `received` is the time of the receipt, in seconds; at a window that is the
    time at the ticket machine until the queue has passed, which also sets `ends` (of the service),
    `queue_no`, `window`, `clerk` and `ticket`."""

    item: Item
    channel: str
    received: int
    number: str = ""
    ends: int = 0
    hall: Hall | None = None
    queue_no: str | None = None
    window: str | None = None
    clerk: Acting | None = None
    ticket: Facts | None = None
    appointment: int | None = None
    priority: str = ""
    bundle: str | None = None
    bundle_share: float | None = None
    test: bool = False

    @property
    def at_home(self) -> bool:
        """Whether it came without any public servant."""
        return self.channel in AT_HOME

    @property
    def priority_lane(self) -> dict[str, Any] | None:
        """The lane other than the ordinary one, as events state it."""
        if not self.priority:
            return None
        reason = {"elderly": "老年人优先", "green": "重点项目绿色通道", "military": "军人优先"}
        return {"lane": self.priority, "reason": reason[self.priority]}


def arrivals(district: District, day: int, count: int, chance: Chance) -> list[Arrival]:
    """So many applications of the day, in no order; those at a window are at its ticket machine."""
    draw = chance.draw
    halls = [hall for hall in district.halls if hall.is_open(day, district.time)]
    midnight = day * DAY
    found = []
    for _ in range(count):
        item = district.popularity.at(draw())
        channel = _CHANNELS.at(draw())
        if not halls and channel not in AT_HOME:
            channel = _ONLINE_CHANNELS.at(draw())
        arrival = Arrival(item, channel, 0)
        if channel in ("window", "kiosk", "mail", "hotline"):
            arrival.hall = _hall(halls, draw())
            arrival.received = midnight + _hall_moment(arrival.hall, day, district, chance)
            if channel == "window":
                arrival.priority = _PRIORITY.at(draw())
                if draw() < _APPOINTMENT:
                    arrival.appointment = (arrival.received // 1_800 + 1) * 1_800
        else:
            arrival.received = midnight + moment(ONLINE, draw(), draw())
            if draw() < _BUNDLED:
                arrival.bundle_share = draw()
        found.append(arrival)
    return found


def _hall(halls: list[Hall], share: float) -> Hall:
    return halls[0] if len(halls) == 1 else halls[HALL_SHARES.at(share)]


def _hall_moment(hall: Hall, day: int, district: District, chance: Chance) -> int:
    draw = chance.draw
    if not district.time.is_working(day):
        return moment(ON_SATURDAY, draw(), draw())
    evening = hall.late and draw() < _EVENING
    return moment(IN_THE_EVENING if evening else AT_THE_HALL, draw(), draw())


def numbered(found: list[Arrival], day_name: str, area: str) -> Iterator[Arrival]:
    """The arrivals in order of receipt, with unified case numbers 1, 2, 3 … of the day.

    An applicant with a bundle (一件事) hands in the next one or two online applications too."""
    found.sort(key=lambda arrival: arrival.received)
    _bundle(found, f"bundle/{area}-{day_name}")
    for place, arrival in enumerate(found, start=1):
        arrival.number = f"{area}-{day_name}-{place:06d}"
        yield arrival


def _bundle(found: list[Arrival], name: str) -> None:
    online = [arrival for arrival in found if arrival.at_home]
    place = bundles = 0
    while place < len(online):
        lead = online[place]
        place += 1
        if lead.bundle_share is None:
            continue
        others = online[place : place + 1 + int(lead.bundle_share * 2)]
        if not others:
            lead.bundle_share = None
            continue
        bundles += 1
        lead.bundle = f"{name}-{bundles:03d}"
        for step, other in enumerate(others, start=1):
            other.bundle, other.bundle_share = lead.bundle, lead.bundle_share
            other.received = lead.received + 20 * step
            place += 1
    found.sort(key=lambda arrival: arrival.received)
