"""XES attributes as JSON, type and value kept.

A string, a boolean, an int within ±(2^53 − 1) and a float with a fraction stand as the JSON value
itself. What JSON alone would not give back stands as an object with the value's text as the log
has it: {"type": "date", "value": "2011-10-11T13:45:40.276+02:00"}, likewise id, whole and
non-finite floats, larger ints and values that are not what their type says. Nested attributes stand
under "attributes" of such an object. A list and a container are {"type", "values": [{"key",
"value"}, …]}; a key that stands twice beside itself is {"type": "repeated", "values": [ … ]}.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from replay.xes.elements import local_name
from replay.xes.fault import Refused

_DEEPEST = 32
_LARGEST_INT = 2**53 - 1
_INT = re.compile(r"0|-?[1-9][0-9]{0,15}")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_COLLECTIONS = ("list", "container")


def attributes_as_json(elements: Iterable[Any], depth: int = 3) -> dict[str, Any]:
    """The attributes by key, in document order. An attribute without a key has the key "".

    `depth` is that of the result within the event it goes into: `raw` of the data stands at 3.
    Raises Refused when something would stand deeper than 32, where no event is taken.
    """
    _check_depth(depth)
    attributes: dict[str, Any] = {}
    repeated: dict[str, list[Any]] = {}
    for element in elements:
        key = element.get("key", "")
        value = _as_json(element, depth)
        if key in repeated:
            repeated[key].append(value)
        elif key in attributes:
            repeated[key] = [attributes[key], value]
            attributes[key] = {"type": "repeated", "values": repeated[key]}
        else:
            attributes[key] = value
    return attributes


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Both sets of attributes in one; a key that stands in both is repeated."""
    result = dict(first)
    for key, value in second.items():
        result[key] = (
            {"type": "repeated", "values": [result[key], value]} if key in result else value
        )
    return result


def text_of(value: Any) -> str | None:
    """The text of an attribute's value, None if it has none: a list, or a repeated key."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        text = value.get("value")
        return None if text is None else text_of(text)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_json(element: Any, depth: int) -> Any:
    type_name = local_name(element)
    if type_name == "string" and not len(element):
        text = element.get("value")
        return {"type": "string", "value": None} if text is None else text
    if type_name in _COLLECTIONS:
        return _collection(type_name, element, depth + 1)
    text = element.get("value")
    value = _plain(type_name, text)
    if value is not None and not len(element):
        return value
    _check_depth(depth + 1)
    typed: dict[str, Any] = {"type": type_name, "value": text if value is None else value}
    if len(element):
        typed["attributes"] = attributes_as_json(element, depth + 2)
    return typed


def _check_depth(depth: int) -> None:
    if depth > _DEEPEST:
        raise Refused(f"attributes nested so that the event is at most {_DEEPEST} deep", "deeper")


def _plain(type_name: str, text: str | None) -> str | int | float | bool | None:
    """The JSON value that gives type and value back, None if there is none."""
    if text is None:
        return None
    match type_name:
        case "string":
            return text
        case "boolean":
            return _BOOLEANS.get(text)
        case "int" if _INT.fullmatch(text) and abs(int(text)) <= _LARGEST_INT:
            return int(text)
        case "float" if _FLOAT.fullmatch(text):
            number = float(text)
            # RFC 8785 writes a whole float like an int, and its type would be gone
            return number if math.isfinite(number) and not number.is_integer() else None
    return None


def _collection(type_name: str, element: Any, depth: int) -> dict[str, Any]:
    """XES 2.0 puts the items of a list into `values`, XES 1.0 directly into the list."""
    _check_depth(depth + 2)
    groups = [child for child in element if local_name(child) == "values"]
    items = [item for group in groups for item in group] if groups else list(element)
    beside = [child for child in element if local_name(child) != "values"] if groups else []
    result: dict[str, Any] = {
        "type": type_name,
        "values": [
            {"key": item.get("key", ""), "value": _as_json(item, depth + 2)} for item in items
        ],
    }
    if beside:
        result["attributes"] = attributes_as_json(beside, depth + 1)
    return result
