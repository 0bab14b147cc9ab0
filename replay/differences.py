"""What differs between two JSON values, as a list that turns the one into the other.

A difference is {"path", "from", "to"}. A path names fields by dots and items by number, as in
`suspensions[0].to`; a name that is no plain word stands in brackets as a JSON text, as in
`clocks["step/review"].due`; the empty path is the whole value. Where one side has nothing at all,
which is not null, that side is null and `absent` says which: "from" or "to".
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_WORD = re.compile(r"[^\W\d]\w*")
_STEP = re.compile(r'\.?([^\W\d]\w*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def differences(before: Any, after: Any) -> list[dict[str, Any]]:
    """The differences from `before` to `after`, names in order; empty if they are equal.

    Objects are compared name by name, arrays item by item from the first. Items that an array lost
    at its end come last to first, so that applying the list in order is always possible.
    """
    found: list[dict[str, Any]] = []
    _compare("", before, after, found)
    return found


def applied(before: Any, changes: Sequence[Mapping[str, Any]]) -> Any:
    """The value that `changes` makes of `before`, which stays as it was.

    Raises ValueError for a path that does not fit the value.
    """
    whole = [copy.deepcopy(before)]
    for change in changes:
        holder: Any = whole
        steps: list[str | int] = [0, *_steps(change["path"])]
        try:
            for step in steps[:-1]:
                holder = holder[step]
            _set(holder, steps[-1], change)
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError(f"expected a value at {change['path']!r}, found none") from error
    return whole[0]


def _compare(path: str, before: Any, after: Any, found: list[dict[str, Any]]) -> None:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            place = _named(path, name)
            if name not in before:
                found.append(_added(place, after[name]))
            elif name not in after:
                found.append(_removed(place, before[name]))
            else:
                _compare(place, before[name], after[name], found)
    elif isinstance(before, list) and isinstance(after, list):
        common = min(len(before), len(after))
        for index in range(common):
            _compare(f"{path}[{index}]", before[index], after[index], found)
        for index in range(common, len(after)):
            found.append(_added(f"{path}[{index}]", after[index]))
        for index in reversed(range(common, len(before))):
            found.append(_removed(f"{path}[{index}]", before[index]))
    elif isinstance(before, bool) is not isinstance(after, bool) or before != after:
        found.append({"path": path, "from": before, "to": after})


def _added(path: str, value: Any) -> dict[str, Any]:
    return {"path": path, "from": None, "to": value, "absent": "from"}


def _removed(path: str, value: Any) -> dict[str, Any]:
    return {"path": path, "from": value, "to": None, "absent": "to"}


def _named(path: str, name: str) -> str:
    if not _WORD.fullmatch(name):
        return f"{path}[{json.dumps(name, ensure_ascii=False)}]"
    return f"{path}.{name}" if path else name


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    place = 0
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None:
            raise ValueError(f"expected a path, found {path[place:]!r} in {path!r}")
        word, index, quoted = step.groups()
        steps.append(word if word else int(index) if index else json.loads(quoted))
        place = step.end()
    return steps


def _set(holder: Any, last: str | int, change: Mapping[str, Any]) -> None:
    match change.get("absent"):
        case "to":
            del holder[last]
        case "from" if isinstance(holder, list):
            holder.insert(int(last), copy.deepcopy(change["to"]))
        case _:
            holder[last] = copy.deepcopy(change["to"])
