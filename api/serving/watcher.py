"""Watching the ledger's head: by notification, and by looking twice a second where one is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

from api.workspace import Workspace
from domain.errors import PartUnavailable

_LOOK_SECONDS = 0.5
_GATHER_SECONDS = 0.02
_AGAIN_SECONDS = 0.5


class Watcher:
    """A thread that knows the head, and gets an embedded PostgreSQL that died running again.

    `head` never falls. `away` says why the database cannot be reached, None while it can.
    """

    def __init__(self, workspace: Workspace, moved: Callable[[], None]) -> None:
        """`moved` is called in the watcher's thread after each change."""
        self._workspace = workspace
        self._moved = moved
        self._changed = threading.Condition()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher")
        self.head = workspace.ledger.last_position()
        self.away: PartUnavailable | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """The thread has ended; whoever waits goes on."""
        self._ending.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def is_running(self) -> bool:
        """Whether the thread watches."""
        return self._thread.is_alive()

    def wait_beyond(self, position: int, seconds: float) -> int:
        """Wait until the head is beyond a position, at most so long; the head then."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.head > position or self._ending.is_set(), timeout=seconds
            )
            return self.head

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with self._workspace.ledger.listener() as listener:
                    while not self._ending.is_set():
                        self._look()
                        if listener.wait(_LOOK_SECONDS):
                            # What comes at the same moment is looked at together.
                            self._ending.wait(_GATHER_SECONDS)
            except PartUnavailable as error:
                self.away = error
                self._moved()
                self._revive()
                self._ending.wait(_AGAIN_SECONDS)

    def _look(self) -> None:
        head = self._workspace.ledger.last_position()
        was_away, self.away = self.away is not None, None
        if head > self.head:
            with self._changed:
                self.head = head
                self._changed.notify_all()
        elif not was_away:
            return
        self._moved()

    def _revive(self) -> None:
        try:
            self._workspace.revive()
        except PartUnavailable as error:
            self.away = error
