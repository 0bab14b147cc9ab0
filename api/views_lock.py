"""The lock on the views of a data folder: one process has them open, and says who it is."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = "views.lock"
_LONGEST: Final = 512


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the views: a process and, of a server, its address."""

    process: str
    address: str | None

    def __str__(self) -> str:
        where = "" if self.address is None else f", which serves {self.address}"
        return f"process {self.process}{where}"


class ViewsLock:
    """An flock(2) that the kernel gives up when its holder dies, however it dies."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Whether this process has the lock now; never waits."""
        if self._descriptor is not None:
            return True
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self.describe(None)
        return True

    def describe(self, address: str | None) -> None:
        """Let others know who holds the lock and, of a server, where it serves."""
        assert self._descriptor is not None
        text = f"{os.getpid()}\n" if address is None else f"{os.getpid()} {address}\n"
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def holder(self) -> Holder:
        """Who took the lock last, as they said."""
        with self._path.open("rb") as file:
            words = file.read(_LONGEST).decode("utf-8", "replace").split()
        return Holder(words[0] if words else "unknown", words[1] if len(words) > 1 else None)

    def release(self) -> None:
        """Give the lock up if this process has it."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)
