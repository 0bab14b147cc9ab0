from __future__ import annotations

import json

import pytest

from ledger.case_ledger import CaseLedger
from ledger.receipt import Status
from tests.ledger.refusals import refused
from tests.ledger.sent_events import event, text_of

_PLACES = {
    "an unknown field": '{"unknown": %s}',
    "an object and a list": '{"unknown": [{"x": %s}]}',
    "a declared field": '{"limits": {"unknown": %s}}',
    "raw": '{"raw": %s}',
    "a field of raw": '{"raw": {"note": %s}}',
    "a plain field of raw": '{"raw": {"lifecycle:transition": %s}}',
    "raw of data in data": '{"unknown": {"data": {"raw": %s}}}',
    "a list in raw": '{"raw": [%s]}',
    "a sealed field": '{"unknown": {"contact": %s}}',
    "a sealed field in a list": '{"unknown": [{"address": [%s]}]}',
    "reasons": '{"unknown": {"reasons": %s}}',
    "a result": '{"unknown": {"result": %s}}',
    "a reference": '{"unknown": {"participants": [{"name": %s}]}}',
    "a catalogue": '{"materials": [{"unknown": %s}]}',
}
_INSIDE = {
    "objects": ('{"x":', "1", "}"),
    "lists": ("[", "1", "]"),
    "texts": ('{"name":', '"n"', "}"),
    "nothing in objects": ('{"x":', "{}", "}"),
    "nothing in lists": ("[", "[]", "]"),
}


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character in "{[") - (character in "}]")
        deepest = max(deepest, depth)
    return deepest


def _nested(place: str, inside: str, depth: int) -> bytes:
    """An event that is `depth` deep, itself counted."""
    opening, innermost, closing = _INSIDE[inside]
    frame = _PLACES[place]
    levels = depth - 1 - _depth(frame % innermost)
    data = frame % (opening * levels + innermost + closing * levels)
    assert _depth(data) == depth - 1
    return text_of(event(data={})).replace(b'"data": {}', b'"data": ' + data.encode())


@pytest.mark.parametrize("inside", _INSIDE)
@pytest.mark.parametrize("place", _PLACES)
def test_32_deep_is_taken_and_33_refused(
    shared_ledger: CaseLedger, place: str, inside: str
) -> None:
    taken = shared_ledger.append([_nested(place, inside, 32)])[0]
    assert (taken.status, taken.errors) == (Status.APPENDED, ())
    (fault,) = refused(shared_ledger, _nested(place, inside, 33)).values()
    assert fault.expected == "nesting of at most 32"


@pytest.mark.parametrize("place", _PLACES)
@pytest.mark.parametrize("depth", [34, 300, 900])
def test_deeper_is_refused(shared_ledger: CaseLedger, place: str, depth: int) -> None:
    (fault,) = refused(shared_ledger, _nested(place, "lists", depth)).values()
    assert fault.expected == "nesting of at most 32"


@pytest.mark.parametrize("place", _PLACES)
def test_100_000_deep_is_refused(shared_ledger: CaseLedger, place: str) -> None:
    refused(shared_ledger, _nested(place, "objects", 100_000))


def test_a_deep_value_where_another_type_belongs_is_refused(shared_ledger: CaseLedger) -> None:
    deep = "[" * 900 + "]" * 900
    for field in ("receipt_no", "limits", "actor", "presence", "seq"):
        raw = text_of(event()).replace(
            json.dumps({"receipt_no": "SL0001"}).encode(), f'{{"{field}": {deep}}}'.encode()
        )
        assert next(iter(refused(shared_ledger, raw))).startswith("data")
    for attribute in ("id", "source", "type", "subject", "time", "data", "zone", "specversion"):
        mark = event() | {attribute: "MARK"}
        raw = text_of(mark).replace(b'"MARK"', deep.encode())
        assert attribute in refused(shared_ledger, raw)
