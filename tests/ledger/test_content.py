"""Which two texts are the same event, and which are in conflict."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.case_ledger import CaseLedger
from ledger.receipt import Status
from tests.ledger.sent_events import event, person, text_of

_EVENT = event(
    "case.received",
    {
        "item": {"code": "XK-001"},
        "kind": "promised",
        "channel": "window",
        "applicant": person(),
        "materials": [{"code": "M1", "copies": 1}],
        "weight": 1.5,
        "raw": {"note": 'é/"\\\n'},
    },
)


def _shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in sorted(value, reverse=True)}
    return [_shuffled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(_shuffled(_EVENT)).encode(),
        json.dumps(_EVENT, indent=2, ensure_ascii=False).encode(),
        b"\r\n\t " + text_of(_EVENT) + b" \n",
        json.dumps(_EVENT).replace("/", "\\/").replace("case.", "\\u0063ase.").encode(),
        text_of(_EVENT).replace(b'"copies": 1', b'"copies": 1.0'),
        text_of(_EVENT).replace(b'"copies": 1', b'"copies": 10E-1'),
        text_of(_EVENT).replace(b"1.5", b"0.15e1"),
    ],
    ids=["key order", "white space", "around", "escapes", "1.0 for 1", "10E-1 for 1", "exponent"],
)
def test_another_spelling_of_the_same_content_is_a_duplicate(
    ledger: CaseLedger, text: bytes
) -> None:
    first = ledger.append([text_of(_EVENT)])[0]
    again = ledger.append([text])[0]
    assert (again.status, again.position) == (Status.DUPLICATE, first.position)
    fresh = ledger.append([text.replace(_EVENT["id"].encode(), b"another")])[0]
    assert fresh.status is Status.APPENDED


def _changed(path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(_EVENT)
    holder: Any = changed
    *above, name = path.split(".")
    for step in above:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    holder[name] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subject", "440306-20260302-000002"),
        ("time", "2026-03-02T01:30:00Z"),
        ("type", "case.accepted"),
        ("partitionkey", "p"),
        ("datacontenttype", "application/json"),
        ("data.weight", 1.5000000000000002),
        ("data.applicant.name", "欧阳某"),
        ("data.applicant.phone", "13000000000"),
        ("data.materials.0.copies", 2),
        ("data.raw", {"note": 'é/"\\'}),
        ("data.raw", {"note": 'e\u0301/"\\\n'}),
        ("data.presence", None),
    ],
)
def test_any_other_value_is_a_conflict(ledger: CaseLedger, path: str, value: Any) -> None:
    ledger.append([text_of(_EVENT)])
    conflict = ledger.append([text_of(_changed(path, value))])[0]
    assert conflict.status is Status.CONFLICT
    assert conflict.position is None
    assert [fault.path for fault in conflict.errors] == ["id"]
    (letter,) = ledger.dead_letters()
    assert (letter.status, letter.raw) == (Status.CONFLICT, text_of(_changed(path, value)))


def test_a_source_that_says_nothing_new_is_told_so_with_unknown_codes_too(
    ledger: CaseLedger,
) -> None:
    odd = _changed("data.channel", "pigeon")
    first = ledger.append([text_of(odd)])[0]
    assert first.status is Status.APPENDED
    assert ledger.append([json.dumps(_shuffled(odd)).encode()])[0].status is Status.DUPLICATE
    spelt = _changed("data.channel", {"value": "other", "raw": "pigeon"})
    assert ledger.append([text_of(spelt)])[0].status is Status.CONFLICT


def test_the_delivery_time_is_no_content(database: Any, keys: Any) -> None:
    ledger = CaseLedger(database, keys, simulated=True)
    first = _EVENT | {"deliveredat": "2026-03-02T10:00:00+08:00"}
    again = _EVENT | {"deliveredat": "2026-03-03T10:00:00+08:00"}
    statuses = [one.status for one in ledger.append(list(map(text_of, (first, again, _EVENT))))]
    assert statuses == [Status.APPENDED, Status.DUPLICATE, Status.DUPLICATE]


_text = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=_values, other=_values)
def test_two_texts_are_the_same_event_exactly_if_their_canonical_bytes_are_equal(
    ledger: CaseLedger, one: Any, other: Any
) -> None:
    first = event(data={"unknown": one})
    second = first | {"data": {"unknown": other}}
    respelt = json.dumps(_shuffled(first), indent=1).encode()
    answers = ledger.append([text_of(first), respelt, text_of(second)])
    is_equal = rfc8785.dumps(one) == rfc8785.dumps(other)
    assert [answer.status for answer in answers] == [
        Status.APPENDED,
        Status.DUPLICATE,
        Status.DUPLICATE if is_equal else Status.CONFLICT,
    ]
