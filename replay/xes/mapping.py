"""Which event type an activity of a log stands for."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from domain.errors import EventRefused, WrongUse
from domain.reading import read_event
from domain.registry import EVENT_TYPES
from domain.subjects import SubjectKind

UNMAPPED_TYPE = "step.completed"
_FROM_THE_LOG = ("step", "actor", "raw")


@dataclass(frozen=True, slots=True)
class MappedActivity:
    """The event type of an activity, and the data that the log cannot give."""

    type: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def new_data(self) -> dict[str, Any]:
        """The data for one event, shared with no other."""
        return copy.deepcopy(dict(self.data)) if self.data else {}


@dataclass(frozen=True, slots=True)
class ActivityMapping:
    """Activity names and what they stand for; an empty mapping is a mapping.

    Its file is JSON in UTF-8:

        {"activities": {
            "Confirmation of receipt": {
                "type": "case.received",
                "data": {"item": {"code": "WABO"}, "kind": "promised", "channel": "web",
                         "applicant": {"kind": "person"}}},
            "T02 Check confirmation of receipt": {"type": "case.accepted"}}}

    A name is an activity's concept:name, exactly. `type` is an event type of the ledger; `data`,
    optional, is put into every event of that activity and must bring the fields that the type
    requires and the log does not have. `step` (the activity's name), `actor` and `raw` come from
    the log, whatever the type, and cannot be given. An activity that is not named becomes
    step.completed.
    """

    activities: Mapping[str, MappedActivity] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def read(cls, file: Path) -> ActivityMapping:
        """The mapping in this file; raises WrongUse, naming the place in the file."""
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise WrongUse(
                "mapping file", "a readable file", f"{error.strerror}: {file}"
            ) from error
        except UnicodeDecodeError as error:
            raise WrongUse("mapping file", "UTF-8", f"a bad byte at {error.start}") from error
        return cls.parse(text)

    @classmethod
    def parse(cls, text: str) -> ActivityMapping:
        """The mapping in this JSON text; raises WrongUse, naming the place in it."""
        try:
            whole = json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
        except json.JSONDecodeError as error:
            found = f"{error.msg} at line {error.lineno} column {error.colno}"
            raise WrongUse("mapping file", "JSON", found) from error
        except RecursionError as error:
            raise WrongUse("mapping file", "JSON", "nesting too deep to read") from error
        _object("mapping file", whole, {"activities"}, required="activities")
        activities = whole["activities"]
        if not isinstance(activities, dict):
            raise WrongUse("activities", "an object", _kind(activities))
        return cls({name: _activity(name, value) for name, value in activities.items()})

    def of(self, activity: str) -> MappedActivity | None:
        """What the activity stands for, None if the mapping does not name it."""
        return self.activities.get(activity)


def _activity(name: str, value: object) -> MappedActivity:
    where = f"activities.{name!r}"
    entry = _object(where, value, {"type", "data"}, required="type")
    type_name, data = entry["type"], entry.get("data", {})
    known = EVENT_TYPES.get(type_name) if isinstance(type_name, str) else None
    if known is None:
        raise WrongUse(f"{where}.type", "an event type such as case.accepted", repr(type_name))
    if SubjectKind.CASE not in known.subjects:
        raise WrongUse(f"{where}.type", "an event type whose subject is a case", repr(type_name))
    if not isinstance(data, dict):
        raise WrongUse(f"{where}.data", "an object", _kind(data))
    for field_name in _FROM_THE_LOG:
        if field_name in data:
            raise WrongUse(f"{where}.data", f"no {field_name}: it comes from the log", field_name)
    _check(where, known.name, {**data, "step": name})
    return MappedActivity(known.name, data)


def _check(where: str, type_name: str, data: dict[str, Any]) -> None:
    """Raises WrongUse if no event of the type can have this data, whatever the log brings."""
    try:
        read_event(
            {
                "specversion": "1.0",
                "id": "1",
                "source": "/import/log",
                "type": type_name,
                "subject": "log:1",
                "time": "2026-03-02T09:30:00+08:00",
                "datacontenttype": "application/json",
                "data": data,
            }
        )
    except EventRefused as refused:
        fault = refused.faults[0]
        raise WrongUse(f"{where}.{fault.path}", fault.expected, fault.found) from refused


def _object(where: str, value: object, known: set[str], required: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongUse(where, "an object", _kind(value))
    if required not in value:
        raise WrongUse(where, f"the field {required}", f"{', '.join(value) or 'no field'}")
    unknown = sorted(set(value) - known)
    if unknown:
        raise WrongUse(where, f"no field but {', '.join(sorted(known))}", ", ".join(unknown))
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise WrongUse("mapping file", "each name once in an object", f"{name!r} twice")
        result[name] = value
    return result


def _refused(constant: str) -> None:
    raise WrongUse("mapping file", "JSON", constant)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "an array"
        case _:
            return "an object"
