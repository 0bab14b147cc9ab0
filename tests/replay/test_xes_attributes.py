"""Whatever tree of attributes is written, its types and values come back from the JSON."""

import json
import math
import string
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from replay.xes.attributes import attributes_as_json, merged, text_of

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20).filter(
    lambda text: not set(text) & {"\ufffe", "\uffff"}
)
KEYS = st.text(string.ascii_letters + ":年月", min_size=1, max_size=8)
VALUES = {
    "string": TEXT,
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(allow_nan=False),
    "boolean": st.booleans(),
    "date": st.datetimes().map(lambda moment: moment.isoformat() + "+08:00"),
    "id": st.uuids().map(str),
}
SIMPLE = st.one_of(
    *(st.tuples(st.just(kind), KEYS, values) for kind, values in VALUES.items())
).map(lambda parts: (*parts, ()))
TREE = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.tuples(st.just("string"), KEYS, TEXT, st.lists(inner, max_size=3).map(tuple)),
        st.tuples(
            st.sampled_from(["list", "container"]),
            KEYS,
            st.lists(inner, max_size=3).map(tuple),
            st.just(()),
        ),
    ),
    max_leaves=8,
)


def lexical(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, int | float) else str(value)


def written(parent: Any, tree: Any) -> None:
    kind, key, value, nested = tree
    element = etree.SubElement(parent, kind, key=key)
    if kind in ("list", "container"):
        holder = etree.SubElement(element, "values") if kind == "list" else element
        for item in value:
            written(holder, item)
    else:
        element.set("value", lexical(value))
    for child in nested:
        written(element, child)


def read_back(form: Any) -> tuple[str, Any, list[Any]]:
    """The (type, value, nested attributes) that a JSON form stands for."""
    if not isinstance(form, dict):
        kinds = {str: "string", bool: "boolean", int: "int", float: "float"}
        return kinds[type(form)], form, []
    kind, nested = form["type"], siblings(form.get("attributes", {}))
    if kind in ("list", "container"):
        items = [(item["key"], read_back(item["value"])) for item in form["values"]]
        return kind, items, nested
    value = form["value"]
    if isinstance(value, str) and kind in ("int", "float"):
        value = int(value) if kind == "int" else float(value)
    return kind, value, nested


def siblings(attributes: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for key, form in attributes.items():
        if isinstance(form, dict) and form["type"] == "repeated":
            found += [(key, read_back(one)) for one in form["values"]]
        else:
            found.append((key, read_back(form)))
    return sorted(found, key=repr)


def meant(tree: Any) -> tuple[str, Any, list[Any]]:
    kind, _, value, nested = tree
    if kind in ("list", "container"):
        return kind, [(item[1], meant(item)) for item in value], []
    return kind, value, sorted(((child[1], meant(child)) for child in nested), key=repr)


@given(st.lists(TREE, max_size=5))
def test_types_and_values_come_back_from_the_canonical_bytes(trees):
    parent = etree.Element("event")
    for tree in trees:
        written(parent, tree)
    element = etree.fromstring(etree.tostring(parent))
    stored = json.loads(rfc8785.dumps(attributes_as_json(element)))
    assert siblings(stored) == sorted(((tree[1], meant(tree)) for tree in trees), key=repr)


def form_of(xml: str) -> Any:
    return attributes_as_json(etree.fromstring(f"<event>{xml}</event>"))["k"]


@pytest.mark.parametrize(
    ("kind", "text", "form"),
    [
        ("int", "9007199254740991", 9007199254740991),
        ("int", "9007199254740992", {"type": "int", "value": "9007199254740992"}),
        ("int", "-0", {"type": "int", "value": "-0"}),
        ("int", "007", {"type": "int", "value": "007"}),
        ("int", "seven", {"type": "int", "value": "seven"}),
        ("int", "1_0", {"type": "int", "value": "1_0"}),
        ("int", "٣", {"type": "int", "value": "٣"}),
        ("float", "4.13", 4.13),
        ("float", "2.3832541524E7", 23832541.524),
        ("float", "1.0", {"type": "float", "value": "1.0"}),
        ("float", "NaN", {"type": "float", "value": "NaN"}),
        ("float", "INF", {"type": "float", "value": "INF"}),
        ("float", "1e999", {"type": "float", "value": "1e999"}),
        ("boolean", "1", True),
        ("boolean", "false", False),
        ("boolean", "yes", {"type": "boolean", "value": "yes"}),
        ("date", "2026-03-02", {"type": "date", "value": "2026-03-02"}),
        ("unheard", "x", {"type": "unheard", "value": "x"}),
    ],
)
def test_a_value_that_json_would_not_give_back_keeps_its_text(kind, text, form):
    found = form_of(f'<{kind} key="k" value="{text}"/>')
    assert found == form
    assert type(found) is type(form)


def test_a_list_reads_alike_with_and_without_a_values_element():
    items = '<string key="a" value="1"/><string key="a" value="2"/>'
    values = [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]
    assert form_of(f'<list key="k">{items}</list>') == {"type": "list", "values": values}
    with_values = f'<list key="k"><int key="n" value="2"/><values>{items}</values></list>'
    assert form_of(with_values) == {"type": "list", "values": values, "attributes": {"n": 2}}


def test_a_missing_value_a_missing_key_and_a_repeated_key_are_kept():
    assert form_of('<string key="k"/>') == {"type": "string", "value": None}
    assert attributes_as_json(etree.fromstring('<event><int value="1"/></event>')) == {"": 1}
    thrice = form_of('<int key="k" value="1"/><int key="k" value="2"/><string key="k" value="3"/>')
    assert thrice == {"type": "repeated", "values": [1, 2, "3"]}
    assert merged({"k": 1}, {"k": 2, "l": 3}) == {
        "k": {"type": "repeated", "values": [1, 2]},
        "l": 3,
    }


def test_the_text_of_a_value_is_that_of_its_form():
    assert [text_of(form) for form in ("a", 7, True, False, {"type": "date", "value": "d"})] == [
        "a", "7", "true", "false", "d",
    ]  # fmt: skip
    assert text_of({"type": "list", "values": []}) is None
    assert math.isclose(float(text_of(4.5) or "nan"), 4.5)
