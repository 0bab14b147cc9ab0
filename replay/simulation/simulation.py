"""A simulated year of one district, as the lines that its systems would deliver."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from domain.calendar import WorkingCalendar
from domain.errors import WrongUse
from replay.simulation.arrivals import Arrival, arrivals, numbered
from replay.simulation.chance import Chance
from replay.simulation.course import imagined
from replay.simulation.delivery import Delivery
from replay.simulation.demand import CALLS_PER_CASE, days_of
from replay.simulation.departments import AREA, WINDOW_PLATFORM
from replay.simulation.district import District
from replay.simulation.facts import Facts
from replay.simulation.hotline import calls
from replay.simulation.instants import DAY, HOUR, day_text
from replay.simulation.publication import before_the_year, delegations, during_the_year
from replay.simulation.queueing import at_the_halls
from replay.simulation.schemes import SCHEMES, Planting, Schemes, chosen, truth

MOST_CASES: Final = 50_000_000
_PUBLICATION, _ARRIVALS, _CASES, _CALLS = 10, 11, 12, 13
_CASES_OF_A_DAY: Final = 1 << 20
_TEST_CASES: Final = 5
_RECENT: Final = 300


class Simulation:
    """A year of `cases` cases, which starts with what is published on its eve and goes on until
    the last case received in it has ended.

    The same arguments give the same bytes, wherever and whenever they are given. Memory holds the
    facts that are still to be delivered, of the cases that are open, and never the year.

    Raises WrongUse for a year whose working days no notice has settled, for fewer than one case,
    for a seed below 0, and for a scheme that is not among `known`.
    """

    def __init__(
        self,
        cases: int,
        seed: int,
        year: int = 2025,
        schemes: Schemes = "all",
        *,
        known: Mapping[str, Planting] = SCHEMES,
    ) -> None:
        if not 1 <= cases <= MOST_CASES:
            raise WrongUse("cases", f"1 to {MOST_CASES}", str(cases))
        if seed < 0:
            raise WrongUse("seed", "0 or more", str(seed))
        calendar = WorkingCalendar()
        if not (1950 <= year <= 2090 and calendar.covers(date(year, 1, 1))):
            raise WrongUse("year", f"a year of the calendar {calendar.version}", str(year))
        self.cases, self.seed, self.year = cases, seed, year
        self._rules = chosen(schemes, known)
        self._known = known
        self._truth: dict[str, Any] | None = None

    @property
    def truth(self) -> dict[str, Any]:
        """What was planted, as TRUTH.json says it; raises WrongUse before the last line."""
        if self._truth is None:
            raise WrongUse("truth", "to be asked for after the last line", "lines still to come")
        return self._truth

    def lines(self, progress: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """The events in order of delivery, each a line of JSON with its line feed.

        `progress` is told after each day of the year how many cases have been received."""
        district = District(self.cases, self.seed, self.year)
        schemes = {rule: self._known[rule](district) for rule in self._rules}
        delivery = Delivery(district.outages)
        chance = Chance(self.seed, _PUBLICATION)
        _send_all(before_the_year(district), delivery, chance)
        _send_all(during_the_year(district, chance), delivery, chance)
        for team in district.teams.values():
            _send_all(delegations(team, district), delivery, chance)
        test_every = max(1, self.cases // _TEST_CASES)
        recent: deque[str] = deque(maxlen=_RECENT)
        received = called = 0
        for day, count in days_of(self.year, self.cases, district.time):
            for arrival in self._arrivals(district, day, count, delivery):
                received += 1
                recent.append(arrival.number)
                arrival.test = received % test_every == test_every // 2 and self.cases > 1_000
                chance.begin(self.seed, _CASES, day * _CASES_OF_A_DAY + int(arrival.number[-6:]))
                case = imagined(district, arrival, chance)
                for scheme in schemes.values():
                    scheme.alter(case)
                delivery.send(case.facts, chance)
                if arrival.ticket is not None:
                    delivery.send(_named(arrival, arrival.ticket), chance)
            wanted = int(received * CALLS_PER_CASE) - called
            called += wanted
            chance.begin(self.seed, _CALLS, day)
            name = day_text(day).replace("-", "")
            _send_all(calls(district, day, name, wanted, list(recent), chance), delivery, chance)
            yield from delivery.until(day)
            if progress is not None:
                progress(received)
        yield from delivery.rest()
        self._truth = truth(self.seed, schemes)

    def _arrivals(
        self, district: District, day: int, count: int, delivery: Delivery
    ) -> Iterator[Arrival]:
        """The day's arrivals in order of receipt; what the halls do besides is sent."""
        chance = Chance(self.seed, _ARRIVALS, day)
        name = day_text(day).replace("-", "")
        found = arrivals(district, day, count, chance)
        _send_all(at_the_halls(district, day, name, found, chance), delivery, chance)
        ordered = list(numbered(found, name, AREA))
        _send_all(_bundles(ordered, district), delivery, chance)
        return iter(ordered)


def _send_all(groups: Iterable[Facts], delivery: Delivery, chance: Chance) -> None:
    for facts in groups:
        delivery.send(facts, chance)


def _named(arrival: Arrival, ticket: Facts) -> Facts:
    """The ticket, with the case in what happened after it was known."""
    for fact in ticket[1:]:
        fact.data = {**fact.data, "case": arrival.number}
    return ticket


def _bundles(ordered: Iterable[Arrival], district: District) -> Iterator[Facts]:
    """一件事: each bundle of the day with its cases, the later ones after the first."""
    bundles: dict[str, list[Arrival]] = {}
    for arrival in ordered:
        if arrival.bundle is not None:
            bundles.setdefault(arrival.bundle, []).append(arrival)
    for subject, members in bundles.items():
        lead = members[0]
        facts = Facts(subject)
        children: list[dict[str, Any]] = [{"item": lead.item.code, "case": lead.number}]
        children += [
            {"item": other.item.code, "case": other.number, "after": lead.item.code}
            for other in members[1:]
        ]
        longest = max(m.item.at(lead.received // DAY).promised for m in members)
        data = {
            "children": children,
            "lead": district.teams[lead.item.department.key].clerks[0].id,
            "due": day_text(district.time.after(lead.received // DAY, longest)),
        }
        facts.add(members[-1].received + HOUR // 60, "bundle.opened", WINDOW_PLATFORM, data)
        yield facts
