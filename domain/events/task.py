"""Supervision tasks, and the traces of reading and of asking about a case."""

from __future__ import annotations

from typing import Annotated, Any

from domain.events.fields import Identifier, OneOf, Sealed, Text
from domain.events.values import EventData, Person, Reference


class TaskOpened(EventData):
    """监督任务."""

    task: Identifier
    legal_basis: Identifier
    area: str | None = None
    items: list[Any] | None = None
    officers: list[Reference] | None = None
    reader: Reference | None = None


class TaskClosed(EventData):
    """监督任务结束."""

    task: str | None = None


class AccessLogged(EventData):
    """查阅留痕: who read what, under which task, on which legal basis, what for."""

    reader: Reference
    task: Identifier
    legal_basis: Identifier
    purpose: Identifier
    what: Annotated[str | list[Any] | dict[str, Any], OneOf()]


class ContactLogged(EventData):
    """过问登记."""

    about: Annotated[str | list[Any] | dict[str, Any], OneOf()]
    who: Annotated[str | Sealed | Person, OneOf()] | None = None
    text: Text | None = None
