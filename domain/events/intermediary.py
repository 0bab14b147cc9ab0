"""Intermediaries (中介): chosen, reporting, sanctioned."""

from __future__ import annotations

from typing import Annotated, Literal

from domain.events.fields import Code, Count, OneOf, OpenCode, Text
from domain.events.values import EventData, Reference


class IntermediaryEngaged(EventData):
    """中介选取; `price` in fen, `candidates` by name or their number."""

    agency: Reference
    method: Code[Literal["draw", "bid", "direct"]]
    service: str | None = None
    via: Code[Literal["marketplace", "off"]] | None = None
    candidates: Annotated[list[Reference] | Count, OneOf()] | None = None
    price: int | None = None
    required_by: Reference | None = None


class IntermediaryReported(EventData):
    """中介成果."""

    agency: Reference | None = None
    service: str | None = None
    outcome: OpenCode | None = None


class IntermediarySanctioned(EventData):
    """中介处理."""

    agency: Reference | None = None
    reason: Text | None = None
