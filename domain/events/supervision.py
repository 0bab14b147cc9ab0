"""Supervision of a case (督办) and the division of responsibility."""

from __future__ import annotations

from domain.events.fields import OpenCode, Text
from domain.events.values import Answer, EventData, Share


class SupervisionOpened(EventData):
    """督办."""

    kind: OpenCode
    text: Text | None = None


class SupervisionClosed(Answer):
    """督办办结."""

    outcome: OpenCode | None = None
    text: Text | None = None


class ResponsibilityAssigned(EventData):
    """责任划分(建议); the shares add up to 100."""

    shares: list[Share]
