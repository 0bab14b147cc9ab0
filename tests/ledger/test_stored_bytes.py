from __future__ import annotations

import json
import string
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.canonical import canonical, sealed_canonical
from ledger.case_ledger import CaseLedger
from ledger.receipt import Status
from ledger.stored_bytes import Envelope, filled
from tests.domain.golden_events import golden, golden_names
from tests.ledger.ledger_contents import stored
from tests.ledger.sent_events import event, person, received, sent, text_of

_text = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["\ue000", "\uffff", "\U00010000", "\U0001f600", "é", "e\u0301", "\x7f", "\u2028", '\x1f"\\/']
)
_numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_json = st.recursive(
    st.none() | st.booleans() | _numbers | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)
_names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20) | st.sampled_from(
    ["a", "partitionkey", "purpose", "sequence", "zone", "dat", "datab", "positions", "schema"]
)
_RESERVED = {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"}
_LEDGERS = {"position", "version", "recordedat", "schemaversion", "deliveredat"}
_extensions = st.dictionaries(
    _names.filter(lambda name: name not in _RESERVED | _LEDGERS),
    _text.filter(lambda text: "\0" not in text) | st.booleans() | st.integers(-(2**31), 2**31 - 1),
    max_size=4,
)


def _holds_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_float(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_float(item) for item in value)
    return isinstance(value, float)


@given(_json)
def test_canonical_bytes_are_those_of_rfc_8785(value: Any) -> None:
    expected = rfc8785.dumps(value)
    assert canonical(value) == expected
    assert canonical(value, has_float=_holds_float(value)) == expected
    assert sealed_canonical(value, has_float=_holds_float(value)) == expected


@given(
    extensions=_extensions, data=st.dictionaries(_text, _json, max_size=4), version=st.integers(1)
)
def test_the_ledgers_attributes_stand_at_their_sorted_places(
    extensions: dict[str, Any], data: dict[str, Any], version: int
) -> None:
    sent_event = event(data=data, **extensions)
    envelope = Envelope(sent_event)
    body = rfc8785.dumps(data)
    recordedat = "2026-03-02T01:30:00.123456Z"
    added = {"position": 7, "recordedat": recordedat, "schemaversion": 1, "version": 3}
    expected = rfc8785.dumps(sent_event | added)
    assert filled(envelope.template(body, 1), 7, recordedat.encode(), 3) == expected
    assert envelope.whole(body) == rfc8785.dumps(sent_event)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extensions=_extensions, data=st.dictionaries(_text, _json, max_size=3))
def test_what_is_stored_is_canonical_whatever_was_sent(
    ledger: CaseLedger, extensions: dict[str, Any], data: dict[str, Any]
) -> None:
    raw = text_of(event(data={"unknown": data}, **extensions))
    receipt = ledger.append([raw])[0]
    if receipt.status is Status.REJECTED:
        faults = {fault.expected for fault in receipt.errors}
        assert all("U+0000" in one or "2^53" in one or "plain values" in one for one in faults)
        return
    assert receipt.position is not None
    ((_, found),) = ledger.stored_after(receipt.position - 1, 1)
    assert found == rfc8785.dumps(json.loads(found))


def test_every_type_is_stored_canonical_at_schema_version_1(ledger: CaseLedger) -> None:
    receipts = ledger.append([text_of(golden(name)) for name in golden_names()])
    assert [receipt.errors for receipt in receipts if receipt.status is not Status.APPENDED] == []
    for _, found in ledger.stored_after(0, 1_000):
        assert found == rfc8785.dumps(json.loads(found))
        assert json.loads(found)["schemaversion"] == 1
    assert ledger.head()[0] == len(golden_names())


def test_what_the_source_said_is_stored_as_sent(ledger: CaseLedger) -> None:
    sent_event = event(
        data={"receipt_no": "甲/1", "unknown": [1, None, True, "a\u2028\U0001f600"]},
        time="2026-03-02T09:30:00.5+08:00",
        zone="B",
        a=-0,
        purpose=True,
    )
    ledger.append([text_of(sent_event)])
    (found,) = stored(ledger)
    added = {name: found.pop(name) for name in ("position", "version", "recordedat")}
    assert found.pop("schemaversion") == 1
    assert found == sent_event
    assert added["position"] == added["version"] == 1


@pytest.mark.parametrize(
    "raw",
    [
        {"lifecycle:transition": 1.0},
        {"lifecycle:state": {"deep": [0.1, 1e20 / 1e10]}},
        {"concept:instance": -0.0, "other": 1},
        {"lifecycle:model": [1.0, {"\U00010000": 1, "\uffff": 2}]},
    ],
)
def test_numbers_in_what_is_kept_plain_below_raw_are_canonical(
    ledger: CaseLedger, raw: dict[str, Any]
) -> None:
    receipt = ledger.append([text_of(event(data={"raw": raw}))])[0]
    assert receipt.status is Status.APPENDED
    ((_, found),) = ledger.stored_after(0, 1)
    assert found == rfc8785.dumps(json.loads(found))


def test_numbers_beside_sealed_values_are_canonical(ledger: CaseLedger) -> None:
    floats: dict[str, Any] = {"weight": 1.0, "list": [1e3, -0.0, 1.5e-7], "nested": {"x": 100.0}}
    receipt = ledger.append([received(person(phone="13000000000"), raw={"p": 2.50}, **floats)])[0]
    assert receipt.status is Status.APPENDED
    ((_, found),) = ledger.stored_after(0, 1)
    assert found == rfc8785.dumps(json.loads(found))
    assert b'"list":[1000,0,1.5e-7]' in found


def test_negative_zero_is_zero(ledger: CaseLedger) -> None:
    known = text_of(event(data={"unknown": 0}, id="zero"))
    statuses = [
        one.status
        for one in ledger.append(
            [known, known.replace(b": 0}", b": -0.0}"), known.replace(b": 0}", b": -0}")]
        )
    ]
    assert statuses == [Status.APPENDED, Status.DUPLICATE, Status.DUPLICATE]


def test_a_null_attribute_is_unset(ledger: CaseLedger) -> None:
    ledger.append([sent(datacontenttype=None, zone=None)])
    (found,) = stored(ledger)
    assert not {"datacontenttype", "zone"} & found.keys()


def test_reading_gives_the_stored_bytes_themselves(ledger: CaseLedger, database: Any) -> None:
    ledger.append([sent(), received(person())])
    rows = ledger.stored_after(0, 10)
    again = [orjson.loads(text) for _, text in rows]
    assert [
        event.attributes
        for subject in {one["subject"] for one in again}
        for event in ledger.events_of(subject)
    ] == again
    assert ledger.stored_after(1, 10) == rows[1:]
    assert ledger.stored_after(0, 1) == rows[:1]
