"""The course of one case, from its arrival to whatever follows its end.

Assumption: one case in six hundred is entered by mistake and voided within minutes.
"""

from __future__ import annotations

from typing import Final

from replay.simulation.afterwards import afterwards
from replay.simulation.arrivals import Arrival
from replay.simulation.case_file import CaseFile
from replay.simulation.chance import Chance
from replay.simulation.district import District
from replay.simulation.ending import void
from replay.simulation.handling import promised
from replay.simulation.immediate import immediate
from replay.simulation.joint import joint, referred_up
from replay.simulation.receipt import receive

_VOIDED: Final = 0.0016
_COURSES: Final = {
    "immediate": immediate,
    "promised": promised,
    "joint": joint,
    "referred_up": referred_up,
}


def imagined(district: District, arrival: Arrival, chance: Chance) -> CaseFile:
    """The whole case of that arrival. It depends on nothing but the three."""
    case = CaseFile(district, arrival, chance)
    receive(case)
    if chance.draw() < _VOIDED and not arrival.at_home:
        void(case)
    else:
        _COURSES[case.version.kind](case)
    afterwards(case)
    if arrival.test:
        for fact in case.facts:
            fact.data = {**fact.data, "test": True}
    return case
