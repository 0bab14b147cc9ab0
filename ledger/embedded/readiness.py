"""Waiting for a server, for as long as it lives."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from psycopg import pq

from domain.errors import PartUnavailable
from ledger.embedded.endpoint import Endpoint
from ledger.embedded.layout import DataFolder
from ledger.embedded.locks import is_held
from ledger.embedded.postmaster import Postmaster, remains_of
from ledger.embedded.private_files import owner_of
from ledger.embedded.socket_folder import verify_socket_folder

_SOONEST_SECONDS, _LATEST_SECONDS = 0.02, 0.5
"""Between two looks: every refused connection is a line in the log."""
_REPORT_SECONDS = 2.0
_SILENCE_SECONDS = 60.0
"""How long a server may live without answering at all; one that recovers answers."""
_QUIT_SECONDS, _KILL_SECONDS = 3.0, 8.0
"""How long processes that outlive their main process may go on by themselves, and when asked."""


def lives(folder: DataFolder) -> bool:
    """Whether any process of the server lives, also one that was not started by this program."""
    return is_held(folder.running, folder.owner) or Postmaster.of(folder.cluster) is not None


def await_answer(
    folder: DataFolder, password: str, progress: Callable[[str], None]
) -> Endpoint | None:
    """The living server's endpoint once it accepts connections; None once no process lives.

    Raises PartUnavailable if it lives and gives no answer of any kind for a minute.
    """
    began = heard = reported = time.monotonic()
    pause = _SOONEST_SECONDS
    asked: signal.Signals | None = None
    while lives(folder):
        now = time.monotonic()
        postmaster = Postmaster.of(folder.cluster)
        endpoint = _endpoint(folder, postmaster, password)
        answer = pq.Ping.NO_RESPONSE if endpoint is None else endpoint.ping()
        if answer == pq.Ping.OK:
            return endpoint
        if answer == pq.Ping.REJECT:
            heard = now
        if now - reported >= _REPORT_SECONDS:
            reported = now
            progress(_explanation(postmaster, answer, now - began))
        if now - heard > _SILENCE_SECONDS:
            raise PartUnavailable("database", _silence(folder, postmaster))
        if postmaster is None:
            asked = _end_remains(folder.cluster, now - heard, asked)
        time.sleep(pause)
        pause = min(_LATEST_SECONDS, pause * 1.2)
    return None


def _endpoint(folder: DataFolder, postmaster: Postmaster | None, password: str) -> Endpoint | None:
    if postmaster is None or postmaster.sockets is None or postmaster.port is None:
        return None
    if not postmaster.sockets.exists():
        return None
    verify_socket_folder(postmaster.sockets, owner_of(folder.cluster))
    return Endpoint(postmaster.sockets, postmaster.port, password)


def _end_remains(
    cluster: Path, seconds: float, asked: signal.Signals | None
) -> signal.Signals | None:
    """Ends processes that outlive a main process that was killed: no new one may start beside
    them, and what they were doing is undone by the recovery."""
    if seconds <= _QUIT_SECONDS:
        return None
    due = signal.SIGKILL if seconds > _KILL_SECONDS else signal.SIGQUIT
    if due != asked:
        for process in remains_of(cluster):
            try:
                process.send_signal(due)
            except psutil.NoSuchProcess:
                continue
    return due


def _explanation(postmaster: Postmaster | None, answer: pq.Ping, seconds: float) -> str:
    if postmaster is None:
        return f"waiting for the processes of an earlier PostgreSQL to end ({seconds:.0f} s)"
    if postmaster.stopping:
        return f"waiting for PostgreSQL to stop ({seconds:.0f} s)"
    if answer == pq.Ping.REJECT:
        return f"PostgreSQL is recovering ({seconds:.0f} s)"
    return f"waiting for PostgreSQL to answer ({seconds:.0f} s)"


def _silence(folder: DataFolder, postmaster: Postmaster | None) -> str:
    if postmaster is None:
        return (
            f"processes of an earlier PostgreSQL in {folder.cluster} do not end; "
            "end them and start again"
        )
    return (
        f"PostgreSQL (process {postmaster.pid}) lives and does not answer at "
        f"{postmaster.sockets}; look into {folder.log}, end that process and start again"
    )
