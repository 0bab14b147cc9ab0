from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import WrongUse
from domain.recorded import RecordedEvent
from replay.point import Point, parse_from, parse_to

CLOCK = datetime(2026, 3, 9, tzinfo=UTC)
MOMENT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def recorded(position: int = 1, recordedat: datetime = MOMENT) -> RecordedEvent:
    return RecordedEvent.from_json(
        {
            "position": position,
            "version": 1,
            "schemaversion": 1,
            "type": "step.completed",
            "source": "/440306/scjg",
            "id": str(position),
            "subject": "A-1",
            "time": "2026-03-02T09:30:00+08:00",
            "recordedat": recordedat.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": {},
        }
    )


def test_a_date_alone_is_the_end_of_that_day_in_shanghai():
    point = Point.parse(as_of="2026-03-02", known_at="2026-03-03")
    assert point.as_of == datetime(2026, 3, 2, 15, 59, 59, 999999, UTC)
    assert point.known_at == datetime(2026, 3, 3, 15, 59, 59, 999999, UTC)


def test_a_date_alone_begins_and_ends_a_range_at_midnight_in_shanghai():
    assert parse_from("2026-03-02") == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert parse_to("2026-04-01") == datetime(2026, 3, 31, 16, tzinfo=UTC)


def test_an_instant_is_taken_as_it_stands():
    for text in ("2026-03-02T09:30:00+08:00", "2026-03-02T01:30:00Z", "2026-03-01T20:30:00-05:00"):
        assert Point.parse(as_of=text).as_of == parse_from(text) == parse_to(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "now", "2026", "2026-03", "20260302", "2026-3-2", "2026-02-30", "2026-13-01",
        "2026-03-02T09:30:00", "2026-03-02T09:30:00 08:00", "2026-03-02 09:30:00+08:00",
        "2026-03-02T09:30+08:00", "2026-03-02T25:00:00Z", "2026-03-02T09:30:00.1234567Z",
        "1899-12-31", "2101-01-01", "2101-01-01T00:00:00Z", "2026-03-02\n", "２０２６-03-02",
    ],
)  # fmt: skip
def test_a_text_that_is_no_instant_is_wrong_use_and_names_the_parameter(text):
    for name, parse in (
        ("as_of", lambda: Point.parse(as_of=text)),
        ("known_at", lambda: Point.parse(known_at=text)),
        ("from", lambda: parse_from(text)),
        ("until", lambda: parse_to(text, "until")),
    ):
        with pytest.raises(WrongUse, match="expected a date such as") as raised:
            parse()
        assert raised.value.field == name


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "one", "", " 1", "１", "9" * 19, True, 0])
def test_a_position_is_an_integer_of_at_least_one(text):
    with pytest.raises(WrongUse, match="position: expected a position"):
        Point.parse(position=text)


def test_an_end_of_a_comparison_is_a_position_or_a_known_at():
    assert Point.parse_knowledge("from", "12") == Point(position=12)
    assert Point.parse_knowledge("to", "2026-03-02") == Point.parse(known_at="2026-03-02")
    with pytest.raises(WrongUse, match=r"^from: expected"):
        Point.parse_knowledge("from", "yesterday")


@given(st.integers(-3, 3), st.integers(-3, 3), st.booleans(), st.booleans())
def test_both_bounds_are_inclusive_and_must_hold_together(seconds, places, timed, placed):
    event = recorded(10, MOMENT)
    point = Point(
        known_at=MOMENT + timedelta(seconds=seconds) if timed else None,
        position=10 + places if placed else None,
    )
    assert point.knows(event) == ((not timed or seconds >= 0) and (not placed or places >= 0))


def test_as_of_does_not_bound_what_is_known():
    assert Point(as_of=MOMENT - timedelta(days=1)).knows(recorded())


def test_the_instant_asked_for_is_the_first_bound_given():
    as_of, known_at = MOMENT, MOMENT + timedelta(days=1)
    assert Point(as_of, known_at, 7).at(CLOCK) == as_of
    assert Point(None, known_at, 7).at(CLOCK) == known_at
    assert Point(None, None, 7).located(MOMENT).at(CLOCK) == MOMENT
    assert Point(None, None, 7).at(CLOCK) == CLOCK
    assert Point().at(CLOCK) == CLOCK


def test_only_a_position_alone_needs_its_recordedat():
    assert Point(position=7).needs_recordedat
    assert not Point(position=7).located(MOMENT).needs_recordedat
    assert not Point(known_at=MOMENT, position=7).needs_recordedat
    assert not Point().needs_recordedat


def test_a_point_says_what_it_is():
    assert str(Point()) == "now"
    assert str(Point(None, MOMENT, 7)) == "known_at 2026-03-02T01:30:00+00:00, position 7"
