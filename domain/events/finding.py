"""Findings (疑点): leads that a person has to check."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from domain.events.fields import Code, Count, Identifier, OneOf, Text
from domain.events.values import EventData, Rule


class FindingRecorded(EventData):
    """疑点登记; `positions` are those of the events that show it."""

    finding: Identifier
    rule: Annotated[str | Rule, OneOf()] | None = None
    subjects: list[Any] | None = None
    positions: list[Count] | None = None


class FindingExplained(EventData):
    """疑点说明."""

    finding: str | None = None
    text: Text | None = None


class FindingClosed(EventData):
    """疑点办结: cleared 排除, rectify 移交整改, refer 移送问题线索."""

    disposition: Code[Literal["cleared", "rectify", "refer"]]
    finding: str | None = None
    reason: Text | None = None
