"""The events of a body, each as the JSON text of one.

A text that is made anew from the parsed event is as good as the received one unless a key stood
twice in an object. Without escapes both have as many quotation marks as their strings need, so a
repeated key shows in their number; then, and wherever the quick parser refuses, the received text
is cut at its exact places.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

from api.http.problems import Problem, expected

MAX_EVENTS: Final = 10_000

_SPACE = re.compile(r"[ \t\n\r]*")


def events_of_batch(text: bytes) -> list[bytes]:
    """Each element of a JSON array, in order.

    Raises Problem: 400 for what is not JSON in UTF-8 or no array, 413 for too many elements.
    """
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _cut(text)
    if not isinstance(parsed, list):
        raise expected(
            400, "unreadable-body", "body", "a JSON array of events", f"a {_kind_of(parsed)}"
        )
    if len(parsed) > MAX_EVENTS:
        raise _too_many(f"{len(parsed)}")
    if b"\\" not in text:
        made = [orjson.dumps(element) for element in parsed]
        if sum(element.count(b'"') for element in made) == text.count(b'"'):
            return made
    return _cut(text)


def event_of_body(text: bytes) -> bytes:
    """The text of one event. Raises Problem 400 for what is not JSON in UTF-8."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        decoded = _decoded(text)
        end = _space(decoded, _scan(decoded, _space(decoded, 0)))
        if end != len(decoded):
            raise _unreadable(f"more text at character {end}") from None
    return text


def _cut(text: bytes) -> list[bytes]:
    decoded = _decoded(text)
    place = _space(decoded, 0)
    if decoded[place : place + 1] != "[":
        raise _unreadable(f"no array at character {place}")
    place = _space(decoded, place + 1)
    elements: list[bytes] = []
    if decoded[place : place + 1] == "]":
        place += 1
    else:
        while True:
            end = _scan(decoded, place)
            elements.append(decoded[place:end].encode())
            if len(elements) > MAX_EVENTS:
                raise _too_many("more")
            place = _space(decoded, end)
            mark = decoded[place : place + 1]
            place += 1
            if mark == "]":
                break
            if mark != ",":
                raise _unreadable(f"no comma at character {place - 1}")
            place = _space(decoded, place)
    place = _space(decoded, place)
    if place != len(decoded):
        raise _unreadable(f"more text at character {place}")
    return elements


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(f"byte {error.start} that is none") from error


def _space(text: str, place: int) -> int:
    matched = _SPACE.match(text, place)
    return place if matched is None else matched.end()


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"the word {name}")


# Numbers are not looked at here: the ledger judges them event by event.
_SCANNER = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=lambda _: 0.0, parse_int=lambda _: 0
)


def _scan(text: str, place: int) -> int:
    """Where the value that begins at a place ends."""
    try:
        return _SCANNER.raw_decode(text, place)[1]
    except json.JSONDecodeError as error:
        raise _unreadable(f"{error.msg.lower()} at character {error.pos}") from error
    except ValueError as error:
        raise _unreadable(str(error)) from error
    except RecursionError as error:
        raise _unreadable("nesting that no event may have") from error


def _unreadable(found: str) -> Problem:
    return expected(400, "unreadable-body", "body", "JSON in UTF-8", f"{found}; nothing was taken")


def _too_many(found: str) -> Problem:
    return expected(
        413, "too-large", "body", f"at most {MAX_EVENTS} events in a batch", f"{found} events"
    )


def _kind_of(value: Any) -> str:
    names = {dict: "object", str: "string", bool: "boolean", type(None): "null"}
    return f"JSON {names.get(type(value), 'number')}"
