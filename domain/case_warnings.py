"""The warnings (预警/黄牌/红牌) of a case and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from domain.case_facts import Facts, code, member

WarningState = Literal["raised", "answered", "appealed", "revoked"]

_ANSWERS: Final[dict[str, WarningState]] = {
    "warning.answered": "answered",
    "warning.appealed": "appealed",
    "warning.revoked": "revoked",
}


@dataclass(frozen=True, slots=True)
class RaisedWarning:
    """One warning: `due` as it was written, `time` its threshold moment. `level`, `clock` and
    `due` are text unless a correction made something else of them."""

    level: Any
    clock: Any
    due: Any
    time: datetime
    state: WarningState


def warnings(facts: Facts, at: datetime) -> tuple[RaisedWarning, ...]:
    """The warnings with a time up to `at`, by time; their states as known, whatever `at` is.

    A revoked warning stays revoked; of an answer and an appeal the later recorded one counts.
    """
    states: dict[tuple[Any, Any], WarningState] = {}
    for fact in facts.known:
        state = _ANSWERS.get(fact.type)
        named = (member(fact.data, "ref", "source"), member(fact.data, "ref", "id"))
        if state is not None and states.get(named) != "revoked":
            states[named] = state
    raised = [f for f in facts.known if f.type == "warning.raised" and f.time <= at]
    return tuple(
        RaisedWarning(
            level=code(fact.data.get("level")),
            clock=fact.data.get("clock"),
            due=fact.data.get("due"),
            time=fact.time,
            state=states.get((fact.reading.event.source, fact.reading.event.id), "raised"),
        )
        for fact in sorted(raised, key=lambda fact: (fact.time, fact.version))
    )
