"""Stored events for those who follow: read once for all who stand at the same place."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from api.serving.pulse import Pulse, reached
from domain.errors import PartUnavailable

Stored = tuple[int, bytes]

CHUNK: Final = 500
_KEPT: Final = 16
_HEARTBEAT_SECONDS: Final = 15.0
_AWAY_SECONDS: Final = 1.0


class Feed:
    """Follows the ledger for any number of readers; idle ones cost no thread and no query.

    Belongs to the event loop of its pulse.
    """

    def __init__(
        self, read: Callable[[int, int], list[Stored]], head: Callable[[], int], pulse: Pulse
    ) -> None:
        """`read` gives at most so many stored events after a position, `head` the last position."""
        self._read = read
        self._head = head
        self._pulse = pulse
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="feed")
        self._chunks: OrderedDict[int, asyncio.Task[list[Stored]]] = OrderedDict()
        self._closed = asyncio.Event()
        self.followers = 0

    async def follow(self, position: int) -> AsyncIterator[list[Stored]]:
        """Events after a position, in order, for ever; an empty list every 15 s without any.

        Ends when the feed is closed. While the database is away nothing comes.
        """
        self.followers += 1
        try:
            while not self._closed.is_set():
                moved = self._pulse.next
                try:
                    chunk = await self._chunk(position) if self._head() > position else []
                except PartUnavailable:
                    await asyncio.sleep(_AWAY_SECONDS)
                    continue
                if chunk:
                    position = chunk[-1][0]
                    yield chunk
                elif not await reached(moved, _HEARTBEAT_SECONDS):
                    yield []
        finally:
            self.followers -= 1

    def close(self) -> None:
        """Every follower comes to its end."""
        self._closed.set()
        self._pulse.beat()
        self._readers.shutdown(wait=False, cancel_futures=True)

    async def _chunk(self, position: int) -> list[Stored]:
        task = self._chunks.get(position)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.ensure_future(self._load(position))
            self._chunks[position] = task
            while len(self._chunks) > _KEPT:
                self._chunks.popitem(last=False)
        # A follower that leaves must not take the reading of the others with it.
        return await asyncio.shield(task)

    async def _load(self, position: int) -> list[Stored]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, position, CHUNK)
