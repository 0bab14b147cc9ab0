"""What pydantic-core found wrong with an event, told as the ledger tells it.

Of a field that may have several JSON types only the branch is told that the sender meant: the one
for the type of the value sent. What was found is told by its type and length; its value is shown
only where it cannot be personal: a code, or one of the attributes in `SHOWN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic_core import ErrorDetails

from domain.errors import Fault
from domain.events.fields import (
    BRANCH,
    CLOSED_CODE,
    CODE,
    CODED,
    DAY_PATTERN,
    SEALED,
    TIME_PATTERN,
)
from domain.shapes import ID_PATTERN, JSON_PATTERN, SOURCE_PATTERN

Path = tuple[str | int, ...]

SHOWN: Final = frozenset({("specversion",), ("type",), ("datacontenttype",), ("time",)})
SHOWN_LENGTH: Final = 64

_EXPECTED: Final = {
    "missing": "a value, as the field is required",
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "string_unicode": "text without lone surrogates",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
}
_PATTERNS: Final = {
    DAY_PATTERN: "a date YYYY-MM-DD or a time YYYY-MM-DDThh:mm:ss+hh:mm",
    TIME_PATTERN: (
        "a time YYYY-MM-DDThh:mm:ss with an offset (+hh:mm or Z), of the years 1900 to 2100, "
        "with at most 6 digits of a second"
    ),
    ID_PATTERN: "text without control characters",
    SOURCE_PATTERN: "text without white space or control characters",
    JSON_PATTERN: "application/json",
}
_BRANCHES: Final = {
    BRANCH + "text": "text",
    BRANCH + "number": "a number",
    BRANCH + "boolean": "true or false",
    BRANCH + "list": "a list",
    BRANCH + "object": "an object",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of the branch meant: where, of which kind, and the value that stands there.

    `code` says that the value stands where a code belongs: plain, or as the `value` of a coded
    object.
    """

    path: Path
    kind: str
    expected: str
    value: Any
    code: Literal["plain", "coded"] | None = None

    def fault(self) -> Fault:
        """The problem as the sender is told."""
        if self.kind == "missing":
            return Fault(dotted(self.path), self.expected, "nothing")
        shown = self.code is not None or self.path in SHOWN
        return Fault(dotted(self.path), self.expected, described(self.value, shown=shown))


def problems(event: Any, errors: Iterable[ErrorDetails]) -> list[Problem]:
    """The problems behind the errors of one check of `event`, one for each place."""
    found: dict[Path, Problem] = {}
    for problem in _by_union(event, list(errors)):
        found.setdefault(problem.path, problem)
    return list(found.values())


def described(value: Any, *, shown: bool = False) -> str:
    """The JSON type and length of `value`; the value itself where it may be `shown`."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower() if shown else "a boolean"
        case int() | float():
            return str(value) if shown else "a number"
        case str():
            if shown and len(value) <= SHOWN_LENGTH:
                return repr(value)
            return f"text of {_counted(value, 'character')}" if value else "empty text"
        case list():
            return f"a list of {_counted(value, 'element')}"
        case Mapping():
            return f"an object of {_counted(value, 'member')}"
        case _:
            return f"a {type(value).__name__}"


def _counted(value: Sized, noun: str) -> str:
    return f"{len(value):,} {noun}" + ("" if len(value) == 1 else "s")


def dotted(path: Path) -> str:
    """`("data", "materials", 2, "code")` as `data.materials[2].code`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def value_at(event: Any, path: Path) -> Any:
    """What stands at `path`; None where nothing does."""
    for step in path:
        try:
            event = event[step]
        except (KeyError, IndexError, TypeError):
            return None
    return event


def _by_union(event: Any, errors: list[ErrorDetails], depth: int = 0) -> Iterable[Problem]:
    """Takes the errors of the outermost unions apart, which are those with the same start."""
    unions: dict[Path, list[ErrorDetails]] = {}
    for error in errors:
        label = _first_branch(error["loc"], depth)
        if label is None:
            yield _problem(event, error)
        else:
            unions.setdefault(error["loc"][:label], []).append(error)
    for start, inside in unions.items():
        at = len(start)
        labels = list(dict.fromkeys(str(error["loc"][at]) for error in inside))
        path = _plain(start)
        value = value_at(event, path)
        meant = _meant(value, labels)
        if meant is None:
            expected = ", ".join(_BRANCHES[label] for label in labels if label in _BRANCHES)
            yield Problem(path, "type", expected.replace(", ", " or "), value)
        else:
            chosen = [error for error in inside if error["loc"][at] == meant]
            yield from _by_union(event, chosen, at + 1)


def _first_branch(location: Path, start: int) -> int | None:
    for index in range(start, len(location)):
        step = location[index]
        if isinstance(step, str) and step.startswith(BRANCH):
            return index
    return None


def _plain(location: Path) -> Path:
    return tuple(s for s in location if not (isinstance(s, str) and s.startswith(BRANCH)))


def _meant(value: Any, labels: list[str]) -> str | None:
    """The label of the branch for the JSON type of `value`."""
    if CODE in labels:
        return CODED if isinstance(value, Mapping) else CODE
    match value:
        case bool():
            name = "boolean"
        case str():
            name = "text"
        case int() | float():
            name = "number"
        case list():
            name = "list"
        case Mapping() if "sealed" in value and SEALED in labels:
            return SEALED
        case Mapping() if CODED in labels:
            return CODED
        case Mapping():
            name = "object"
        case _:
            return None
    return BRANCH + name if BRANCH + name in labels else None


def _problem(event: Any, error: ErrorDetails) -> Problem:
    location, kind = error["loc"], error["type"]
    path = _plain(location)
    code: Literal["plain", "coded"] | None = None
    if kind in ("literal_error", CLOSED_CODE) and CODE in location[-1:]:
        code = "plain"
    elif kind in ("literal_error", CLOSED_CODE) and CODED in location[-2:-1]:
        code = "coded"
    return Problem(path, kind, _expected(error), value_at(event, path), code)


def _expected(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f"one of {context['expected']}".replace("'", "").replace(" or ", ", ")
        case "string_too_long":
            return f"text of at most {context['max_length']:,} characters"
        case "string_pattern_mismatch":
            return _PATTERNS.get(context["pattern"], "another form")
        case "greater_than_equal":
            return f"a number of at least {context['ge']:g}"
        case "less_than_equal":
            return f"a number of at most {context['le']:g}"
        case kind:
            return _EXPECTED.get(kind, error["msg"])
