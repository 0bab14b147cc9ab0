"""Files and folders that nobody but their owner can read, and what goes wrong in making them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from domain.errors import PartUnavailable

_ADVICE = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room or raise the quota",
    errno.EROFS: "the file system is read-only: mount it writable",
    errno.EACCES: "give this account write access",
    errno.EPERM: "give this account write access",
    errno.ELOOP: "a symbolic link stands where a file of the ledger belongs: remove it",
    errno.EMFILE: "raise the limit of open files",
    errno.ENOLCK: "the file system has no file locks: use a local one",
    errno.ENOSYS: "the file system has no file locks: use a local one",
    errno.EOPNOTSUPP: "the file system has no file locks: use a local one",
}


class Owner(NamedTuple):
    """The account that files belong to."""

    uid: int
    gid: int


def owner_of(path: Path) -> Owner:
    """The account that `path` belongs to."""
    status = path.stat()
    return Owner(status.st_uid, status.st_gid)


@contextmanager
def storage_faults(folder: Path) -> Iterator[None]:
    """Turns an operating system's refusal into PartUnavailable with what to do."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "look at that path")
        name = error.filename if error.filename is not None else folder
        raise PartUnavailable(
            "data folder",
            f"{os.fsdecode(name) if isinstance(name, str | bytes) else name}: "
            f"{(error.strerror or str(error)).lower()}; {advice}, "
            "or set CASELEDGER_DATA_DIR to another folder",
        ) from error


def open_private(path: Path, flags: int, owner: Owner) -> int:
    """A descriptor of `path`, made with mode 0600 for `owner` if it is missing.

    A symbolic link is refused: a process of root must not be led out of the folder of another
    account. The descriptor is closed on exec.
    """
    flags |= os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)
    _give(descriptor, owner)
    return descriptor


def make_private_folder(path: Path, owner: Owner) -> None:
    """`path` is a folder; if it was missing it has mode 0700 and belongs to `owner`."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if path.is_symlink() or not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path)) from None
        return
    if owner.uid != os.geteuid():
        os.chown(path, *owner, follow_symlinks=False)


def write_private(path: Path, text: str, owner: Owner) -> None:
    """`path` holds `text`, with mode 0600, durably; a crash leaves the old content or the new."""
    draft = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        _give(descriptor, owner)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """The names in the folder are durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give(descriptor: int, owner: Owner) -> None:
    if owner.uid != os.geteuid():
        os.fchown(descriptor, *owner)
