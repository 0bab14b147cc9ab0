"""The decision on a case and its revocation."""

from __future__ import annotations

from typing import Literal

from domain.events.fields import Code, Text
from domain.events.values import EventData, Reference


class DecisionMade(EventData):
    """审批决定."""

    outcome: Code[Literal["granted", "refused"]]
    basis: str | None = None
    mode: Code[Literal["manual", "auto"]] | None = None
    approver: Reference | None = None
    remedies_notified: bool | None = None
    credit_ref: str | None = None


class DecisionRevoked(EventData):
    """撤销许可."""

    reason: Text
    basis: str | None = None
