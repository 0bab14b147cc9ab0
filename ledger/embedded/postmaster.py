"""The server's main process, as its lock file in the cluster names it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

_LINES_WITH_SOCKET = 5


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living main process of the cluster; `sockets` and `port` are None while it begins."""

    pid: int
    sockets: Path | None
    port: int | None
    stopping: bool

    @classmethod
    def of(cls, cluster: Path) -> Postmaster | None:
        """The main process of the cluster, or None if none lives.

        A number in the lock file that meanwhile belongs to another process does not count.
        """
        try:
            lines = lock_file(cluster).read_text(errors="surrogateescape").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        if not _serves(pid, cluster):
            return None
        located = len(lines) >= _LINES_WITH_SOCKET and lines[4].strip() != ""
        return cls(
            pid,
            Path(lines[4].strip()) if located else None,
            int(lines[3]) if located else None,
            lines[-1].strip() == "stopping",
        )


def lock_file(cluster: Path) -> Path:
    """The file that names the main process: its number, …, port, socket folder, …, status."""
    return cluster / "postmaster.pid"


def remains_of(cluster: Path) -> list[psutil.Process]:
    """Every living process of PostgreSQL that works in the cluster."""
    return [process for process in psutil.process_iter() if _works_in(process, cluster)]


def _serves(pid: int, cluster: Path) -> bool:
    try:
        return _works_in(psutil.Process(pid), cluster)
    except psutil.NoSuchProcess:
        return False


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    """PostgreSQL makes the cluster its working folder; where that may not be seen, its arguments
    tell."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return False
        try:
            return Path(process.cwd()) == cluster.resolve()
        except psutil.AccessDenied:
            return str(cluster) in process.cmdline()
    except psutil.Error:
        return False
