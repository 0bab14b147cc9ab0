"""The end of a case, and its reopening."""

from __future__ import annotations

from typing import Literal

from domain.events.fields import Code, Text
from domain.events.values import EventData, Reference

Result = Literal[
    "issued",
    "completed",
    "refused",
    "withdrawn",
    "voided",
    "deleted",
    "returned",
    "forwarded",
    "declined",
    "gap_expired",
    "other",
]


class CaseClosed(EventData):
    """办结; `completed` is 办结无证. Every result but issued and completed has a reason."""

    result: Code[Result]
    reason: Text | None = None


class CaseReopened(EventData):
    """重新办理."""

    reason: Text


class CaseWithdrawn(EventData):
    """撤回."""

    reason: Text
    approver: Reference | None = None


class CaseVoided(EventData):
    """作废."""

    reason: Text
    approver: Reference | None = None
