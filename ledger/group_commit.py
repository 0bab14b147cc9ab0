"""Concurrent callers share transactions, so the write lock is not what limits them.

Whoever finds the lock free leads: it takes all batches that wait and writes them in one
transaction; those who waited find theirs done.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from domain.errors import PartUnavailable
from ledger.receipt import Receipt
from ledger.writer import Batch, Writer

MAX_EVENTS: Final = 50_000
"""At most so many events go into one shared transaction (a larger single batch goes alone)."""


class _Waiting:
    __slots__ = ("batch", "done", "failure")

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.done = False
        self.failure: BaseException | None = None


class GroupCommit:
    """Puts concurrent batches into shared transactions. Owns no thread."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._leading = threading.Lock()
        self._queue: deque[_Waiting] = deque()

    def append(self, batch: Batch) -> list[Receipt]:
        """The batch's receipts, durable. Raises PartUnavailable, or VersionConflict for a batch
        that expected another version."""
        waiting = _Waiting(batch)
        self._queue.append(waiting)
        with self._leading:
            if not waiting.done:
                self._lead(waiting)
        if waiting.failure is not None:
            raise waiting.failure
        if batch.error is not None:
            raise batch.error
        return batch.receipts

    def _lead(self, own: _Waiting) -> None:
        while not own.done:
            together = self._gathered()
            failure = self._written(together)
            alone = (
                len(together) > 1
                and isinstance(failure, Exception)
                and not isinstance(failure, PartUnavailable)
            )
            for waiting in together:
                if alone:
                    # One of them is at fault: the others do not share its fate.
                    failure = self._written([waiting])
                    alone = failure is None or isinstance(failure, Exception)
                waiting.failure = failure
                waiting.done = True
            if failure is not None and not isinstance(failure, Exception):
                raise failure

    def _gathered(self) -> list[_Waiting]:
        together: list[_Waiting] = []
        size = 0
        while self._queue and (
            not together or size + len(self._queue[0].batch.events) <= MAX_EVENTS
        ):
            waiting = self._queue.popleft()
            together.append(waiting)
            size += len(waiting.batch.events)
        return together

    def _written(self, together: list[_Waiting]) -> BaseException | None:
        try:
            self._writer.write([waiting.batch for waiting in together])
        except BaseException as error:  # handed to every caller whose batch was in it
            return error
        return None

    def dry_run(self, batch: Batch) -> list[Receipt]:
        """The receipts that the batch would get now; nothing is kept."""
        with self._leading:
            self._writer.write([batch], dry_run=True)
        if batch.error is not None:
            raise batch.error
        return batch.receipts
