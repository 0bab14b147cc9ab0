"""Ratings by applicants (好差评) and what followed a bad one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from domain.events.fields import ClosedCode, Code, Frozen, OneOf, OpenCode, Sealed, Text
from domain.events.values import Answer, EventData, Reference


class Rated(Frozen):
    """Whom and where the rating is about."""

    officer: Reference | None = None
    window: str | None = None
    hall: str | None = None


class Rater(Frozen):
    """Who rates."""

    name: Text | None = None
    id_type: OpenCode | None = None
    id_no: Text | None = None
    phone: Text | None = None


class RatingSubmitted(EventData):
    """评价; `level` runs from 5 very satisfied to 1 very dissatisfied."""

    level: ClosedCode[Literal[1, 2, 3, 4, 5]]
    channel: Code[Literal["pc", "mobile", "qr", "tablet", "terminal", "sms", "phone", "default"]]
    round: Code[Literal["first", "follow_up"]] | None = None
    rated: Rated | None = None
    rater: Annotated[str | Sealed | Rater, OneOf()] | None = None
    device: str | None = None
    details: Any = None
    stage: OpenCode | None = None
    text: Text | None = None


class RatingRectified(Answer):
    """差评整改."""

    outcome: Code[Literal["fixed", "explained", "voided"]]
    called_back: bool | None = None
