"""The halls' queues of a day: windows open, tickets are drawn, called, served or given up.

First come, first served at whichever window is free; who has priority or an appointment waits
less, and the ticket says why. Assumptions: a service takes 4 to 20 minutes; one ticket in forty
is given up; one in twenty is for a question only.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any, Final

from replay.simulation.arrivals import Arrival
from replay.simulation.chance import Chance, log_normal
from replay.simulation.departments import QUEUE_SYSTEM
from replay.simulation.district import District
from replay.simulation.facts import Facts
from replay.simulation.halls import OPENING, Hall, closing
from replay.simulation.instants import DAY, MINUTE
from replay.simulation.staff import Acting

_SERVICE: Final = log_normal(9.5 * MINUTE, 0.35, 4 * MINUTE, 20 * MINUTE)
_QUESTION: Final = 0.05
_GIVEN_UP: Final = 0.025
_ADVANTAGE: Final = {"": 0, "elderly": 900, "green": 900, "military": 900}
_BOOKED: Final = 600
_TO_THE_DESK: Final = 40


def at_the_halls(
    district: District, day: int, day_name: str, found: list[Arrival], chance: Chance
) -> list[Facts]:
    """Serves everybody at the ticket machines of the day's open halls.

    Of the arrivals, `received`, `ends`, `window`, `clerk`, `queue_no` and `ticket` are set; the
    case is still to be named in the ticket. Gives what belongs to no case: the windows' day, and
    the tickets of those who only ask something or leave before they are called."""
    others: list[Facts] = []
    for hall in district.halls:
        if hall.is_open(day, district.time):
            queue = [a for a in found if a.hall is hall and a.channel == "window"]
            closes = closing(hall, day, district.time)
            others += _HallDay(hall, day, day_name, len(queue)).passed(queue, closes, chance)
    return others


class _HallDay:
    def __init__(self, hall: Hall, day: int, day_name: str, tickets: int) -> None:
        self._hall, self._day, self._name = hall, day, day_name
        self._manned = hall.manned(day, tickets)
        opened = day * DAY + OPENING + 300
        self._free = [(opened, place) for place in range(len(self._manned))]
        heapify(self._free)
        self._last = [opened] * len(self._manned)

    def passed(self, queue: list[Arrival], closes: int, chance: Chance) -> list[Facts]:
        """The whole day: who is served when, in the order of turns."""
        visits = int(len(queue) * (_QUESTION + _GIVEN_UP) + chance.draw())
        machine: list[tuple[int, Arrival | None]] = [
            (arrival.received, arrival) for arrival in queue
        ]
        machine += [(closes - 3_600 - chance.below(5 * 3_600), None) for _ in range(visits)]
        machine.sort(key=lambda entry: entry[0])
        drawn = [(_turn(at, who), number, at, who) for number, (at, who) in enumerate(machine, 1)]
        others: list[Facts] = []
        for _, number, at, arrival in sorted(drawn, key=lambda entry: entry[:2]):
            queue_no = f"A{number:04d}"
            facts = Facts(f"ticket/{self._hall.id}-{self._name}-{queue_no}")
            data: dict[str, Any] = {"hall": self._hall.id}
            if arrival is None:
                facts.add(at, "ticket.issued", QUEUE_SYSTEM, data)
                self._visit(at, facts, chance)
                others.append(facts)
                continue
            if arrival.priority:
                data["priority"] = arrival.priority_lane
            facts.add(at, "ticket.issued", QUEUE_SYSTEM, data)
            arrival.queue_no, arrival.ticket = queue_no, facts
            self._serve(arrival, facts, chance)
        return [*others, *self._windows(closes)]

    def _called(self, at: int, length: int) -> tuple[int, str, Acting]:
        """Takes the next free window for so many seconds: from when, which one, by whom."""
        free, place = heappop(self._free)
        called = max(free, at + 15) + 10
        heappush(self._free, (called + length + 20, place))
        self._last[place] = called + length
        return called, *self._manned[place]

    def _serve(self, arrival: Arrival, facts: Facts, chance: Chance) -> None:
        length = int(_SERVICE.at(chance.draw()))
        called, window, clerk = self._called(arrival.received, length)
        arrival.received = called + _TO_THE_DESK + chance.below(60)
        arrival.ends, arrival.window, arrival.clerk = called + length, window, clerk
        desk = {**facts[0].data, "actor": clerk.actor, "window": window}
        facts.add(called, "ticket.called", QUEUE_SYSTEM, desk)
        facts.add(arrival.ends, "ticket.served", QUEUE_SYSTEM, {**desk, "presence": True})

    def _visit(self, at: int, facts: Facts, chance: Chance) -> None:
        left = chance.draw() < _GIVEN_UP / (_QUESTION + _GIVEN_UP)
        length = 30 if left else 90 + chance.below(180)
        called, window, clerk = self._called(at, length)
        desk = {"actor": clerk.actor, "hall": self._hall.id, "window": window}
        facts.add(called, "ticket.called", QUEUE_SYSTEM, desk)
        if left:
            facts.add(called + length, "ticket.abandoned", QUEUE_SYSTEM, desk)
        else:
            data = {**desk, "presence": True}
            facts.add(called + length, "ticket.served", QUEUE_SYSTEM, data)

    def _windows(self, closes: int) -> list[Facts]:
        """The opening and the closing of each window; who still serves then closes later."""
        found = []
        for place, (window, clerk) in enumerate(self._manned):
            facts = Facts(f"window/{self._hall.id}-{window}")
            seat = {
                "actor": clerk.actor,
                "hall": self._hall.id,
                "zone": self._hall.zone(window),
                "window": window,
                "officer": clerk.reference["id"],
            }
            begin = self._day * DAY + OPENING + 5 * place % 280
            end = max(closes, self._last[place]) + 60 + 7 * place
            for event, at in (("window.opened", begin), ("window.closed", end)):
                fact = facts.add(at, event, QUEUE_SYSTEM, seat)
                fact.id = f"{facts.subject}.{self._name}.{event[7:]}"
            found.append(facts)
        return found


def _turn(at: int, arrival: Arrival | None) -> int:
    if arrival is None:
        return at
    booked = _BOOKED if arrival.appointment is not None else 0
    return at - max(_ADVANTAGE[arrival.priority], booked)
