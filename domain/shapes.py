"""Checks of whole events, compiled from the models of their data.

A check says whether an event has the shape that its type asks for and makes nothing of it: each
model of the data stands in it as a typed dictionary with the same fields, which takes pydantic
half the time of making the model's instance.
"""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Any, Final, Literal, Protocol, cast

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from domain.events.fields import TEXT_LIMIT, TIME_PATTERN
from domain.registry import EVENT_TYPES, EventType
from domain.subjects import ANY_SUBJECT, SUBJECT_LIMIT, SubjectKind, subject_pattern


class Check(Protocol):
    """Raises pydantic_core.ValidationError unless the event given has the right shape. With
    `forbid`, members that no model declares are errors too."""

    def __call__(self, event: Any, /, *, extra: Literal["allow", "forbid"]) -> object: ...


ID_PATTERN: Final = r"^[^\p{Cc}]+$"
SOURCE_PATTERN: Final = r"^[^\s\p{Cc}]+$"
JSON_PATTERN: Final = r"^(?i:application/json)\s*(?:;.*)?$"

_ALL: Final = "*"
_checks: dict[str | None, Check] = {}
_compiling = Lock()


def check_of(kind: EventType | None) -> Check:
    """The check of events of `kind`; of None that of the envelope alone, with any type and data.

    Compiled when first asked for and kept.
    """
    name = None if kind is None else kind.name
    check = _checks.get(name)
    if check is not None:
        return check
    with _compiling:
        if name not in _checks:
            subjects = ANY_SUBJECT if kind is None else kind.subjects
            data = core_schema.any_schema() if kind is None else typed_dict_of(kind)
            _checks[name] = _compiled(_event(data, subjects))
        return _checks[name]


def check_of_all() -> Check:
    """The check of a list of events of any known types, each by the schema of its type.

    Compiled when first asked for and kept. What it raises names the places in the list.
    """
    check = _checks.get(_ALL)
    if check is not None:
        return check
    with _compiling:
        choices: dict[Any, CoreSchema] = {}
        definitions: dict[str, CoreSchema] = {}
        for name, kind in EVENT_TYPES.items():
            schema = _event(typed_dict_of(kind), kind.subjects)
            if schema["type"] == "definitions":
                definitions |= {str(part.get("ref")): part for part in schema["definitions"]}
                schema = schema["schema"]
            choices[name] = schema
        event = core_schema.tagged_union_schema(choices, discriminator="type")
        events: CoreSchema = core_schema.list_schema(event)
        if definitions:
            events = core_schema.definitions_schema(events, [*definitions.values()])
        _checks[_ALL] = _compiled(events)
        return _checks[_ALL]


def typed_dict_of(kind: EventType) -> CoreSchema:
    """The schema of a type's data, each model in it as a typed dictionary."""
    kind.model.model_rebuild()
    return cast(CoreSchema, _as_typed_dict(kind.model.__pydantic_core_schema__))


def _compiled(schema: CoreSchema) -> Check:
    return partial(SchemaValidator(schema).validate_python, strict=True)


def _event(data: CoreSchema, subjects: frozenset[SubjectKind]) -> CoreSchema:
    definitions: list[CoreSchema] = []
    if data["type"] == "definitions":
        definitions, data = data["definitions"], data["schema"]
    required = {
        "specversion": core_schema.literal_schema(["1.0"]),
        "id": _text(ID_PATTERN, TEXT_LIMIT),
        "source": _text(SOURCE_PATTERN, TEXT_LIMIT),
        "type": core_schema.str_schema(),
        "subject": _text(subject_pattern(subjects), SUBJECT_LIMIT),
        "time": core_schema.str_schema(pattern=TIME_PATTERN),
        "data": data,
    }
    optional = {
        "datacontenttype": core_schema.str_schema(pattern=JSON_PATTERN),
        "deliveredat": core_schema.str_schema(pattern=TIME_PATTERN),
    }
    fields = {name: core_schema.typed_dict_field(field) for name, field in required.items()}
    for name, field in optional.items():
        fields[name] = core_schema.typed_dict_field(field, required=False)
    event = core_schema.typed_dict_schema(fields, extra_behavior="allow")
    return core_schema.definitions_schema(event, definitions) if definitions else event


def _text(pattern: str, limit: int) -> CoreSchema:
    return core_schema.str_schema(pattern=pattern, min_length=1, max_length=limit)


def _as_typed_dict(schema: Any) -> Any:
    """`schema` with each model in it as a typed dictionary, keys as they stand in JSON."""
    if isinstance(schema, list | tuple):
        return type(schema)(_as_typed_dict(part) for part in schema)
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") != "model":
        return {key: _as_typed_dict(part) for key, part in schema.items() if key != "metadata"}
    fields = {}
    for name, field in schema["schema"]["fields"].items():
        value = field["schema"]
        required = value["type"] != "default"
        fields[field.get("validation_alias", name)] = core_schema.typed_dict_field(
            _as_typed_dict(value if required else value["schema"]), required=required
        )
    limit = schema["config"].get("str_max_length")
    config = (
        core_schema.CoreConfig() if limit is None else core_schema.CoreConfig(str_max_length=limit)
    )
    return core_schema.typed_dict_schema(
        fields, extra_behavior="allow", config=config, ref=schema.get("ref")
    )
