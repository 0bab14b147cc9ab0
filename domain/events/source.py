"""Upstream systems: their registration and their outages."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.events.fields import Code, Day, Identifier, Text
from domain.events.values import EventData


class SourceRegistered(EventData):
    """来源登记: landed 数据落地 or backflow 数据回流."""

    source: Identifier
    integration: Code[Literal["landed", "backflow"]] | None = None
    area: str | None = None
    department: str | None = None


class SourceOutage(EventData):
    """停机: what explains that events of the source came late."""

    source: Identifier
    from_: Day = Field(alias="from")
    to: Day
    reason: Text | None = None
