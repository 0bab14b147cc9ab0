from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import CaseNotFound, StoredEventError
from domain.recorded import RecordedEvent
from replay.differences import applied
from replay.history import case_state, diff, history
from replay.point import Point

NUMBER = "440306-20260302-000123"
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
CLOCK = START + timedelta(days=30)
REF = {"source": "/440306/scjg", "id": "2"}


def stored(
    version: int,
    type: str,
    data: dict[str, Any],
    *,
    hours: int = 0,
    lag: timedelta = timedelta(seconds=2),
    subject: str = NUMBER,
) -> RecordedEvent:
    """The event of this version, `hours` after the start, recorded at position 10 × version."""
    time = START + timedelta(hours=hours)
    return RecordedEvent.from_json(
        {
            "specversion": "1.0",
            "position": version * 10,
            "version": version,
            "schemaversion": 1,
            "type": type,
            "source": "/440306/scjg",
            "id": str(version),
            "subject": subject,
            "time": time.isoformat(),
            "recordedat": (time + lag).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": data,
        }
    )


@pytest.fixture
def events():
    return [
        stored(
            1,
            "case.received",
            {
                "item": {"code": "PW", "version": "1"},
                "kind": "promised",
                "channel": "window",
                "applicant": {"kind": "organisation", "name": "某公司"},
                "actor": {"id": "B1024", "role": "window", "department": "综合窗口"},
            },
        ),
        stored(2, "case.accepted", {"actor": {"id": "B1024", "department": "综合窗口"}}, hours=24),
        stored(3, "case.closed", {"result": "issued", "actor": {"id": "B2048"}}, hours=72),
        stored(
            4,
            "record.corrected",
            {"ref": REF, "patch": {"time": "2026-03-02T18:00:00+08:00"}, "reason": "录入错误"},
            hours=96,
        ),
    ]


def paths(event: dict[str, Any]) -> set[str]:
    return {change["path"] for change in event["changes"]}


def test_the_state_of_a_case_is_that_of_all_its_events(events):
    state = case_state(events, NUMBER, Point(), CLOCK)
    assert (state["case"], state["status"], state["version"]) == (NUMBER, "closed", 4)
    assert state["accepted_reported"] == "2026-03-02T18:00:00+08:00"
    assert state["at"] == "2026-04-01T09:30:00+08:00"


def test_position_and_known_at_hide_by_record(events):
    for point in (Point(position=35), Point(known_at=events[2].recordedat)):
        state = case_state(events, NUMBER, point, CLOCK)
        assert state["version"] == 3
        assert state["accepted_reported"] == "2026-03-03T09:30:00+08:00"
    assert case_state(events, NUMBER, Point(position=19), CLOCK)["status"] == "received"


def test_as_of_hides_by_corrected_time_and_never_a_correction(events):
    before_closing = Point(as_of=START + timedelta(hours=10))
    state = case_state(events, NUMBER, before_closing, CLOCK)
    assert (state["status"], state["accepted_reported"]) == (
        "accepted",
        "2026-03-02T18:00:00+08:00",
    )
    assert state["at"] == "2026-03-02T19:30:00+08:00"
    told = history(events, NUMBER, before_closing)["events"]
    assert [event["version"] for event in told] == [1, 2, 4]


def test_the_bounds_hold_together(events):
    point = Point(as_of=START + timedelta(hours=10), position=30)
    assert case_state(events, NUMBER, point, CLOCK)["status"] == "received"


def test_a_position_alone_is_judged_when_it_was_recorded(events):
    state = case_state(events, NUMBER, Point(position=20), CLOCK)
    assert state["at"] == "2026-03-03T09:30:02+08:00"
    located = Point(position=25).located(START + timedelta(hours=30))
    assert case_state(events, NUMBER, located, CLOCK)["at"] == "2026-03-03T15:30:00+08:00"
    assert case_state(events, NUMBER, Point(position=25), CLOCK)["at"].startswith("2026-04-01")


def test_a_case_that_is_not_known_at_the_point_is_not_found(events):
    for point in (
        Point(position=9),
        Point(known_at=START),
        Point(as_of=START - timedelta(seconds=1)),
    ):
        for ask in (case_state, lambda *args: history(*args[:3])):
            with pytest.raises(CaseNotFound, match="check the number") as raised:
                ask(events, NUMBER, point, CLOCK)
            assert raised.value.point == str(point)
    with pytest.raises(CaseNotFound):
        case_state(events, "another", Point(), CLOCK)
    with pytest.raises(CaseNotFound):
        history([], NUMBER, Point())


def test_each_event_of_a_history_has_its_lag_and_what_it_changed(events):
    told = history(events, NUMBER, Point())
    assert told["case"] == NUMBER
    received, accepted, closed, corrected = told["events"]
    assert received["lag_seconds"] == 2.0
    assert {**events[0].attributes}.items() <= received.items()
    assert set(received) - set(events[0].attributes) == {"lag_seconds", "changes"}
    assert {"path": "status", "from": None, "to": "received"} in received["changes"]
    assert {"path": "department", "from": None, "to": "综合窗口"} in received["changes"]
    assert "record_corrections" not in paths(received)
    assert {"path": "status", "from": "received", "to": "accepted"} in accepted["changes"]
    assert {"path": "result", "from": None, "to": "issued"} in closed["changes"]
    assert {
        "path": "accepted_reported",
        "from": "2026-03-03T09:30:00+08:00",
        "to": "2026-03-02T18:00:00+08:00",
    } in corrected["changes"]
    assert not {"version", "position", "at"} & {
        path for event in told["events"] for path in paths(event)
    }


def test_an_event_recorded_long_after_or_before_its_time_says_so(events):
    late = stored(1, "case.received", {}, lag=timedelta(days=3, microseconds=1))
    early = stored(1, "case.received", {}, lag=timedelta(hours=-1))
    assert history([late], NUMBER, Point())["events"][0]["lag_seconds"] == 259200.000001
    assert history([early], NUMBER, Point())["events"][0]["lag_seconds"] == -3600


def test_audit_events_never_appear(events):
    audit = stored(1, "access.logged", {"reader": "J1"}, subject="audit/access")
    assert history([*events, audit], NUMBER, Point()) == history(events, NUMBER, Point())
    with pytest.raises(CaseNotFound):
        history([audit], "audit/access", Point())
    with pytest.raises(CaseNotFound):
        case_state([audit], "audit/access", Point(), CLOCK)


def test_a_correction_that_came_before_the_case_is_known_but_no_fact(events):
    early = stored(1, "record.corrected", {"ref": REF, "patch": {"data": {}}, "reason": "x"})
    assert case_state([early], NUMBER, Point(), CLOCK)["status"] is None
    later = stored(2, "case.received", events[0].data, hours=5)
    with pytest.raises(CaseNotFound):
        history([early, later], NUMBER, Point(as_of=START + timedelta(hours=1)))


def test_a_hole_in_the_versions_is_an_error_and_not_a_shorter_history(events):
    with pytest.raises(StoredEventError, match="expected version 2, found 3"):
        history([events[0], *events[2:]], NUMBER, Point())


@given(st.data())
def test_the_history_known_then_is_the_beginning_of_the_history_known_now(data):
    kinds = st.sampled_from(
        [
            ("case.received", {"kind": "promised", "item": {"code": "PW"}}),
            ("case.accepted", {"actor": {"id": "B1", "department": "D"}}),
            ("case.handed_off", {"to": {"department": "E", "officer": "B2"}}),
            ("clock.suspended", {"seq": "1", "kind": "hearing", "reason": "x", "approver": "L"}),
            ("clock.resumed", {"seq": "1"}),
            ("case.closed", {"result": "issued"}),
            ("record.corrected", {"version": 1, "patch": {"time": "2026-03-01T09:00:00+08:00"}}),
            ("record.retracted", {"version": 2, "reason": "x"}),
        ]
    )
    chosen = data.draw(st.lists(kinds, min_size=1, max_size=8))
    events = [
        stored(version, kind, body, hours=version * 7)
        for version, (kind, body) in enumerate(chosen, start=1)
    ]
    position = data.draw(st.integers(10, 90))
    then = history(events, NUMBER, Point(position=position))["events"]
    now = history(data.draw(st.permutations(events)), NUMBER, Point())["events"]
    assert then == now[: len(then)]
    assert len(then) == sum(event.position <= position for event in events)


def test_two_points_of_knowledge_differ_in_what_was_recorded_between(events):
    told = diff(events, NUMBER, Point(position=20), Point(position=40), CLOCK)
    assert told["from"] == {"position": 20, "at": "2026-03-03T09:30:02+08:00"}
    assert told["to"] == {"position": 40, "at": "2026-03-06T09:30:02+08:00"}
    before = case_state(events, NUMBER, Point(position=20), CLOCK)
    after = case_state(events, NUMBER, Point(position=40), CLOCK)
    assert applied(before, told["changes"]) == after
    assert {"path": "status", "from": "accepted", "to": "closed"} in told["changes"]


def test_a_point_before_the_case_is_an_empty_state_on_either_side(events):
    unknown, known = Point(known_at=START - timedelta(days=1)), Point()
    appeared = diff(events, NUMBER, unknown, known, CLOCK)
    assert appeared["from"] == {"known_at": "2026-03-01T09:30:00+08:00", "at": None}
    assert {"path": "status", "from": None, "to": "closed"} in appeared["changes"]
    gone = diff(events, NUMBER, known, unknown, CLOCK)
    assert {"path": "status", "from": "closed", "to": None} in gone["changes"]
    with pytest.raises(CaseNotFound):
        diff(events, NUMBER, unknown, unknown, CLOCK)
