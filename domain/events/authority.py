"""Who may do what, and who is on duty."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.events.fields import Code, Day, OpenCode
from domain.events.values import EventData, Reference


class AuthorityData(EventData):
    """A power of an officer and its term."""

    officer: Reference
    power: OpenCode
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


class AuthorityGranted(AuthorityData):
    """授权."""


class AuthorityEnded(AuthorityData):
    """授权终止."""


class DutyRecorded(EventData):
    """值班/休假."""

    officer: Reference
    from_: Day = Field(alias="from")
    to: Day
    kind: Code[Literal["on_duty", "leave"]]
