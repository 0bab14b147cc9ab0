"""The frame for schemes: what is planted in a year for the rules of findings to find.

A scheme belongs to the rule that should find it. It changes cases before they are delivered, and
remembers what it did, so that TRUTH.json can tell hits from misses; look-alikes are cases that
resemble the scheme and have a benign reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

from domain.errors import WrongUse
from replay.simulation.case_file import CaseFile
from replay.simulation.district import District

Schemes = frozenset[str] | Literal["all", "none"]
"""Which schemes are planted, by rule."""


@dataclass(slots=True)
class Planted:
    """One scheme that was planted: the rule that should find it, how strongly it shows (0 to 1),
    whose it is, and the cases that show it."""

    rule: str
    strength: float
    actors: list[str]
    cases: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Lookalike:
    """Cases that look like a scheme of the rule but are none, and why."""

    rule: str
    why: str
    cases: list[str] = field(default_factory=list)


class Scheme(Protocol):
    """What is done to cases for one rule."""

    planted: list[Planted]
    lookalikes: list[Lookalike]

    def alter(self, case: CaseFile) -> None:
        """Changes the case's facts, or leaves it alone; what it does stands in the lists. Draws
        from a sequence of its own, so that other cases stay as they are."""


Planting = Callable[[District], Scheme]
"""Makes a scheme for a district."""

SCHEMES: Final[Mapping[str, Planting]] = MappingProxyType({})
"""The schemes that can be planted, by rule."""


def chosen(schemes: Schemes, known: Mapping[str, Planting]) -> tuple[str, ...]:
    """The rules whose schemes are wanted, in order; raises WrongUse for a rule without one."""
    if schemes == "none":
        return ()
    if schemes == "all":
        return tuple(sorted(known))
    if isinstance(schemes, str):
        raise WrongUse("schemes", "all, none or a set of rule ids", repr(schemes))
    unknown = sorted(schemes - known.keys())
    if unknown:
        expected = ", ".join(sorted(known)) or "all or none, as no scheme can be planted yet"
        raise WrongUse("schemes", expected, ", ".join(unknown))
    return tuple(sorted(schemes))


def truth(seed: int, schemes: Mapping[str, Scheme]) -> dict[str, Any]:
    """What TRUTH.json says: every scheme and look-alike that left a trace, in order of rule."""
    planted = [p for rule in sorted(schemes) for p in schemes[rule].planted if p.cases]
    alike = [a for rule in sorted(schemes) for a in schemes[rule].lookalikes if a.cases]
    return {
        "seed": seed,
        "schemes": [
            {"rule": p.rule, "strength": p.strength, "actors": p.actors, "cases": p.cases}
            for p in planted
        ],
        "lookalikes": [{"rule": a.rule, "why": a.why, "cases": a.cases} for a in alike],
    }
