from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.errors import UndecodableEvent
from domain.recorded import RecordedEvent, instant

STORED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "a1",
    "source": "/440306/scjg",
    "type": "case.accepted",
    "subject": "440306-1",
    "time": "2026-03-02T09:30:00+08:00",
    "data": {"receipt_no": "SL0001"},
    "position": 7,
    "version": 2,
    "recordedat": "2026-03-02T01:30:00.123456Z",
    "schemaversion": 1,
}


def test_the_time_keeps_the_offset_that_was_sent() -> None:
    event = RecordedEvent.from_json(STORED)
    assert event.time.utcoffset() == timedelta(hours=8)
    assert event.recordedat == datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)
    assert (event.position, event.version, event.data) == (7, 2, STORED["data"])
    assert event.attributes is STORED


@pytest.mark.parametrize(
    "change",
    [
        {"position": 0},
        {"position": True},
        {"version": "2"},
        {"schemaversion": None},
        {"id": 4},
        {"time": "2026-03-02T09:30:00"},
        {"time": "2026-03-02"},
        {"recordedat": "yesterday"},
        {"data": []},
    ],
)
def test_what_is_no_stored_event_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(UndecodableEvent):
        RecordedEvent.from_json({**STORED, **change})


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:30:00.1234567Z",
        "1899-12-31T23:00:00Z",
        "2101-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "20260302T093000Z",
        "2026-03-02 09:30:00Z",
    ],
)
def test_an_instant_out_of_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|day"):
        instant(text)


def test_an_instant_is_read_with_lower_case_letters() -> None:
    assert instant("2026-03-02t01:30:00z") == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
