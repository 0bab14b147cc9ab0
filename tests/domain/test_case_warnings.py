from typing import Any

from domain.case import fold, state
from domain.recorded import instant
from tests.domain.history import History, moment


def warnings(history: History, at: str = "03-31") -> list[dict[str, Any]]:
    case = fold(history.subject, history.events)
    found: list[dict[str, Any]] = state(case, at=instant(moment(at))).as_json()["warnings"]
    return found


def raised() -> History:
    due = "2026-03-09T15:59:59Z"
    return (
        History()
        .add("warning.raised", "03-09T08:30", level="yellow", clock="promised", due=due)
        .add("warning.raised", "03-06T08:30", level="notice", clock="promised", due="2026-03-09")
    )


def states(history: History) -> list[str]:
    return [warning["state"] for warning in warnings(history)]


def test_warnings_stand_by_time_with_their_due_in_the_time_of_shanghai() -> None:
    assert warnings(raised()) == [
        {
            "level": "notice",
            "clock": "promised",
            "due": "2026-03-09",
            "time": "2026-03-06T08:30:00+08:00",
            "state": "raised",
        },
        {
            "level": "yellow",
            "clock": "promised",
            "due": "2026-03-09T23:59:59+08:00",
            "time": "2026-03-09T08:30:00+08:00",
            "state": "raised",
        },
    ]


def test_a_warning_stands_from_its_time_on() -> None:
    assert [w["level"] for w in warnings(raised(), at="03-06T08:30")] == ["notice"]
    assert warnings(raised(), at="03-06T08:29") == []


def test_its_state_is_the_last_one_recorded_and_revoked_stays_revoked() -> None:
    history = raised()
    assert states(history.add("warning.answered", "03-10", ref=history.ref(1))) == [
        "raised",
        "answered",
    ]
    assert states(history.add("warning.appealed", "03-09T09:00", ref=history.ref(1)))[1] == (
        "appealed"
    )
    assert states(history.add("warning.revoked", "03-12", ref=history.ref(1)))[1] == "revoked"
    assert states(history.add("warning.answered", "03-13", ref=history.ref(1)))[1] == "revoked"
    assert states(history.retract(5))[1] == "answered"


def test_its_state_is_as_known_even_where_the_answer_came_after_the_instant_asked_for() -> None:
    history = raised()
    history.add("warning.revoked", "03-20", ref=history.ref(2))
    assert [w["state"] for w in warnings(history, at="03-07")] == ["revoked"]


def test_a_retracted_warning_is_gone() -> None:
    assert [w["level"] for w in warnings(raised().retract(1))] == ["notice"]
