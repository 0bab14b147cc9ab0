"""Who uses the server of a data folder, and who may start or stop it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ledger.embedded.layout import DataFolder
from ledger.embedded.locks import FileLock

_POLL_SECONDS = 0.02
_REPORT_SECONDS = 2.0


class Tenancy:
    """One user of the server, registered from `enter` to `leave` or to the end of the process.

    Registration is a lock that the kernel releases, so a user that was killed is not counted.
    """

    def __init__(self, folder: DataFolder) -> None:
        self._gate = folder.gate
        self._owner = folder.owner
        self._users = FileLock(folder.users, self._owner)

    @contextmanager
    def gate(self, progress: Callable[[str], None]) -> Iterator[None]:
        """Nobody else starts, stops, enters or leaves meanwhile; waits for its turn."""
        gate = FileLock(self._gate, self._owner)
        reported = time.monotonic()
        while not gate.acquire():
            if time.monotonic() - reported >= _REPORT_SECONDS:
                reported = time.monotonic()
                progress("another process is starting or stopping PostgreSQL")
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            gate.release()

    def enter(self) -> None:
        """Registers this user. Call it inside the gate."""
        # Refused only while somebody looks whether it is the last, which needs the gate.
        while not self._users.acquire(shared=True):
            time.sleep(_POLL_SECONDS)

    def leave(self) -> bool:
        """Unregisters this user; whether it was the last. Call it inside the gate."""
        last = self._users.acquire()
        self._users.release()
        return last
