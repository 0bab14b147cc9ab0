"""Where the Unix socket of a data folder's server lies."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from domain.errors import PartUnavailable
from ledger.embedded.private_files import Owner
from ledger.embedded.socket_folder import prepare_socket_folder

NAME: Final = "caseledger.sock"
DRAFT: Final = ".new"
_LONGEST: Final = 107
"""Bytes of a socket's path, unix(7): 108 with the final zero."""


def socket_path(data_dir: Path) -> Path:
    """`caseledger.sock` in the data folder, or in a folder among the temporary ones where that path
    is too long for a socket; the name of that folder is derived from the data folder's.

    Raises PartUnavailable where both are too long.
    """
    root = Path(os.path.realpath(data_dir))
    folder = f"caseledger-http-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"
    for path in (
        root / NAME,
        Path(tempfile.gettempdir()).resolve() / folder / NAME,
        Path("/tmp") / folder / NAME,
    ):
        if len(os.fsencode(path)) + len(DRAFT) <= _LONGEST:
            return path
    raise PartUnavailable(
        "socket",
        f"expected a path of at most {_LONGEST} bytes, found {root} and {tempfile.gettempdir()}; "
        "set CASELEDGER_DATA_DIR or TMPDIR to a shorter path",
    )


def prepare_folder_of(path: Path, data_dir: Path) -> None:
    """The folder of the socket is there and, among the temporary ones, this account's alone."""
    if path.parent != Path(os.path.realpath(data_dir)):
        prepare_socket_folder(path.parent, Owner(os.geteuid(), os.getegid()))
