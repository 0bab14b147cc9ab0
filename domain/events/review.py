"""Who works on a case and with what outcome: hand-offs, steps, parallel branches, helpers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.events.fields import Code, Day, Frozen, Identifier, Number, OneOf, OpenCode, Text
from domain.events.values import EventData, Limit, Place, Reference


class CaseHandedOff(EventData):
    """转办/流转; `up` says that it went to the higher authority."""

    from_: Place = Field(alias="from")
    to: Place
    step: OpenCode | None = None
    reason: Text | None = None
    up: bool | None = None


class StepData(EventData):
    """环节: undertake 承办, review 审核, approve 批准, survey 勘验 or a name of the source's."""

    step: OpenCode
    no: Number | None = None
    limit: Limit | None = None
    outcome: Code[Literal["pass", "return", "other"]] | None = None
    opinion: Text | None = None
    branch: str | None = None
    participants: list[Reference] | None = None


class StepStarted(StepData):
    """环节开始."""


class StepCompleted(StepData):
    """环节完成."""


class BranchOpened(EventData):
    """并联 (开始): a department is asked in parallel."""

    branch: Identifier
    department: Identifier
    due: Day | None = None
    limit: Limit | None = None


class BranchReturned(EventData):
    """并联 (反馈)."""

    outcome: OpenCode
    branch: str | None = None
    department: str | None = None
    opinion: Text | None = None


class Helper(Frozen):
    """Who was given to the applicant as a helper."""

    id: str | None = None
    name: Text | None = None
    kind: OpenCode | None = None
    department: str | None = None


class AgentAssigned(EventData):
    """代办."""

    agent: Annotated[Identifier | Helper, OneOf()]
