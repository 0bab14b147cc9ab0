"""Complaints, and calls to the hotline 12345."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from domain.events.fields import Code, Frozen, OneOf, OpenCode, Sealed, Text
from domain.events.values import Answer, EventData, Place

Handling = Literal["direct", "dispatched"]


class Complainant(Frozen):
    """Who complains."""

    name: Text | None = None
    id_type: OpenCode | None = None
    id_no: Text | None = None
    phone: Text | None = None
    address: Text | None = None


class ComplaintFiled(EventData):
    """投诉."""

    channel: Code[Literal["12345", "hall", "web", "direct_line"]]
    about: Any = None
    topic: OpenCode | None = None
    text: Text | None = None
    complainant: Annotated[str | Sealed | Complainant, OneOf()] | None = None


class ComplaintResolved(Answer):
    """投诉办结."""

    handling: Code[Handling]
    outcome: OpenCode | None = None


class InquiryLogged(EventData):
    """12345 来电; `case` where the caller named one."""

    kind: Code[Literal["consult", "complaint", "help"]]
    case: str | None = None
    topic: OpenCode | None = None
    text: Text | None = None


class InquiryDispatched(EventData):
    """12345 转办."""

    to: Annotated[str | Place, OneOf()] | None = None


class InquiryClosed(Answer):
    """12345 办结."""

    handling: Code[Handling] | None = None
    satisfied: Annotated[bool | str | int, OneOf()] | None = None
