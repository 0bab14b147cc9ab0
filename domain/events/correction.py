"""Corrections of the applicant's materials (补正), never of records."""

from __future__ import annotations

from domain.events.fields import Count, Day, Text
from domain.events.values import EventData, Materials


class CorrectionRequested(EventData):
    """补正告知."""

    items: Materials
    reason: Text
    round: Count | None = None
    due: Day | None = None


class CorrectionReceived(EventData):
    """补正收件; `complete` false leaves the request open."""

    items: Materials | None = None
    complete: bool | None = None
    round: Count | None = None
