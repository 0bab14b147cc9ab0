from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import Case, evolve, fold, state
from domain.case_state import CaseState
from domain.errors import CaseNotFound, StoredEventError
from domain.recorded import instant
from tests.domain.history import History, moment

AT = instant("2026-03-31T18:00:00+08:00")


def at(history: History, *, at: datetime = AT, as_of: str | None = None) -> CaseState:
    point = None if as_of is None else instant(moment(as_of))
    return state(fold(history.subject, history.events), at=at, as_of=point)


def finished() -> History:
    """Received, accepted, reviewed, decided, closed and delivered on 2 to 5 March."""
    window = {"id": "B1", "department": "ZWJ"}
    item = {"code": "I1", "version": 2}
    return (
        History()
        .add("case.received", "03-02T09:00", actor=window, item=item, kind="promised")
        .add("case.accepted", "03-02T10:00", actor=window)
        .add(
            "step.completed", "03-03T10:00", step="review", actor={"id": "S1", "department": "SCJ"}
        )
        .add("decision.made", "03-04T10:00", outcome="granted")
        .add("case.closed", "03-04T11:00", result="issued")
        .add("result.delivered", "03-05T09:00")
    )


def test_a_finished_case_reads_as_one_json_object() -> None:
    history = finished()
    history.add("rating.submitted", "03-05T10:00", level=2, channel="qr", round="first")
    history.add("rating.rectified", "03-06T10:00", ref=history.ref(7), outcome="fixed")
    assert at(history).as_json() == {
        "case": history.subject,
        "item": {"code": "I1", "version": 2},
        "kind": "promised",
        "status": "closed",
        "department": "SCJ",
        "officer": "S1",
        "version": 8,
        "position": 8,
        "at": "2026-03-31T18:00:00+08:00",
        "received": "2026-03-02T09:00:00+08:00",
        "accepted_reported": "2026-03-02T10:00:00+08:00",
        "decided": "2026-03-04T10:00:00+08:00",
        "delivered": "2026-03-05T09:00:00+08:00",
        "closed": "2026-03-04T11:00:00+08:00",
        "result": "issued",
        "suspensions": [],
        "warnings": [],
        "record_corrections": 0,
        "supplement_rounds": 0,
        "held": [
            {
                "department": "ZWJ",
                "officer": "B1",
                "from": "2026-03-02T09:00:00+08:00",
                "to": "2026-03-03T10:00:00+08:00",
                "workdays": 1,
            },
            {
                "department": "SCJ",
                "officer": "S1",
                "from": "2026-03-03T10:00:00+08:00",
                "to": "2026-03-04T11:00:00+08:00",
                "workdays": 1,
            },
        ],
        "ratings": [
            {
                "level": 2,
                "channel": "qr",
                "round": "first",
                "time": "2026-03-05T10:00:00+08:00",
                "rectified": "fixed",
            }
        ],
    }


def test_instants_are_written_in_the_time_of_shanghai_whatever_their_offset() -> None:
    history = History().add("case.received", "2026-03-02T01:30:00.5Z")
    json = at(history, at=datetime(2026, 3, 2, 2, tzinfo=UTC)).as_json()
    assert json["received"] == "2026-03-02T09:30:00.500000+08:00"
    assert json["at"] == "2026-03-02T10:00:00+08:00"


def test_as_of_hides_what_happened_later() -> None:
    seen = at(finished(), as_of="03-03T10:00")
    assert (seen.status, seen.decided, seen.closed, seen.result) == ("accepted", None, None, None)
    assert seen.holder.officer == "S1"
    assert (seen.version, seen.position) == (6, 6)
    before = at(finished(), as_of="03-01")
    assert (before.status, before.received, before.item, before.kind) == (None, None, None, None)


def test_of_two_acceptances_the_first_recorded_takes_effect() -> None:
    history = finished().add("case.accepted", "02-20T10:00").add("case.received", "02-19T10:00")
    history.add("case.closed", "02-21", result="withdrawn", reason="x")
    seen = at(history)
    assert seen.accepted_reported == instant("2026-03-02T10:00:00+08:00")
    assert seen.received == instant("2026-03-02T09:00:00+08:00")
    assert seen.result == "issued"


def test_as_of_does_not_bring_up_a_second_acceptance() -> None:
    history = History().add("case.accepted", "03-10").add("case.accepted", "03-02")
    assert at(history, as_of="03-05").accepted_reported is None


def test_when_the_first_acceptance_is_retracted_the_second_takes_effect() -> None:
    history = finished().add("case.accepted", "03-02T10:30").retract(2)
    assert at(history).accepted_reported == instant("2026-03-02T10:30:00+08:00")
    history.retract(8)
    assert at(history).accepted_reported == instant("2026-03-02T10:00:00+08:00")


def test_a_correction_moves_an_event_and_is_counted() -> None:
    history = finished().correct(2, time=moment("03-03T15:00"), data={"receipt_no": "2"})
    seen = at(history)
    assert seen.accepted_reported == instant("2026-03-03T15:00:00+08:00")
    assert seen.holder.officer == "B1"
    assert seen.record_corrections == 1
    assert at(history, as_of="03-03T12:00").record_corrections == 1
    assert at(history, as_of="03-03T12:00").accepted_reported is None
    assert at(history.retract(7)).record_corrections == 0


def test_after_a_reopening_the_next_decision_and_closing_take_effect() -> None:
    history = finished().add("case.reopened", "03-10", reason="x")
    seen = at(history)
    assert (seen.status, seen.decided, seen.closed, seen.result) == ("accepted", None, None, None)
    assert seen.accepted_reported == instant("2026-03-02T10:00:00+08:00")
    assert seen.delivered == instant("2026-03-05T09:00:00+08:00")
    history.add("case.accepted", "03-11").add("decision.made", "03-12", outcome="refused")
    history.add("case.closed", "03-13", result="refused", reason="x")
    history.add("case.closed", "03-14", result="issued")
    seen = at(history)
    assert (seen.status, seen.result) == ("closed", "refused")
    assert seen.accepted_reported == instant("2026-03-11T09:00:00+08:00")
    assert seen.decided == instant("2026-03-12T09:00:00+08:00")
    assert at(history, as_of="03-09").result == "issued"
    assert at(history, as_of="03-10").result is None


def test_rounds_of_supplements_are_the_requests_that_stand() -> None:
    history = History().add("case.received")
    for day in ("03-03", "03-04", "03-20"):
        history.add("correction.requested", day, items=[], reason="x")
    assert at(history).supplement_rounds == 3
    assert at(history, as_of="03-10").supplement_rounds == 2
    assert at(history.retract(2)).supplement_rounds == 2


def test_codes_of_a_source_read_as_their_value() -> None:
    history = History().add("case.received", kind={"value": "joint", "raw": 3})
    history.add("case.closed", result={"value": "other", "raw": 6}, reason="x")
    history.add("rating.submitted", level={"value": 5, "raw": 1}, channel={"value": "qr"})
    seen = at(history)
    assert (seen.kind, seen.result) == ("joint", "other")
    assert (seen.ratings[0].level, seen.ratings[0].channel) == (5, "qr")


def test_an_officer_known_by_name_only_stands_sealed_as_stored() -> None:
    sealed = {"sealed": "A256GCM", "ref": "00"}
    history = History().add("case.received", actor={"name": sealed, "department": "D"})
    assert at(history).as_json()["officer"] == sealed


def test_a_case_without_events_is_not_found() -> None:
    with pytest.raises(CaseNotFound):
        state(Case("440306-1"), at=AT)


def test_an_event_out_of_order_or_of_another_case_is_an_error() -> None:
    first, second, third = finished().events[:3]
    with pytest.raises(StoredEventError, match="expected version 1, found 2 at position 2"):
        fold(first.subject, [second])
    with pytest.raises(StoredEventError, match="expected version 2, found 3"):
        fold(first.subject, [first, third])
    with pytest.raises(StoredEventError, match="expected version 2, found 1"):
        evolve(fold(first.subject, [first]), first)
    with pytest.raises(StoredEventError, match="expected an event of another"):
        fold("another", [first])


TYPES = [
    "case.received",
    "case.accepted",
    "correction.requested",
    "correction.received",
    "clock.suspended",
    "clock.resumed",
    "case.handed_off",
    "step.completed",
    "decision.made",
    "case.closed",
    "case.reopened",
    "case.withdrawn",
    "record.corrected",
    "record.retracted",
    "warning.raised",
    "warning.answered",
    "rating.submitted",
]

junk = st.sampled_from([None, 1, "x", [], ["x"], {}, {"id": "B1"}, {"value": "other"}])


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any order of events, with data that a correction may have made of any shape."""
    history = History()
    for _ in range(draw(st.integers(1, 12))):
        data: dict[str, Any] = draw(
            st.dictionaries(
                st.sampled_from(["actor", "to", "seq", "item", "kind", "result", "level", "due"]),
                junk,
                max_size=3,
            )
        )
        if draw(st.booleans()):
            data["ref"] = history.ref(draw(st.integers(1, 12)))
        time = instant("2026-03-02T09:00:00+08:00") + timedelta(hours=draw(st.integers(0, 200)))
        history.add(draw(st.sampled_from(TYPES)), time.isoformat(), **data)
    return history


@given(histories(), st.data())
def test_folding_all_is_folding_a_part_and_evolving_the_rest(
    history: History, data: st.DataObject
) -> None:
    split = data.draw(st.integers(0, len(history.events)))
    case = fold(history.subject, history.events[:split])
    for event in history.events[split:]:
        case = evolve(case, event)
    assert case == fold(history.subject, history.events)
    assert state(case, at=AT) == at(history)


@given(histories())
def test_any_history_has_a_state_and_as_of_its_end_hides_nothing(history: History) -> None:
    seen = at(history)
    assert seen == at(history, as_of="2026-12-31")
    assert seen.version == len(history.events)
    stretches = seen.held
    assert all(s.to is not None and s.from_ <= s.to for s in stretches[:-1])
    assert all(a.to is not None and a.to <= b.from_ for a, b in pairwise(stretches))
    assert seen.as_json()["case"] == history.subject
