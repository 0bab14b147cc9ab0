"""The imagined district: its calendar, catalogue, departments, halls, staff and applicants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from replay.simulation.applicants import Applicants
from replay.simulation.catalogue import catalogue, popularity
from replay.simulation.chance import Chance, zipf
from replay.simulation.demand import CALLS_PER_CASE
from replay.simulation.departments import AREA, DEPARTMENTS, SERVICE_BUREAU
from replay.simulation.halls import halls_for
from replay.simulation.instants import DAY, HOUR
from replay.simulation.staff import Officer, Recruiting, Team, on_duty
from replay.simulation.working_time import WorkingTime

_CATALOGUE, _STAFF, _OUTAGES = 1, 2, 3
_CALLS_PER_OPERATOR: Final = 60 * 250

_AGENTS: Final = 30
_AGENCIES: Final = 25
_OUT: Final = ("rsj", "wjj", "scjg")


class District:
    """Everything that is there before the first case comes. It does not change afterwards.

    Depends on the seed, the year and the number of cases, to which the numbers of officers,
    windows and applicants are fitted. Assumption: three systems fail once in the year, each for
    one to two days.
    """

    def __init__(self, cases: int, seed: int, year: int) -> None:
        self.cases, self.seed, self.year = cases, seed, year
        self.first = date(year, 1, 1).toordinal()
        self.last = date(year, 12, 31).toordinal()
        self.time = WorkingTime(year)
        self.items = catalogue(Chance(seed, _CATALOGUE), self.first, self.last)
        self.popularity = popularity(self.items)
        self.applicants = Applicants(seed, cases)
        recruiting = Recruiting(Chance(seed, _STAFF), self.time, self.first, self.last)
        yearly = self._cases_by_department()
        self.teams = {
            department.key: Team.of(department, yearly[department.key], recruiting)
            for department in DEPARTMENTS
        }
        self.halls = halls_for(cases, recruiting)
        calls = cases * CALLS_PER_CASE
        count = max(2, round(calls / _CALLS_PER_OPERATOR) + 1)
        self.operators = recruiting.officers(count, "operator", "staff", f"{AREA}-RX")
        self.supervisors = recruiting.officers(3, "supervisor", "section_head", f"{AREA}-JDK")
        self.granting = recruiting.officer("approver", "agency_head", SERVICE_BUREAU)
        self.government = recruiting.officer("approver", "government_head", f"{AREA}-QZF")
        self.agents = [f"AG{number:03d}" for number in range(1, _AGENTS + 1)]
        self.agencies = [f"ZJ{number:03d}" for number in range(1, _AGENCIES + 1)]
        self.outages = self._outages(Chance(seed, _OUTAGES))

    @property
    def officers(self) -> Sequence[Officer]:
        """Everybody who may act."""
        teams = (officer for team in self.teams.values() for officer in team.everybody)
        halls = (officer for hall in self.halls for officer in hall.staff)
        return [*teams, *halls, *self.operators, *self.supervisors, self.granting, self.government]

    def supervisor(self, place: int, day: int) -> dict[str, object]:
        """The supervisor of that day, as an actor."""
        return on_duty(self.supervisors, place, day).actor

    def _cases_by_department(self) -> dict[str, float]:
        weights = zipf(len(self.items), 1.1)
        total = sum(weights)
        cases = dict.fromkeys((department.key for department in DEPARTMENTS), 0.0)
        for item, weight in zip(self.items, weights, strict=True):
            cases[item.department.key] += self.cases * weight / total
        return cases

    def _outages(self, chance: Chance) -> dict[str, tuple[int, int]]:
        outages = {}
        for key in _OUT:
            day = self.time.after(self.first + chance.between(20, 330), 0)
            begin = day * DAY + chance.between(9 * HOUR, 16 * HOUR)
            length = chance.between(26 * HOUR, 44 * HOUR)
            outages[f"/{AREA}/{key}"] = (begin, begin + length)
        return outages
