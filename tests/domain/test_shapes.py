from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import ValidationError

from domain.registry import EVENT_TYPES
from domain.shapes import check_of
from tests.domain.golden_events import golden, golden_names

Extra = Literal["allow", "forbid"]

values = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2.5,
        "",
        "other",
        "unheard of",
        "2026-03-02",
        "x" * 10_001,
        [],
        ["x"],
        [{"code": "x"}],
        {},
        {"value": "other", "raw": 1},
        {"value": 3},
        {"id": "x", "unheard": 1},
        {"sealed": "A256GCM"},
    ]
)


def errors(call: Any, value: Any, extra: Extra) -> set[tuple[Any, ...]]:
    try:
        call(value, extra=extra)
    except ValidationError as error:
        return {tuple(found["loc"]) for found in error.errors()}
    return set()


@given(st.data(), st.sampled_from(["allow", "forbid"]))
def test_a_check_finds_in_the_data_what_the_model_finds(data: st.DataObject, extra: Extra) -> None:
    event = golden(data.draw(st.sampled_from(golden_names())))
    model = EVENT_TYPES[event["type"]].model
    holder: Any = event["data"]
    while isinstance(holder, dict) and data.draw(st.booleans()):
        inner = [child for child in holder.values() if isinstance(child, dict) and child]
        if not inner:
            break
        holder = data.draw(st.sampled_from(inner))
    key = data.draw(st.sampled_from([*sorted(holder), "unheard"]))
    holder[key] = data.draw(values)

    def as_model(value: Any, *, extra: Extra) -> None:
        model.model_validate(value, strict=True, extra=extra)

    by_model = {("data", *location) for location in errors(as_model, event["data"], extra)}
    assert errors(check_of(EVENT_TYPES[event["type"]]), event, extra) == by_model


def test_a_check_is_compiled_once() -> None:
    kind = EVENT_TYPES["case.accepted"]
    assert check_of(kind) is check_of(kind)


def test_the_check_of_no_type_looks_at_the_envelope_alone() -> None:
    event = golden("case.accepted") | {"type": "unheard.of", "data": 7, "subject": "audit/1"}
    check_of(None)(event, extra="forbid")
    with pytest.raises(ValidationError):
        check_of(None)(event | {"time": "now"}, extra="forbid")
