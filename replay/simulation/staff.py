"""Public servants: who they are, when they are on leave, and who acts in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from replay.simulation.chance import Chance
from replay.simulation.departments import Department
from replay.simulation.working_time import WorkingTime

_LEAVES: Final = 2
_LEAVE_WORKDAYS: Final = (3, 6)


class Acting(NamedTuple):
    """Who acts: as an actor, and as the reference by which others name him or her."""

    actor: dict[str, Any]
    reference: dict[str, Any]


@dataclass(slots=True)
class Officer:
    """A public servant. `leaves` are stretches of days, both ends included; `absent` all their
    days. `delegations` holds how each deputy acts in the officer's place."""

    id: str
    role: str
    rank: str
    department: str
    leaves: tuple[tuple[int, int], ...] = ()
    own: Acting = field(init=False)
    absent: frozenset[int] = field(init=False)
    delegations: dict[str, Acting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        actor = {
            "id": self.id,
            "role": self.role,
            "rank": self.rank,
            "department": self.department,
        }
        reference = {"id": self.id, "rank": self.rank, "department": self.department}
        self.own = Acting(actor, reference)
        self.absent = frozenset(
            day for first, last in self.leaves for day in range(first, last + 1)
        )

    def deputised(self, deputy: Officer) -> Acting:
        """How the deputy acts in this officer's place."""
        found = self.delegations.get(deputy.id)
        if found is None:
            actor = {**deputy.own.actor, "delegated_by": self.id}
            found = self.delegations[deputy.id] = Acting(actor, deputy.own.reference)
        return found


class Recruiting:
    """Makes officers with running ids. Assumption: each takes two leaves of 3 to 6 working days."""

    def __init__(self, chance: Chance, time: WorkingTime, first: int, last: int) -> None:
        self._chance, self._time, self._first, self._last = chance, time, first, last
        self._hired = 0

    def officer(self, role: str, rank: str, department: str) -> Officer:
        """One more officer, on duty all year but for leaves."""
        self._hired += 1
        leaves = []
        span = (self._last - self._first) // _LEAVES
        for part in range(_LEAVES):
            begin = self._first + part * span + self._chance.below(span - 20)
            first = self._time.after(begin, 0)
            days = self._chance.between(*_LEAVE_WORKDAYS)
            leaves.append((first, self._time.after(first, days - 1) if days > 1 else first))
        return Officer(f"B{1000 + self._hired}", role, rank, department, tuple(leaves))

    def officers(self, count: int, role: str, rank: str, department: str) -> tuple[Officer, ...]:
        """So many more officers of the same kind."""
        return tuple(self.officer(role, rank, department) for _ in range(count))


@dataclass(frozen=True, slots=True)
class Team:
    """The officers of a department, by what they do."""

    department: Department
    clerks: tuple[Officer, ...]
    reviewers: tuple[Officer, ...]
    approvers: tuple[Officer, ...]
    representatives: tuple[Officer, ...]
    heads: tuple[Officer, ...]

    @classmethod
    def of(cls, department: Department, yearly: float, recruiting: Recruiting) -> Team:
        """The team for that many cases a year. Assumption: 1,800 promised cases for a clerk,
        twice as many for a reviewer, four times for an approver."""
        clerks = max(3, round(yearly * 0.45 / 1_800))
        code = department.code
        return cls(
            department,
            recruiting.officers(clerks, "operator", "staff", code),
            recruiting.officers(max(2, clerks // 2), "reviewer", "section_head", code),
            recruiting.officers(max(2, clerks // 4), "approver", "division_head", code),
            recruiting.officers(max(2, clerks // 3), "approver", "chief_representative", code),
            (
                *recruiting.officers(2, "approver", "agency_deputy", code),
                recruiting.officer("approver", "agency_head", code),
            ),
        )

    @property
    def everybody(self) -> tuple[Officer, ...]:
        """All officers of the team."""
        return (
            *self.clerks,
            *self.reviewers,
            *self.approvers,
            *self.representatives,
            *self.heads,
        )


def on_duty(pool: Sequence[Officer], place: int, day: int) -> Acting:
    """Who of the pool does the work of the officer at `place` on that day.

    An approver's deputy says for whom; a clerk's or reviewer's colleague just does the work. Where
    all are away, the officer comes in.
    """
    count = len(pool)
    officer = pool[place % count]
    if day not in officer.absent:
        return officer.own
    for step in range(1, count):
        colleague = pool[(place + step) % count]
        if day not in colleague.absent:
            return officer.deputised(colleague) if officer.role == "approver" else colleague.own
    return officer.own
