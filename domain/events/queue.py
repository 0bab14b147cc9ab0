"""The hall's queue: tickets, and windows that open and close."""

from __future__ import annotations

from domain.events.fields import Identifier
from domain.events.values import EventData, Priority, Reference


class TicketData(EventData):
    """A ticket of a hall's queue; `case` once it is known."""

    hall: Identifier
    window: str | None = None
    case: str | None = None
    priority: Priority | None = None


class TicketIssued(TicketData):
    """取号."""


class TicketCalled(TicketData):
    """叫号."""


class TicketServed(TicketData):
    """服务."""


class TicketAbandoned(TicketData):
    """过号."""


class WindowData(EventData):
    """A window of a hall and who sits at it."""

    hall: Identifier
    window: Identifier
    zone: str | None = None
    officer: Reference | None = None


class WindowOpened(WindowData):
    """开窗."""


class WindowClosed(WindowData):
    """关窗."""
