from typing import Any

import pytest

from domain.case import fold, state
from domain.recorded import instant
from tests.domain.history import History, moment


def suspensions(history: History, as_of: str | None = None) -> list[dict[str, Any]]:
    at = instant("2026-03-31T18:00:00+08:00")
    point = None if as_of is None else instant(moment(as_of))
    case = fold(history.subject, history.events)
    found: list[dict[str, Any]] = state(case, at=at, as_of=point).as_json()["suspensions"]
    return found


def spans(history: History, as_of: str | None = None) -> list[tuple[Any, str, str | None]]:
    return [
        (s["seq"], s["from"][5:10], s["to"] and s["to"][5:10]) for s in suspensions(history, as_of)
    ]


def test_a_suspension_shows_its_kind_and_span() -> None:
    history = History().add("clock.suspended", "03-03", seq=1, kind="hearing")
    history.add("clock.resumed", "03-05", seq=1)
    assert suspensions(history) == [
        {
            "seq": 1,
            "kind": "hearing",
            "from": "2026-03-03T09:00:00+08:00",
            "to": "2026-03-05T09:00:00+08:00",
            "recorded_late": False,
        }
    ]


def test_the_kth_start_of_a_seq_goes_with_its_kth_end_in_order_of_recording() -> None:
    history = (
        History()
        .add("clock.resumed", "03-09", seq=1)
        .add("clock.suspended", "03-03", seq=1)
        .add("clock.suspended", "03-10", seq="1")
        .add("clock.suspended", "03-04", seq=2)
        .add("clock.resumed", "03-12", seq=1)
        .add("clock.suspended", "03-20", seq=1)
    )
    assert spans(history) == [
        (1, "03-03", "03-09"),
        (2, "03-04", None),
        ("1", "03-10", "03-12"),
        (1, "03-20", None),
    ]


def test_as_of_hides_a_later_start_and_a_later_end() -> None:
    history = History().add("clock.suspended", "03-03", seq=1).add("clock.resumed", "03-09", seq=1)
    history.add("clock.suspended", "03-10", seq=1)
    assert spans(history, as_of="03-08") == [(1, "03-03", None)]


def test_a_retracted_end_leaves_the_suspension_open() -> None:
    history = History().add("clock.suspended", "03-03", seq=1).add("clock.resumed", "03-09", seq=1)
    assert spans(history.retract(2)) == [(1, "03-03", None)]


@pytest.mark.parametrize(
    ("start", "recorded", "late"),
    [
        ("03-06T17:00", "03-09T23:59", False),
        ("03-06T17:00", "03-10T00:00", True),
        ("02-13T09:00", "02-14T20:00", False),
        ("02-14T09:00", "02-24T20:00", False),
        ("02-14T09:00", "02-25T00:00", True),
        ("2026-03-05T16:30:00Z", "2026-03-09T15:59:00Z", False),
    ],
)
def test_recorded_late_is_after_the_first_working_day_after_the_fact(
    start: str, recorded: str, late: bool
) -> None:
    history = History().add("clock.suspended", start, recorded=recorded, seq=1)
    assert [s["recorded_late"] for s in suspensions(history)] == [late]


def test_an_end_recorded_late_counts_too() -> None:
    history = History().add("clock.suspended", "03-03", seq=1)
    history.add("clock.resumed", "03-04", recorded="03-20", seq=1)
    assert [s["recorded_late"] for s in suspensions(history)] == [True]
    assert [s["recorded_late"] for s in suspensions(history, as_of="03-03")] == [False]


def test_nothing_in_an_imported_log_is_recorded_late() -> None:
    history = History(source="/import/receipt")
    history.add("clock.suspended", "2011-03-02T09:00:00+08:00", recorded="03-20", seq=1)
    assert [s["recorded_late"] for s in suspensions(history)] == [False]
