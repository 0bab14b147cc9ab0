from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import UnknownEventType
from domain.registry import EVENT_TYPES
from domain.upcasters import UPCASTERS, upcast

ACCEPTED = "case.accepted"
TYPES = {ACCEPTED: replace(EVENT_TYPES[ACCEPTED], schemaversion=3)}


def renamed(data: Mapping[str, Any]) -> Mapping[str, Any]:
    rest = {name: value for name, value in data.items() if name != "receipt"}
    return rest | {"receipt_no": data["receipt"]}


def marked(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**data, "presence": False}


BOTH = {(ACCEPTED, 1): renamed, (ACCEPTED, 2): marked}


def test_data_at_the_present_version_is_given_back_as_it_is() -> None:
    data = {"receipt_no": "1"}
    assert upcast(ACCEPTED, 1, data) is data


def test_old_data_goes_through_every_step_and_stays_as_it_was() -> None:
    old = {"receipt": "1"}
    assert upcast(ACCEPTED, 1, old, types=TYPES, upcasters=BOTH) == {
        "receipt_no": "1",
        "presence": False,
    }
    assert old == {"receipt": "1"}
    new = {"receipt_no": "1"}
    assert upcast(ACCEPTED, 2, new, types=TYPES, upcasters=BOTH) == {**new, "presence": False}
    assert upcast(ACCEPTED, 3, new, types=TYPES, upcasters=BOTH) is new


@pytest.mark.parametrize("version", [0, -1, 2])
def test_a_version_that_is_not_known_is_an_error(version: int) -> None:
    with pytest.raises(UnknownEventType) as unknown:
        upcast(ACCEPTED, version, {})
    assert unknown.value.schemaversion == version


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(UnknownEventType):
        upcast("unheard.of", 1, {})


def test_a_missing_step_is_an_error() -> None:
    with pytest.raises(UnknownEventType) as unknown:
        upcast(ACCEPTED, 1, {"receipt": "1"}, types=TYPES, upcasters={(ACCEPTED, 1): renamed})
    assert unknown.value.schemaversion == 2


def test_every_older_version_of_every_type_has_its_step() -> None:
    steps = {(k.name, v) for k in EVENT_TYPES.values() for v in range(1, k.schemaversion)}
    assert set(UPCASTERS) == steps
