"""The folder of the server's Unix socket."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from domain.errors import PartUnavailable
from ledger.embedded.private_files import Owner
from ledger.embedded.settings import PORT

SOCKET_NAME = f".s.PGSQL.{PORT}"
_LONGEST = 107
"""Bytes of a socket's path, unix(7): 108 with the final zero."""


def socket_folder(root: Path) -> Path:
    """`run` in the data folder, or a folder among the temporary ones where that path does not do.

    It does not do if it is too long for a socket, is not UTF-8, or holds a comma, at which libpq
    splits a list of hosts. The name among the temporary folders is derived from the data folder's.
    """
    inside = root / "run"
    if _does(inside):
        return inside
    name = f"caseledger-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"
    for folder in (Path(tempfile.gettempdir()).resolve(), Path("/tmp")):
        if _does(folder / name):
            return folder / name
    raise PartUnavailable(
        "database",
        f"expected a folder for a socket of at most {_LONGEST} bytes without a comma, found {root} "
        f"and {tempfile.gettempdir()}; set CASELEDGER_DATA_DIR or TMPDIR to a shorter path",
    )


def prepare_socket_folder(path: Path, owner: Owner) -> None:
    """`path` is a folder of `owner` with mode 0700.

    Raises PartUnavailable if it belongs to anybody but `owner` and the caller, OSError if it
    cannot be made.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    status = verify_socket_folder(path, owner)
    if status.st_uid != owner.uid:
        os.chown(path, *owner, follow_symlinks=False)
    if stat.S_IMODE(status.st_mode) != 0o700:
        path.chmod(0o700)


def verify_socket_folder(path: Path, owner: Owner) -> os.stat_result:
    """The status of the folder; refuses what another account may have put there."""
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise PartUnavailable(
            "database", f"{path}: expected a folder for the socket, found another file; remove it"
        )
    if status.st_uid not in (owner.uid, os.geteuid()):
        raise PartUnavailable(
            "database",
            f"{path}: expected the account {owner.uid} as the owner of the socket's folder, found "
            f"{status.st_uid}; remove that folder or set TMPDIR to a folder of your own",
        )
    return status


def _does(folder: Path) -> bool:
    try:
        name = str(folder / SOCKET_NAME).encode()
    except UnicodeEncodeError:
        return False
    return len(name) <= _LONGEST and b"," not in name
