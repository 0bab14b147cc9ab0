"""The scalar fields of which event data is made: text, dates, counts and codes.

A field that may be one of several JSON types is a union whose branches carry labels beginning
with U+0000 (which no JSON text of an event holds), so that `domain.faults` can tell the branch
from the path and report the one that the sender meant.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

TEXT_LIMIT: Final = 10_000
"""Characters that a text field may hold."""

BRANCH: Final = "\0"
"""First character of the label of a union's branch."""

CODE: Final = BRANCH + "code"
CODED: Final = BRANCH + "coded"
SEALED: Final = BRANCH + "sealed"
CLOSED_CODE: Final = "closed_code"
"""The kind of error of an unknown code that has no `other`."""


_MONTHS: Final = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_FOURTH: Final = r"(?:0[48]|[2468][048]|[13579][26])"
_LEAP_YEAR: Final = rf"(?:[1-9][0-9]{_FOURTH}|(?:[2468][048]|[13579][26])00)"
_DATE: Final = rf"(?:[1-9][0-9]{{3}}-{_MONTHS}|{_LEAP_YEAR}-02-29)"
_CLOCK: Final = (
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
DAY_PATTERN: Final = f"^{_DATE}(?:{_CLOCK})?$"
"""A real date from the year 1000 on, alone or with a time and an offset."""

TIME_PATTERN: Final = (
    rf"^(?:(?:19[0-9]{{2}}|20[0-9]{{2}}|2100)-{_MONTHS}"
    rf"|(?:19{_FOURTH}|20(?:00|{_FOURTH}))-02-29){_CLOCK}$"
)
"""A real instant of the years 1900 to 2100, with an offset."""


class Frozen(BaseModel):
    """A value of event data. Fields that it does not declare are kept."""

    model_config = ConfigDict(
        frozen=True, extra="allow", str_max_length=TEXT_LIMIT, defer_build=True
    )


class Sealed(BaseModel):
    """What stands in the store in place of personal data.

    `ref` is equal where the sealed texts are; `length` is that of the text in characters.
    """

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    sealed: str
    key: str
    nonce: str
    text: str
    ref: str
    length: int


class Coded(Frozen):
    """A code of a source's own: `value` is the normalised one, `raw` the source's, `system` its
    code system. `sent` keeps a `value` that this program does not know."""

    value: str | int
    raw: Any = None
    system: str | None = None
    sent: Any = None


class OneOf:
    """Marks a union: its branches are tried in order and labelled by their JSON type."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices = [(handler.generate_schema(arg), _label(arg)) for arg in get_args(source)]
        return core_schema.union_schema(choices, mode="left_to_right")  # type: ignore[arg-type] # the stub wants list[CoreSchema | tuple]


def _label(branch: Any) -> str:
    if get_origin(branch) is Annotated:
        branch = get_args(branch)[0]
    if branch is Sealed:
        return SEALED
    kind = get_origin(branch) or branch
    names = {str: "text", list: "list", dict: "object", int: "number", float: "number"}
    return BRANCH + ("boolean" if kind is bool else names.get(kind, "object"))


class CodeSchema:
    """Marks `Literal[…] | Coded`: a plain known code, or an object whose `value` is one.

    `other` is a value of every code that is not `closed`: what an unknown one is read as.
    """

    def __init__(self, *, closed: bool = False) -> None:
        self._closed = closed

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        known = next(get_args(arg) for arg in get_args(source) if get_origin(arg) is Literal)
        value = self._value(known)
        system = core_schema.nullable_schema(core_schema.str_schema())
        fields = {
            "value": core_schema.model_field(value),
            "raw": core_schema.model_field(_defaulted(core_schema.any_schema())),
            "system": core_schema.model_field(_defaulted(system)),
            "sent": core_schema.model_field(_defaulted(core_schema.any_schema())),
        }
        coded = core_schema.model_schema(
            Coded,
            core_schema.model_fields_schema(fields),
            frozen=True,
            config=core_schema.CoreConfig(extra_fields_behavior="allow", str_max_length=TEXT_LIMIT),
        )
        return core_schema.union_schema([(value, CODE), (coded, CODED)], mode="left_to_right")

    def _value(self, known: tuple[Any, ...]) -> CoreSchema:
        if isinstance(known[0], int):
            # A literal schema would take true for 1.
            integers = core_schema.int_schema(ge=min(known), le=max(known), strict=True)
            return _closed(integers, f"an integer from {min(known)} to {max(known)}")
        if self._closed:
            return _closed(core_schema.literal_schema([*known]), f"one of {', '.join(known)}")
        return core_schema.literal_schema([*dict.fromkeys((*known, "other"))])


def _closed(schema: CoreSchema, expected: str) -> CoreSchema:
    return core_schema.custom_error_schema(
        schema, custom_error_type=CLOSED_CODE, custom_error_message=expected
    )


def _defaulted(schema: CoreSchema) -> CoreSchema:
    return core_schema.with_default_schema(schema, default=None)


C = TypeVar("C")

Code = Annotated[C | Coded, CodeSchema()]
"""A code of which others than the listed ones are read as `other`."""

ClosedCode = Annotated[C | Coded, CodeSchema(closed=True)]
"""A code that has no `other`: one that is not listed is a fault."""

OpenCode = Annotated[str | Coded, OneOf()]
"""A code without a list: whatever the source says is its value."""

Text = Annotated[str | Sealed, OneOf()]
"""Text that may be about a person: plain when it arrives, sealed in the store."""

Identifier = Annotated[str, StringConstraints(min_length=1)]
Number = Annotated[str | int, OneOf()]
"""A number that a source writes as text or as an integer, such as the place in a queue."""

Count = Annotated[int, Field(ge=0)]
Day = Annotated[str, StringConstraints(pattern=DAY_PATTERN)]
"""A date `YYYY-MM-DD`, or an RFC 3339 time with an offset."""

Instant = Annotated[str, StringConstraints(pattern=TIME_PATTERN)]
"""An RFC 3339 time with an offset, of the years 1900 to 2100."""
