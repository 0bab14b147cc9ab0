"""Commitments in place of materials, and the checks afterwards."""

from __future__ import annotations

from domain.events.fields import Day, OpenCode
from domain.events.values import Answer, EventData


class CommitmentSigned(EventData):
    """告知承诺; `due` is when it has to be checked."""

    due: Day | None = None


class CommitmentChecked(Answer):
    """事后核查."""

    outcome: OpenCode
