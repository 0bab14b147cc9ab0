"""Administrative review and litigation (复议/诉讼)."""

from __future__ import annotations

from domain.events.fields import OpenCode
from domain.events.values import EventData


class RemedyFiled(EventData):
    """复议/诉讼."""

    kind: OpenCode | None = None


class RemedyDecided(EventData):
    """复议/诉讼结果."""

    kind: OpenCode | None = None
    outcome: OpenCode | None = None
