"""Reading an event as a source sends it: its envelope (CloudEvents 1.0) and its data.

What cannot be read is refused with every fault at once. What can be read but not understood is
kept and named as a warning: fields that no type declares, codes that this program does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from pydantic_core import ValidationError

from domain.errors import EventRefused, Fault
from domain.events.rules import known_actor
from domain.faults import Path, Problem, described, dotted, problems, value_at
from domain.personal_data import SEALED_FIELDS
from domain.registry import EVENT_TYPES, EventType
from domain.shapes import check_of, check_of_all
from domain.subjects import ANY_SUBJECT, subject_shapes

LEDGER_ATTRIBUTES: Final = frozenset({"position", "version", "recordedat", "schemaversion"})
"""What the ledger alone writes into an event."""

CHECKED_ATTRIBUTES: Final = frozenset(
    {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "data",
        "datacontenttype",
        "deliveredat",
    }
)
"""What the compiled check of an event looks at; all else are extension attributes."""

_EXTENSION_NAME: Final = re.compile(r"[a-z0-9]+")


class Reading(NamedTuple):
    """An event that can be taken: its type, the event, and what its sender should know.

    `event` is the very object that was read, or a copy in which unknown codes stand as
    {"value": "other", "raw": …}.
    """

    type: EventType
    event: dict[str, Any]
    warnings: tuple[str, ...]


def read_event(event: Any, *, simulated: bool = False) -> Reading:
    """Reads one parsed JSON value as an event; raises EventRefused with every fault found.

    `deliveredat` is taken only on behalf of a simulated ledger. Not checked here: what the parser
    of the JSON text has to (depth, duplicate keys, numbers), the size of the stored event, and
    sealed values in what a source sends.
    """
    try:
        kind = EVENT_TYPES[event["type"]]
        check_of(kind)(event, extra="forbid")
    except (ValidationError, LookupError, TypeError):
        return _read_closely(event, simulated)
    if _breaks_a_rule(kind, event, simulated):
        return _read_closely(event, simulated)
    return Reading(kind, event, ())


def ordinary(events: list[Any], *, simulated: bool = False) -> list[EventType | None]:
    """The types of those events that `read_event` would take as they stand, without a warning; None
    for all others. One check of many events costs a good part less than many checks of one.
    """
    faulty: set[Any] = set()
    try:
        check_of_all()(events, extra="forbid")
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        faulty = {fault["loc"][0] for fault in faults}
    kinds: list[EventType | None] = []
    for index, event in enumerate(events):
        kind = None
        if index not in faulty:
            kind = EVENT_TYPES[event["type"]]
            if _breaks_a_rule(kind, event, simulated):
                kind = None
        kinds.append(kind)
    return kinds


def _breaks_a_rule(kind: EventType, event: dict[str, Any], simulated: bool) -> bool:
    data = event["data"]
    return bool(
        (kind.rules and any(rule(data) for rule in kind.rules))
        or ("actor" in data and known_actor(data))
        or ("deliveredat" in event and not simulated)
    )


def _read_closely(event: Any, simulated: bool) -> Reading:
    if not isinstance(event, dict):
        raise EventRefused([Fault("event", "a JSON object", described(event))])
    faults: list[Fault] = []
    warnings: list[str] = []
    name = event.get("type")
    kind = EVENT_TYPES.get(name) if isinstance(name, str) else None
    if kind is None and isinstance(name, str):
        faults.append(Fault("type", "a known type of event", described(name, shown=True)))
    if None in event.values():
        # An attribute that is null is unset, says CloudEvents; data is no attribute.
        event = {k: v for k, v in event.items() if v is not None or k == "data"}
    found = _problems(event, kind, "forbid")
    mended = event
    for problem in found:
        if problem.kind == "extra_forbidden":
            if problem.path[0] == "data":
                warnings.append(f"{dotted(problem.path)}: unknown field, kept")
        elif _is_unknown_code(problem):
            mended = _with_other(mended, problem)
            warnings.append(
                f"{dotted(problem.path)}: unknown code {described(problem.value, shown=True)}, "
                f"taken as other; known are {problem.expected.removeprefix('one of ')}"
            )
        elif problem.kind == "int_type" and _is_whole(problem.value):
            mended = _replaced(mended, problem.path, int(problem.value))
        else:
            faults.append(_fault(problem, kind))
    if mended is not event and not faults:
        faults += [_fault(problem, kind) for problem in _problems(mended, kind, "allow")]
    faults += _attribute_faults(mended, simulated)
    data = mended.get("data")
    if isinstance(data, dict):
        rules = (known_actor, *(kind.rules if kind is not None else ()))
        known = {fault.path for fault in faults}
        broken = (rule(data) for rule in rules)
        faults += [fault for fault in broken if fault is not None and fault.path not in known]
    if faults or kind is None:
        raise EventRefused(faults)
    return Reading(kind, mended, tuple(warnings))


def _problems(
    event: dict[str, Any], kind: EventType | None, extra: Literal["allow", "forbid"]
) -> list[Problem]:
    try:
        check_of(kind)(event, extra=extra)
    except ValidationError as error:
        return problems(event, error.errors(include_url=False, include_input=False))
    return []


def _fault(problem: Problem, kind: EventType | None) -> Fault:
    fault = problem.fault()
    if fault.path != "subject" or problem.kind == "missing":
        return fault
    shapes = subject_shapes(ANY_SUBJECT if kind is None else kind.subjects)
    return Fault(fault.path, shapes, fault.found)


def _attribute_faults(event: dict[str, Any], simulated: bool) -> Iterator[Fault]:
    if "deliveredat" in event and not simulated:
        yield Fault("deliveredat", "nothing, as this ledger is not a simulated one", "a value")
    for name in event:
        if name in CHECKED_ATTRIBUTES:
            continue
        if name in LEDGER_ATTRIBUTES:
            yield Fault(name, "nothing, as the ledger alone writes it", described(event[name]))
        elif not _EXTENSION_NAME.fullmatch(name):
            expected = "an attribute name of lower-case letters a-z and digits"
            yield Fault(dotted((name,)), expected, described(name))
        elif name in SEALED_FIELDS:
            yield Fault(name, "nothing, as personal data belongs into data", described(event[name]))
        elif not isinstance(event[name], str | int):
            yield Fault(name, "text, an integer or a boolean", described(event[name]))


def _is_unknown_code(problem: Problem) -> bool:
    return (
        problem.kind == "literal_error"
        and problem.code is not None
        and isinstance(problem.value, str)
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _with_other(event: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """`event` with the unknown code at the problem's place read as `other`, the code kept."""
    path, code = problem.path, problem.value
    if problem.code == "plain":
        return _replaced(event, path, {"value": "other", "raw": code})
    holder = value_at(event, path[:-1])
    kept = {"sent": code} if "raw" in holder else {"raw": code}
    return _replaced(event, path[:-1], {**holder, **kept, "value": "other"})


def _replaced(event: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """`event` with `value` at `path`; what does not lie on the path is shared."""
    copy = dict(event)
    holder: Any = copy
    for step in path[:-1]:
        child = holder[step]
        holder[step] = dict(child) if isinstance(child, Mapping) else list(child)
        holder = holder[step]
    holder[path[-1]] = value
    return copy
