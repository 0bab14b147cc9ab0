"""Approval on trial (模拟审批): no clock starts before its conversion."""

from __future__ import annotations

from domain.events.fields import Identifier, OpenCode
from domain.events.values import EventData


class TrialOpened(EventData):
    """模拟审批开始."""


class TrialConcluded(EventData):
    """模拟审批结论."""

    outcome: OpenCode | None = None


class TrialConverted(EventData):
    """模拟审批转正式; `case` is the number of the case that it became."""

    case: Identifier
