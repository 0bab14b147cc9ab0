"""Keeping the views at the ledger's head while a server runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

import duckdb

from api.serving.watcher import Watcher
from api.workspace import Workspace
from domain.errors import PartUnavailable, ProjectionError

_LOOK_SECONDS = 1.0
_GATHER_SECONDS = 0.05
_AGAIN_SECONDS = 0.5


class Projector:
    """A thread that takes what was appended into the views.

    `projected` is the position up to which they hold the ledger. `failure` says at which view and
    position taking in stopped for good: nothing is skipped, and what stands there has to be looked
    at. `away` is what cannot be reached for the moment. `has_caught_up` says that the views have
    once held everything that the ledger held when the server started.
    """

    def __init__(self, workspace: Workspace, watcher: Watcher, moved: Callable[[], None]) -> None:
        """`moved` is called in the projector's thread after each change."""
        self._read_model = workspace.standing_read_model()
        self._follower = workspace.follower(self._read_model)
        self._watcher = watcher
        self._moved = moved
        self._goal = watcher.head
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="projector")
        self.projected = self._read_model.projected
        self.failure: ProjectionError | None = None
        self.away: PartUnavailable | None = None

    @property
    def has_caught_up(self) -> bool:
        """Whether the views have taken in what the ledger held at the start."""
        return self.projected >= self._goal

    @property
    def is_running(self) -> bool:
        """Whether the thread takes in."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """The thread has ended, after the batch that it was taking in. End the watcher first."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ending.is_set():
                head = self._watcher.wait_beyond(self.projected, _LOOK_SECONDS)
                try:
                    self._take(head)
                except PartUnavailable as error:
                    self.away = error
                    self._ending.wait(_AGAIN_SECONDS)
                else:
                    # What comes at the same moment is taken in together.
                    self._ending.wait(_GATHER_SECONDS)
        except ProjectionError as error:
            self.failure = error
            self._moved()
        except duckdb.Error as error:
            self.failure = ProjectionError("read model", self.projected + 1, str(error))
            self._moved()

    def _take(self, head: int) -> None:
        standing = self._read_model.projected
        if standing != self.projected:
            self.projected = standing
            self._moved()
        if head <= standing:
            return
        for batch in self._follower.batches(after=standing, until=head):
            self.projected = self._read_model.take(batch)
            self.away = None
            self._moved()
            if self._ending.is_set():
                return
