"""What is no JSON, or JSON that no event is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.case_ledger import CaseLedger
from ledger.receipt import Status
from tests.ledger.refusals import refused
from tests.ledger.sent_events import event, sent, text_of


def _with(member: str) -> bytes:
    """An event whose data has one more member, written by hand."""
    return text_of(event(data={"receipt_no": "x"})).replace(
        b'{"receipt_no": "x"}', b'{"receipt_no": "x", ' + member.encode() + b"}"
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n",
        b"{",
        sent()[:-1],
        sent() + b"}",
        sent() + sent(),
        sent().replace(b'"case.accepted"', b"'case.accepted'"),
        sent().replace(b'"case.accepted"', b'"case.accepted",'),
        b"// comment\n" + sent(),
        b"\xef\xbb\xbf" + sent(),
        sent().decode().encode("utf-16"),
        sent().replace(b"SL0001", b"SL\xff001"),
        sent().replace(b"SL0001", b"SL\xc0\x80"),
        sent().replace(b"SL0001", b"\xed\xa0\x80"),
        sent().replace(b"SL0001", b"SL\n01"),
        sent().replace(b"SL0001", b"SL\x0001"),
        sent().replace(b"SL0001", b"\\ud800"),
        sent().replace(b"SL0001", b"\\udc00\\ud800"),
        sent().replace(b"SL0001", b"\\x41"),
        _with('"unknown": NaN'),
        _with('"unknown": Infinity'),
        _with('"unknown": -Infinity'),
        _with('"unknown": 1e400'),
        _with('"unknown": 01'),
        _with('"unknown": .5'),
        _with('"unknown": +1'),
        _with('"unknown": 0x10'),
        _with('"unknown": ' + "9" * 5_000),
        _with('"unknown": ' + "[" * 100_000 + "]" * 100_000),
        _with('"unknown": ' + '{"a":' * 100_000 + "1" + "}" * 100_000),
    ],
)
def test_what_is_no_json_is_refused(shared_ledger: CaseLedger, raw: bytes) -> None:
    (fault,) = refused(shared_ledger, raw).values()
    assert fault.expected == "JSON in UTF-8"
    assert "line" in fault.found


@pytest.mark.parametrize("value", [None, True, 7, 1.5, "text", [], [[]], [{}]])
def test_json_that_is_no_object_is_refused(shared_ledger: CaseLedger, value: Any) -> None:
    (fault,) = refused(shared_ledger, b" " + json.dumps(value).encode()).values()
    assert fault.expected == "a JSON object"


@pytest.mark.parametrize(
    ("member", "path"),
    [
        (f'"unknown": {2**53}', "data.unknown"),
        (f'"unknown": {-(2**53)}', "data.unknown"),
        (f'"unknown": {2**63}', "data.unknown"),
        (f'"unknown": {2**64}', "data.unknown"),
        (f'"unknown": {-(2**64)}', "data.unknown"),
        ('"unknown": 1e300', "data.unknown"),
        (f'"unknown": {2**53}.0', "data.unknown"),
        (f'"unknown": [0.5, {{"deep": {2**60}}}]', "data.unknown[1].deep"),
        (f'"raw": {{"note": {2**53}}}', "data.raw.note"),
        (f'"raw": {{"note": {2**64}}}', "data.raw.note"),
        (f'"raw": {{"lifecycle:transition": {2**53}}}', "data.raw.lifecycle:transition"),
        (f'"raw": {{"lifecycle:transition": {2**64}}}', "data.raw.lifecycle:transition"),
        (f'"raw": {2**53}', "data.raw"),
        (f'"actor": {{"id": "B1", "phone": {2**64}}}', "data.actor.phone"),
    ],
)
def test_a_number_beyond_2_53_is_refused_wherever_it_stands(
    shared_ledger: CaseLedger, member: str, path: str
) -> None:
    faults = refused(shared_ledger, _with(member))
    assert list(faults) == [path]
    assert "2^53" in faults[path].expected


@pytest.mark.parametrize("number", [2**53, 2**63, 2**64, -(2**53), 1.5])
def test_a_number_beyond_2_53_is_refused_beside_data_too(
    shared_ledger: CaseLedger, number: float
) -> None:
    assert list(refused(shared_ledger, sent(sequence=number))) == ["sequence"]


@pytest.mark.parametrize(
    "number", ["9007199254740991", "-9007199254740991", "-0.0", "1e15", "5e-324"]
)
def test_a_number_that_doubles_hold_exactly_is_taken(
    shared_ledger: CaseLedger, number: str
) -> None:
    assert shared_ledger.append([_with(f'"unknown": {number}')])[0].status is Status.APPENDED


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'{"id": "1",' + sent()[1:], "id"),
        (sent()[:-1] + b', "subject": "440306-20260302-000001"}', "subject"),
        (sent()[:-1] + b', "data": {}}', "data"),
        (sent()[:-1] + b', "\\u0069d": "x"}', "id"),
        (_with('"receipt_no": "x"'), "receipt_no"),
        (_with('"a": 1, "a": 1'), "a"),
        (_with('"\\u0061": 1, "a": 1'), "a"),
        (_with('"a/b": 1, "a\\/b": 2'), "a/b"),
        (_with('"é": 1, "\\u00e9": 1'), "é"),
        (_with('"\U0001f600": 1, "\\ud83d\\ude00": 1'), "\U0001f600"),
        (_with('"deep": {"deeper": [1, {"b": "\\"", "b": 2}]}'), "b"),
        (_with('"list": [{"c": 1}, {"c": 1, "d": [], "c": {}}]'), "c"),
        (_with('"raw": {"n": {"e": null, "e": null}}'), "e"),
        (_with('"channel": {"raw": 1, "raw": 2}'), "raw"),
        (_with('"": 1, "": 2'), ""),
    ],
)
def test_a_key_twice_in_an_object_is_refused_wherever_it_stands(
    shared_ledger: CaseLedger, raw: bytes, key: str
) -> None:
    faults = refused(shared_ledger, raw)
    assert faults.keys() == {key}
    assert faults[key].found == "the key twice"


def test_a_delivery_time_twice_is_refused(database: Any, keys: Any) -> None:
    simulated = CaseLedger(database, keys, simulated=True)
    raw = sent(deliveredat="2026-03-02T09:30:00Z")
    twice = raw[:-1] + b', "deliveredat": "2026-03-02T09:30:00Z"}'
    assert [one.status for one in simulated.append([raw, twice])] == [
        Status.APPENDED,
        Status.REJECTED,
    ]


def test_the_same_key_in_two_objects_is_no_fault(shared_ledger: CaseLedger) -> None:
    raw = _with('"list": [{"c": "\\u0063"}, {"c": 1}], "c": {"c": 2}')
    assert shared_ledger.append([raw])[0].status is Status.APPENDED


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (_with('"unknown": "a\\u0000b"'), "data.unknown"),
        (_with('"unknown": ["", "\\u0000"]'), "data.unknown[1]"),
        (_with('"a\\u0000b": 1'), "data"),
        (_with('"deep": {"\\u0000": {}}'), "data.deep"),
        (_with('"reason": "\\u0000"'), "data.reason"),
        (_with('"raw": {"lifecycle:transition": "\\u0000"}'), "data.raw.lifecycle:transition"),
        (sent(zone="\0"), "zone"),
        (sent(id="a\0b"), "id"),
        (sent(source="/a\0b"), "source"),
        (sent()[:-1] + b', "zo\\u0000ne": 1}', ""),
    ],
)
def test_u_0000_is_refused_wherever_it_stands(
    shared_ledger: CaseLedger, raw: bytes, path: str
) -> None:
    faults = refused(shared_ledger, raw)
    assert list(faults) == [path]
    assert "U+0000" in faults[path].expected


def test_u_0000_in_a_key_and_in_its_value_is_refused(shared_ledger: CaseLedger) -> None:
    faults = refused(shared_ledger, _with('"a\\u0000b": "c\\u0000d"'))
    assert all("\0" not in path for path in faults)


def test_an_escaped_backslash_before_u0000_is_no_u_0000(shared_ledger: CaseLedger) -> None:
    assert shared_ledger.append([_with('"unknown": "\\\\u0000"')])[0].status is Status.APPENDED
