from typing import Any

from domain.case import fold, state
from domain.recorded import instant
from tests.domain.history import History, moment


def stretches(history: History, as_of: str | None = None) -> list[tuple[Any, ...]]:
    """department, officer, from, to, workdays of each, asked for at 18:00 on 31 March 2026."""
    at = instant("2026-03-31T18:00:00+08:00")
    point = None if as_of is None else instant(moment(as_of))
    case = fold(history.subject, history.events)
    return [
        (
            held["department"],
            held["officer"],
            held["from"][5:10],
            held["to"] and held["to"][5:10],
            held["workdays"],
        )
        for held in state(case, at=at, as_of=point).as_json()["held"]
    ]


def holder(history: History) -> tuple[Any, Any]:
    case = fold(history.subject, history.events)
    json = state(case, at=instant("2026-03-31T18:00:00+08:00")).as_json()
    return json["department"], json["officer"]


def actor(id: str, department: str = "D1") -> dict[str, str]:
    return {"id": id, "department": department}


def received() -> History:
    return History().add("case.received", "03-02", actor=actor("A"))


def test_who_last_received_accepted_or_did_a_step_holds_the_case() -> None:
    history = received()
    assert holder(history) == ("D1", "A")
    assert holder(history.add("case.accepted", "03-03", actor=actor("B"))) == ("D1", "B")
    assert holder(history.add("step.started", "03-04", actor=actor("C", "D2"))) == ("D2", "C")
    assert holder(history.add("fee.charged", "03-05", actor=actor("X"))) == ("D2", "C")
    assert holder(history.add("step.completed", "03-06", step="auto")) == ("D2", "C")


def test_the_last_hand_off_goes_before_every_step() -> None:
    history = received().add("case.handed_off", "03-04", to={"department": "D2"})
    assert holder(history) == ("D2", None)
    history.add("step.completed", "03-05", actor=actor("S", "D2"))
    assert holder(history) == ("D2", None)
    history.add("case.handed_off", "03-06", to={"department": "D3", "officer": "T"})
    assert holder(history) == ("D3", "T")
    history.add("case.handed_off", "03-06", to={"officer": {"id": "U", "department": "D4"}})
    assert holder(history) == ("D4", "U")


def test_an_acceptance_without_effect_moves_nothing() -> None:
    history = received().add("case.accepted", "03-03", actor=actor("B"))
    assert holder(history.add("case.accepted", "03-04", actor=actor("C"))) == ("D1", "B")


def test_every_event_of_an_imported_log_is_a_step() -> None:
    history = History(source="/import/receipt").add("fee.charged", actor={"id": "Resource21"})
    assert holder(history) == (None, "Resource21")


def test_workdays_are_those_after_the_first_date_up_to_the_last() -> None:
    history = received().add("step.started", "03-06", actor=actor("A"))
    history.add("case.handed_off", "03-09", to={"department": "D2"})
    assert stretches(history) == [
        ("D1", "A", "03-02", "03-09", 5),
        ("D2", None, "03-09", None, 16),
    ]
    assert stretches(history, as_of="03-06") == [("D1", "A", "03-02", None, 21)]


def test_nobody_holds_a_case_that_has_ended_until_it_is_reopened() -> None:
    history = received().add("case.closed", "03-04", result="issued")
    history.add("step.completed", "03-05", actor=actor("B"))
    assert stretches(history) == [("D1", "A", "03-02", "03-04", 2)]
    history.add("case.reopened", "03-10", reason="x")
    assert stretches(history)[1:] == [("D1", "B", "03-10", None, 15)]
    history.add("case.voided", "03-11", reason="x")
    assert stretches(history)[1:] == [("D1", "B", "03-10", "03-11", 1)]


def test_a_case_with_unknown_actors_was_held_by_nobody_known() -> None:
    history = History().add("case.received", "03-02").add("step.completed", "03-03")
    assert stretches(history) == []
    assert holder(history) == (None, None)
