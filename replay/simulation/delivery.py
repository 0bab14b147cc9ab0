"""When each event reaches the ledger: at once, with a batch, late, twice, or out of order.

Calibrated: 1 to 2 percent of the events come after a later one of their subject, 0.5 to 1 percent
come twice. Assumptions: landed systems take up to five seconds; a backflow system sends every
five minutes, or at two in the morning, or at two in the morning 3 to 20 days later, and keeps to
one of these within a case; a system that was out sends all within half an hour after its outage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import orjson

from replay.simulation.chance import Chance
from replay.simulation.departments import DEPARTMENTS
from replay.simulation.facts import Fact
from replay.simulation.instants import DAY, HOUR, MICROSECONDS, MINUTE, utc_stamp

_OUT_OF_ORDER: Final = 0.016
_TWICE: Final = 0.0075
_AT_ONCE_AGAIN: Final = 0.4
_POLL: Final = 5 * MINUTE
_NIGHT: Final = 2 * HOUR
_NIGHT_RATE: Final = 24
_LATE_DAYS: Final = (3, 20)
_CATCHING_UP: Final = 30 * MINUTE

_LAGS: Final = {d.source: d.lags for d in DEPARTMENTS if d.lags is not None}


class Delivery:
    """Takes facts and gives lines in order of delivery. It holds only what is still to come."""

    def __init__(self, outages: Mapping[str, tuple[int, int]]) -> None:
        self._outages = outages
        self._pending: dict[int, list[tuple[int, int, bytes]]] = {}
        self._sent = 0

    def send(self, facts: Iterable[Fact], chance: Chance) -> None:
        """Sends the facts of one subject.

        They are delivered in order of their times, but for those that chance puts behind the
        next: the platforms hold back what belongs to a case that has not come yet.
        """
        ordered = sorted(facts, key=lambda fact: fact.time)
        draw = chance.draw
        delivered: list[int] = []
        late_days: dict[str, int] = {}
        last = 0
        for fact in ordered:
            lags = _LAGS.get(fact.source)
            if lags is None:
                arrival = fact.time * MICROSECONDS + 400_000 + int(draw() * 4_600_000)
            else:
                days = late_days.get(fact.source)
                if days is None:
                    days = late_days[fact.source] = _late_days(lags, chance)
                arrival = _backflow(fact.time, days, draw())
            if fact.held_until > fact.time:
                arrival = max(arrival, fact.held_until * MICROSECONDS + int(draw() * MICROSECONDS))
            outage = self._outages.get(fact.source)
            if outage is not None and outage[0] <= fact.time < outage[1]:
                arrival = max(arrival, _caught_up(fact.time, outage))
            if arrival <= last:
                arrival = last + 1_000
            delivered.append(arrival)
            last = arrival
        self._write(ordered, delivered, chance)

    def _write(self, ordered: Sequence[Fact], delivered: list[int], chance: Chance) -> None:
        draw = chance.draw
        final = len(ordered) - 1
        for place, fact in enumerate(ordered):
            arrival = delivered[place]
            body = orjson.dumps(fact.event())[1:]
            fate = draw()
            if fate < _OUT_OF_ORDER and place < final:
                arrival = delivered[place + 1] + MICROSECONDS + int(draw() * 90 * MICROSECONDS)
            elif fate > 1 - _TWICE:
                self._put(arrival + _again(draw()), body)
            self._put(arrival, body)

    def _put(self, arrival: int, body: bytes) -> None:
        line = b'{"deliveredat":"%b",%b\n' % (utc_stamp(arrival).encode(), body)
        self._sent += 1
        day = arrival // (DAY * MICROSECONDS)
        self._pending.setdefault(day, []).append((arrival, self._sent, line))

    def until(self, day: int) -> Iterator[bytes]:
        """The lines delivered on that day or before that have not been given yet, in order."""
        for due in sorted(pending for pending in self._pending if pending <= day):
            for _, _, line in sorted(self._pending.pop(due)):
                yield line

    def rest(self) -> Iterator[bytes]:
        """All lines that have not been given yet, in order."""
        return self.until(max(self._pending, default=0))


def _late_days(lags: tuple[float, float, float], chance: Chance) -> int:
    """0: within minutes; 1: with the next night's batch; more: so many days later."""
    share = chance.draw()
    if share < lags[0]:
        return 0
    return 1 if share < lags[0] + lags[1] else chance.between(*_LATE_DAYS)


def _backflow(time: int, days: int, share: float) -> int:
    fraction = int(share * MICROSECONDS)
    if days == 0:
        sent = (time // _POLL + 1) * _POLL + 1 + time % _POLL // 20
        return sent * MICROSECONDS + fraction
    day, second = divmod(time, DAY)
    return ((day + days) * DAY + _NIGHT + second // _NIGHT_RATE) * MICROSECONDS + fraction


def _caught_up(time: int, outage: tuple[int, int]) -> int:
    begin, end = outage
    return end * MICROSECONDS + (time - begin) * _CATCHING_UP * MICROSECONDS // (end - begin)


def _again(share: float) -> int:
    """How much later the same event comes once more: a retry, or a batch sent twice."""
    if share < _AT_ONCE_AGAIN:
        return int(share / _AT_ONCE_AGAIN * 300 * MICROSECONDS) + MICROSECONDS
    return int(share * DAY * MICROSECONDS)
