"""File locks that the kernel gives up when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ledger.embedded.private_files import Owner, open_private

_held: set[FileLock] = set()
_forgotten_in_children = False


class FileLock:
    """One flock(2) on `path`, shared or exclusive; not held when made.

    Two objects on one path count separately, in one process as in two. The file stays for ever:
    removing it would let two holders lock two different files. The descriptor is closed on exec,
    and a fork()ed child lets go of its copy without giving the parent's lock up.
    """

    def __init__(self, path: Path, owner: Owner) -> None:
        self._path = path
        self._owner = owner
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False) -> bool:
        """Whether the lock is held now; never waits.

        A lock held already is turned into the kind asked for; where that is refused it is lost.
        """
        if self._descriptor is None:
            _forget_in_children()
            self._descriptor = open_private(self._path, os.O_RDWR, self._owner)
            _held.add(self)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        except OSError:
            _held.discard(self)
            self.forget()
            raise
        return True

    def release(self) -> None:
        """Gives the lock up if this process holds it."""
        if self._descriptor is None:
            return
        _held.discard(self)
        descriptor, self._descriptor = self._descriptor, None
        # A child forked by another thread between open and now may hold a copy of the
        # descriptor: closing alone would leave the lock with it.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            os.close(descriptor)

    def forget(self) -> None:
        """Closes this process's copy of the descriptor and leaves the lock to its holder."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


def is_held(path: Path, owner: Owner) -> bool:
    """Whether anybody holds a lock on `path`."""
    lock = FileLock(path, owner)
    if lock.acquire():
        lock.release()
        return False
    return True


def _forget_in_children() -> None:
    global _forgotten_in_children
    if not _forgotten_in_children:
        _forgotten_in_children = True
        os.register_at_fork(after_in_child=_forget_all)


def _forget_all() -> None:
    while _held:
        _held.pop().forget()
