"""The server's log file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ledger.embedded.private_files import Owner, open_private

_ROTATE_BYTES = 16 * 1024 * 1024
_TAIL_LINES = 12


def open_log(path: Path, owner: Owner) -> int:
    """A descriptor that appends to the log; a long log is put aside as `….1` first."""
    if path.exists() and path.stat().st_size > _ROTATE_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return open_private(path, os.O_WRONLY | os.O_APPEND, owner)


@dataclass(frozen=True, slots=True)
class LogTail:
    """What is written to the log at `path` after byte `start`."""

    path: Path
    start: int

    @classmethod
    def of(cls, path: Path) -> LogTail:
        """What will be written to the log from now on."""
        return cls(path, path.stat().st_size if path.exists() else 0)

    def text(self) -> str:
        """The last lines, each indented."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(self.start if self.start <= size else 0)
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-_TAIL_LINES:])
