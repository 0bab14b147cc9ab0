"""Telling coroutines that something moved."""

from __future__ import annotations

import asyncio


class Pulse:
    """Wakes whoever waits; belongs to one event loop, beats from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Everybody who waits now goes on. Call it from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._beat)

    def _beat(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    @property
    def next(self) -> asyncio.Event:
        """Set at the next beat. Take it before looking at what may have moved, so that a beat in
        between is not missed."""
        return self._event


async def reached(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
