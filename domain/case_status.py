"""Where a case stands."""

from __future__ import annotations

from typing import Final, Literal

from domain.case_facts import ACCEPTED, CLOSED, DECIDED, ENDS, Facts
from domain.suspensions import Suspension

Status = Literal[
    "received",
    "correcting",
    "accepted",
    "suspended",
    "decided",
    "closed",
    "declined",
    "withdrawn",
    "voided",
]

_ENDED: Final[dict[str, Status]] = {
    CLOSED: "closed",
    "case.declined": "declined",
    "case.withdrawn": "withdrawn",
    "case.voided": "voided",
}


def status(facts: Facts, suspensions: tuple[Suspension, ...]) -> Status | None:
    """The status that the visible facts give; None before any event of procedure.

    The last of the ends of the present round decides (a case withdrawn and then closed is
    closed), else its decision, else a special procedure that is open, else acceptance, else
    whether corrected materials are awaited. What came before a reopening counts for acceptance
    and materials only.
    """
    if not any(fact.in_procedure for fact in facts.visible):
        return None
    present = [fact for fact in facts.visible if fact.round == facts.round]
    ends = [fact for fact in present if fact.type in ENDS]
    if ends:
        return _ENDED[ends[-1].type]
    if any(fact.type == DECIDED for fact in present):
        return "decided"
    if any(s.to is None and s.round == facts.round for s in suspensions):
        return "suspended"
    if facts.in_effect(ACCEPTED) is not None:
        return "accepted"
    return "correcting" if _awaits_materials(facts) else "received"


def _awaits_materials(facts: Facts) -> bool:
    awaiting = False
    for fact in facts.visible:
        if fact.type == "correction.requested":
            awaiting = True
        elif fact.type == "correction.received" and fact.data.get("complete") is not False:
            awaiting = False
    return awaiting
