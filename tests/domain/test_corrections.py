from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.corrections import CorrectedEvent, as_corrected
from domain.recorded import RecordedEvent, instant

TIME = "2026-03-02T09:30:00+08:00"


def event(position: int, type: str = "case.accepted", **data: Any) -> RecordedEvent:
    """The event with id e1, e2, … at that position; its version is its position."""
    return RecordedEvent.from_json(
        {
            "id": f"e{position}",
            "source": "/s",
            "type": type,
            "subject": "case",
            "time": TIME,
            "data": data,
            "position": position,
            "version": position,
            "recordedat": "2026-03-02T01:30:00.000000Z",
            "schemaversion": 1,
        }
    )


def correction(position: int, target: int, **patch: Any) -> RecordedEvent:
    return event(position, "record.corrected", ref=ref(target), patch=patch)


def retraction(position: int, target: int) -> RecordedEvent:
    return event(position, "record.retracted", ref=ref(target))


def ref(position: int) -> dict[str, str]:
    return {"source": "/s", "id": f"e{position}"}


def read(*events: RecordedEvent) -> dict[int, CorrectedEvent]:
    return {reading.event.position: reading for reading in as_corrected(events)}


def test_events_come_out_in_order_of_position() -> None:
    assert [r.event.position for r in as_corrected([event(3), event(1), event(2)])] == [1, 2, 3]


def test_a_correction_patches_time_and_data() -> None:
    readings = read(
        event(1, a=1, b={"c": 1, "d": 2}),
        correction(2, 1, time="2026-03-01T08:00:00Z", data={"a": None, "b": {"c": 3}}),
    )
    assert readings[1].data == {"b": {"c": 3, "d": 2}}
    assert readings[1].time == instant("2026-03-01T08:00:00Z")
    assert readings[1].corrected
    assert not readings[1].retracted
    assert not readings[2].corrected


def test_a_correction_may_name_the_version() -> None:
    named = event(2, "record.corrected", version=1, patch={"data": {"a": 2}})
    assert read(event(1, a=1), named)[1].data == {"a": 2}


def test_of_one_field_the_last_correction_holds() -> None:
    readings = read(
        event(1), correction(2, 1, data={"a": 1, "b": 1}), correction(3, 1, data={"a": 2})
    )
    assert readings[1].data == {"a": 2, "b": 1}


def test_a_correction_may_arrive_before_what_it_corrects() -> None:
    assert read(correction(1, 2, data={"a": 2}), event(2, a=1))[2].data == {"a": 2}


def test_a_correction_of_a_correction_applies() -> None:
    readings = read(
        event(1, a=1),
        correction(2, 1, data={"a": 2}),
        correction(3, 2, data={"patch": {"data": {"a": 3}}}),
    )
    assert readings[1].data == {"a": 3}
    assert readings[2].corrected


def test_a_retracted_correction_has_no_effect() -> None:
    readings = read(event(1, a=1), correction(2, 1, data={"a": 2}), retraction(3, 2))
    assert readings[1].data == {"a": 1}
    assert not readings[1].corrected
    assert readings[2].retracted


def test_a_retracted_retraction_gives_the_event_back() -> None:
    assert read(event(1), retraction(2, 1))[1].retracted
    assert not read(event(1), retraction(2, 1), retraction(3, 2))[1].retracted
    assert read(event(1), retraction(2, 1), retraction(3, 2), retraction(4, 3))[1].retracted


def test_a_correction_may_be_pointed_at_another_event() -> None:
    readings = read(
        event(1, a=1),
        event(2, a=1),
        correction(3, 1, data={"a": 2}),
        correction(4, 3, data={"ref": ref(2)}),
    )
    assert (readings[1].data, readings[1].corrected) == ({"a": 1}, False)
    assert (readings[2].data, readings[2].corrected) == ({"a": 2}, True)


def test_a_correction_pointed_at_another_correction_amends_that_one() -> None:
    readings = read(
        event(1, a=1),
        retraction(2, 1),
        retraction(3, 1),
        correction(4, 3, data={"ref": ref(2)}),
    )
    assert readings[2].retracted
    assert not readings[1].retracted


def test_what_names_nothing_known_has_no_effect() -> None:
    nowhere = event(2, "record.retracted", ref={"source": "/other", "id": "e1"})
    assert not read(event(1), nowhere, event(3, "record.retracted"))[1].retracted


def test_a_reference_goes_before_a_version_even_when_it_names_nothing() -> None:
    both = event(2, "record.retracted", ref={"source": "/s", "id": "e9"}, version=1)
    assert not read(event(1), both)[1].retracted


def test_what_names_itself_or_goes_in_a_circle_has_no_effect() -> None:
    assert not read(retraction(1, 1))[1].retracted
    readings = read(event(1), retraction(2, 3), retraction(3, 2))
    assert not any(reading.retracted for reading in readings.values())


def test_a_reference_that_keeps_moving_has_no_effect() -> None:
    readings = read(
        event(1, a=1),
        correction(2, 3, data={"ref": ref(1)}),
        correction(3, 2, data={"ref": ref(1)}),
    )
    assert readings[1].data == {"a": 1}


@pytest.mark.parametrize("time", ["2026-03-01", "2026-03-01T08:00:00", "never", 5, None])
def test_a_patched_time_that_is_none_leaves_the_time(time: object) -> None:
    assert read(event(1), correction(2, 1, time=time))[1].time == instant(TIME)


def test_a_sealed_value_is_replaced_whole() -> None:
    old = {"sealed": "A256GCM", "text": "old", "length": 3}
    new = {"sealed": "A256GCM", "text": "new"}
    readings = read(event(1, name=old), correction(2, 1, data={"name": new}))
    assert readings[1].data == {"name": new}


@given(st.permutations(range(1, 8)))
def test_the_reading_depends_on_positions_and_not_on_the_order_given(order: list[int]) -> None:
    events = [
        event(1, a=1),
        correction(2, 1, data={"a": 2}),
        correction(3, 2, data={"patch": {"data": {"b": 1}}}),
        retraction(4, 5),
        retraction(5, 2),
        retraction(6, 7),
        correction(7, 1, data={"a": 9}),
    ]
    readings = read(*[events[position - 1] for position in order])
    assert readings[1].data == {"a": 2, "b": 1}
