from typing import Any

import pytest

from domain.errors import Fault
from domain.reading import read_event
from tests.domain.golden_events import golden
from tests.domain.refusals import refused

ACCEPTED = "case.accepted"


def with_attributes(**attributes: Any) -> dict[str, Any]:
    return {**golden(ACCEPTED), **attributes}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "null"),
        (True, "a boolean"),
        (7, "a number"),
        (7.5, "a number"),
        ("x", "text of 1 character"),
        ([], "a list of 0 elements"),
        (("x",), "a tuple"),
    ],
)
def test_what_is_no_object_is_refused_by_its_type(value: Any, found: str) -> None:
    assert refused(value) == {"event": Fault("event", "a JSON object", found)}


def test_an_empty_object_lacks_every_required_attribute() -> None:
    assert set(refused({})) == {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "data",
    }


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("specversion", 1.0),
        ("id", ""),
        ("id", 7),
        ("id", "a\tb"),
        ("id", "a" * 10_001),
        ("source", ""),
        ("source", "/a b"),
        ("source", "/a\x00"),
        ("type", "case.unknown"),
        ("type", ["case.accepted"]),
        ("data", []),
        ("data", "{}"),
        ("data", None),
        ("datacontenttype", "text/xml"),
        ("datacontenttype", "application/jsonp"),
        ("position", 1),
        ("version", 1),
        ("recordedat", "2026-03-02T01:30:00.123456Z"),
        ("schemaversion", 1),
        ("deliveredat", "2026-03-02T09:30:00+08:00"),
        ("Upper", "x"),
        ("under_score", "x"),
        ("data_base64", "e30="),
        ("extension", 1.5),
        ("extension", {}),
        ("extension", ["x"]),
    ],
)
def test_a_bad_attribute_is_refused_naming_it(attribute: str, value: Any) -> None:
    assert set(refused(with_attributes(**{attribute: value}))) == {attribute}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("datacontenttype", "application/json; charset=utf-8"),
        ("datacontenttype", "Application/JSON"),
        ("dataschema", "https://example.org/schema"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("sequence", 7),
        ("sampled", True),
    ],
)
def test_an_extension_attribute_is_kept(attribute: str, value: Any) -> None:
    event = with_attributes(**{attribute: value})
    reading = read_event(event)
    assert reading.event is event
    assert reading.warnings == ()


def test_an_attribute_that_is_null_is_unset() -> None:
    event = with_attributes(position=None, traceparent=None, datacontenttype=None)
    reading = read_event(event)
    assert reading.event.keys() == golden(ACCEPTED).keys() - {"datacontenttype"}
    assert set(refused(with_attributes(time=None))) == {"time"}


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-02T09:30:00+08:00",
        "2026-03-02T01:30:00Z",
        "2026-03-02T01:30:00-00:00",
        "2026-03-02T01:30:00.1Z",
        "2026-03-02T01:30:00.123456+05:45",
        "1900-01-01T00:00:00Z",
        "2100-12-31T23:59:59Z",
        "2000-02-29T00:00:00Z",
        "2024-02-29T23:59:59Z",
    ],
)
def test_a_time_with_an_offset_is_stored_as_sent(time: str) -> None:
    assert read_event(with_attributes(time=time)).event["time"] == time


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-02T09:30:00",
        "2026-03-02",
        "2026-03-02 09:30:00+08:00",
        "2026-03-02t09:30:00z",
        "2026-03-02T09:30+08:00",
        "2026-03-02T09:30:00+0800",
        "2026-03-02T09:30:00+08",
        "2026-03-02T09:30:00,5+08:00",
        "2026-03-02T09:30:00.+08:00",
        "2026-03-02T09:30:00.1234567+08:00",
        "2026-03-02T24:00:00+08:00",
        "2026-03-02T23:59:60Z",
        "2026-03-02T09:60:00Z",
        "2026-03-02T09:30:00+24:00",
        "2026-02-30T09:30:00Z",
        "2026-02-29T09:30:00Z",
        "1900-02-29T09:30:00Z",
        "2100-02-29T09:30:00Z",
        "2026-04-31T09:30:00Z",
        "2026-13-01T09:30:00Z",
        "2026-00-01T09:30:00Z",
        "1899-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "٢٠٢٦-03-02T09:30:00Z",
        "2026-03-02T09:30:00Z\n",
        "",
        1772415000,
        None,
    ],
)
def test_other_times_are_refused(time: Any) -> None:
    assert set(refused(with_attributes(time=time))) == {"time"}


def test_only_a_simulated_ledger_takes_a_delivery_time_and_it_has_to_be_one() -> None:
    event = with_attributes(deliveredat="2026-03-02T09:30:00+08:00")
    assert read_event(event, simulated=True).event is event
    assert set(refused(event)) == {"deliveredat"}
    assert set(refused(with_attributes(deliveredat="soon"), simulated=True)) == {"deliveredat"}
