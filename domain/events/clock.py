"""What stops or lengthens the clocks of a case: special procedures and extensions."""

from __future__ import annotations

from typing import Literal

from domain.events.fields import Code, Count, Day, Number, Text
from domain.events.values import Duration, EventData, Procedure, Reference


class ClockSuspended(EventData):
    """特别程序开始."""

    seq: Number
    kind: Code[Procedure]
    reason: Text
    approver: Reference
    basis: str | None = None
    expected: Duration | None = None
    notified_at: Day | None = None


class ClockResumed(EventData):
    """特别程序结束."""

    seq: Number
    result: Text | None = None
    result_at: Day | None = None


class DeadlineExtensionRequested(EventData):
    """报延."""

    reason: Text
    days: Count | None = None


class DeadlineExtended(EventData):
    """延期; `days` are in the unit of the clock that is extended."""

    days: Count
    reason: Text
    approver: Reference
    clock: Code[Literal["promised", "statutory", "both"]] | None = None
    notified_at: Day | None = None
