"""What the catalogue publishes: service items (事项) and halls (大厅)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from domain.events.fields import Code, Count, Day, Frozen, Identifier, OneOf, OpenCode, Text
from domain.events.values import CaseKind, EventData, Limit, Limits, Materials, Procedure, Share

Nature = Literal[
    "licence",
    "penalty",
    "coercion",
    "levy",
    "benefit",
    "inspection",
    "confirmation",
    "reward",
    "ruling",
    "other_power",
    "public_service",
]


class Law(Frozen):
    """What the law says about the item; goes before the defaults. Days are working days."""

    acceptance_days: Count | None = None
    deemed_acceptance: bool | None = None
    delivery_days: Count | None = None
    extension_days: Count | None = None
    basis: str | None = None


class CatalogueStep(Frozen):
    """A step that cases of the item go through."""

    code: str | None = None
    name: Text | None = None
    role: OpenCode | None = None
    limit: Limit | None = None


class Declared(Frozen):
    """What the catalogue promises: no visit needed, the online level, the number of visits."""

    contactless: bool | None = None
    online_level: Any = None
    visits: Count | None = None


class Codes(Frozen):
    """The item's codes: basic 基本编码, handle_item 业务办理项, local ones."""

    basic: str | None = None
    handle_item: str | None = None
    local: Annotated[str | list[str], OneOf()] | None = None


class ItemPublished(EventData):
    """事项发布: a new version of the item, in force from `effective_from`."""

    code: Identifier
    name: Text
    nature: Code[Nature]
    kind: Code[CaseKind]
    limits: Limits | None = None
    law: Law | None = None
    materials: Materials | None = None
    steps: list[CatalogueStep] | None = None
    special_procedures: list[Code[Procedure]] | None = None
    responsibility: list[Share] | None = None
    declared: Declared | None = None
    result: Code[Literal["certificate", "document", "none"]] | None = None
    fees: Any = None
    required_ranks: Any = None
    min_site_checkers: Count | None = None
    codes: Codes | None = None
    effective_from: Day | None = None


class HallPublished(EventData):
    """大厅."""

    area: str | None = None
    zones: Any = None
    windows: Any = None
    hours: Any = None
