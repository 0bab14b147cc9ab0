"""Old data read as new: one pure function for each step from a schema version to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.errors import UnknownEventType
from domain.registry import EVENT_TYPES, EventType

Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Gives the data one schema version later. Pure: what it is given stays as it is."""

UPCASTERS: Final[Mapping[tuple[str, int], Upcaster]] = MappingProxyType({})
"""By type and by the version that the upcaster reads. Every type is at version 1 yet."""


def upcast(
    type_name: str,
    schemaversion: int,
    data: Mapping[str, Any],
    *,
    types: Mapping[str, EventType] = EVENT_TYPES,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> Mapping[str, Any]:
    """`data`, stored at `schemaversion`, as the present version of its type has it.

    Raises UnknownEventType for a type that is not known, a version newer than the present one or
    below 1, and a version from which no upcaster leads on.
    """
    kind = types.get(type_name)
    if kind is None:
        raise UnknownEventType(type_name)
    if not 1 <= schemaversion <= kind.schemaversion:
        raise UnknownEventType(type_name, schemaversion)
    for version in range(schemaversion, kind.schemaversion):
        step = upcasters.get((type_name, version))
        if step is None:
            raise UnknownEventType(type_name, version)
        data = step(data)
    return data
