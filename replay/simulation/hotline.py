"""Calls to the hotline 12345.

Calibrated: 288 calls a day, half-year figures that make 0.41 calls for each case of the year;
0.81 percent dispatched to a department, all closed, 99.9 percent satisfied. Assumptions: the
kinds of calls; one call in seven names a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from replay.simulation.chance import Chance, Weighted
from replay.simulation.demand import ONLINE, moment
from replay.simulation.departments import AREA, DEPARTMENTS, HOTLINE
from replay.simulation.district import District
from replay.simulation.facts import Facts
from replay.simulation.instants import DAY
from replay.simulation.phrases import ASKED, COMPLAINED
from replay.simulation.staff import on_duty
from replay.simulation.working_time import OFFICE_DAY

_KINDS: Final = Weighted({"consult": 0.86, "help": 0.09, "complaint": 0.05})
_TOPICS: Final = Weighted({"progress": 4, "materials": 3, "place": 2, "online": 2, "other": 1})
_NAMES_A_CASE: Final = 0.14
_DISPATCHED: Final = 0.0081
_DISSATISFIED: Final = 0.001
_TEXT: Final = 0.25


def calls(
    district: District, day: int, day_name: str, count: int, recent: Sequence[str], chance: Chance
) -> Iterator[Facts]:
    """So many calls of the day; `recent` are numbers of cases that callers may name."""
    midnight = day * DAY
    moments = sorted(moment(ONLINE, chance.draw(), chance.draw()) for _ in range(count))
    for number, second in enumerate(moments, start=1):
        facts = Facts(f"call/{AREA}-{day_name}-{number:05d}")
        _call(district, midnight + second, facts, recent, chance)
        yield facts


def _call(district: District, at: int, facts: Facts, recent: Sequence[str], chance: Chance) -> None:
    draw = chance.draw
    operator = on_duty(district.operators, int(draw() * len(district.operators)), at // DAY).actor
    kind = _KINDS.at(draw())
    data: dict[str, Any] = {"actor": operator, "kind": kind, "topic": _TOPICS.at(draw())}
    if recent and draw() < _NAMES_A_CASE:
        data["case"] = chance.among(recent)
    if draw() < _TEXT:
        data["text"] = (COMPLAINED if kind == "complaint" else ASKED).text(draw)
    logged = facts.add(at, "inquiry.logged", HOTLINE, data)
    answer: dict[str, Any] = {
        "actor": operator,
        "ref": logged.ref,
        "handling": "direct",
        "satisfied": draw() >= _DISSATISFIED,
    }
    ended = at + 60 + int(draw() * 420)
    if draw() < _DISPATCHED:
        department = chance.among(DEPARTMENTS)
        sent = {"actor": operator, "to": {"department": department.code}}
        facts.add(ended, "inquiry.dispatched", HOTLINE, sent)
        time = district.time
        ended = time.instant(time.office(ended) + int((0.3 + 4 * draw()) * OFFICE_DAY))
        team = district.teams[department.key]
        answer["actor"] = on_duty(team.clerks, 0, ended // DAY).actor
        answer["handling"] = "dispatched"
    facts.add(ended, "inquiry.closed", HOTLINE, answer)
