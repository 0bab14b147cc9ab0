"""One thing of many items (一件事)."""

from __future__ import annotations

from typing import Annotated

from domain.events.fields import Day, Frozen, Identifier, OneOf
from domain.events.intake import ItemVersion
from domain.events.values import EventData, Reference


class Child(Frozen):
    """An item of the bundle, its case once there is one, and the items it has to wait for."""

    item: Annotated[Identifier | ItemVersion, OneOf()]
    case: str | None = None
    after: Annotated[str | list[str], OneOf()] | None = None


class BundleOpened(EventData):
    """一件事."""

    children: list[Child]
    lead: Reference | None = None
    due: Day | None = None
