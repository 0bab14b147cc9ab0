"""The server: started when none runs, stopped for good."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from domain.errors import PartUnavailable
from ledger.embedded import launcher, settings
from ledger.embedded.account import Account, choose_account, environment
from ledger.embedded.binaries import Binaries
from ledger.embedded.cluster import ensure_cluster, password_of
from ledger.embedded.endpoint import Endpoint
from ledger.embedded.layout import DataFolder
from ledger.embedded.locks import FileLock
from ledger.embedded.log import LogTail, open_log
from ledger.embedded.postmaster import Postmaster, lock_file
from ledger.embedded.private_files import owner_of
from ledger.embedded.readiness import await_answer, lives
from ledger.embedded.socket_folder import (
    SOCKET_NAME,
    prepare_socket_folder,
    socket_folder,
    verify_socket_folder,
)

_POLL_SECONDS = 0.02
_STOP_SECONDS = 300.0


def ensure_running(folder: DataFolder, progress: Callable[[str], None]) -> Endpoint:
    """A server of the folder accepts connections and has the database. Call it inside the gate.

    Waits for a recovery or an earlier stop as long as they take. Raises PartUnavailable.
    """
    password = password_of(folder)
    endpoint = await_answer(folder, password, progress)
    if endpoint is None:
        tail = LogTail.of(folder.log)
        _start(folder, password, progress)
        endpoint = await_answer(folder, password, progress)
        if endpoint is None:
            raise PartUnavailable(
                "database",
                f"PostgreSQL ended while it started; the end of {folder.log}:\n{tail.text()}",
            )
    endpoint.ensure_database()
    return endpoint


def stop(folder: DataFolder, *, wait: bool = True) -> None:
    """No server of the folder runs: a fast shutdown, nothing acknowledged is lost.

    Without `wait` it is only asked to. Raises PartUnavailable if it still runs after minutes.
    """
    postmaster = Postmaster.of(folder.cluster)
    if postmaster is None:
        return
    try:
        os.kill(postmaster.pid, signal.SIGINT)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + _STOP_SECONDS
    while wait and lives(folder):
        if time.monotonic() > deadline:
            raise PartUnavailable(
                "database",
                f"PostgreSQL (process {postmaster.pid}) was asked to stop and has not within "
                f"{_STOP_SECONDS:.0f} s; look into {folder.log}",
            )
        time.sleep(_POLL_SECONDS)
    if wait and postmaster.sockets is not None and postmaster.sockets.parent != folder.root:
        _remove(folder, postmaster.sockets)


def _start(folder: DataFolder, password: str, progress: Callable[[str], None]) -> None:
    """The server's process exists, unless it has ended at once."""
    binaries = Binaries.installed()
    sockets = socket_folder(folder.root)
    account = choose_account(folder, [folder.root, sockets.parent, binaries.postgres])
    prepare_socket_folder(sockets, account.owner)
    ensure_cluster(folder, account, binaries, password, progress)
    progress("PostgreSQL is starting")
    _remove_stale(folder, sockets)
    program = [str(binaries.postgres), *settings.arguments(folder.cluster, sockets)]
    code = _launch(folder, account, program)
    # HELD: the launcher of a starter that was killed came first; its server is as good.
    if code not in (0, launcher.HELD):
        raise PartUnavailable(
            "database", f"PostgreSQL cannot be started (exit code {code}); look into {folder.log}"
        )


def _launch(folder: DataFolder, account: Account, program: list[str]) -> int:
    log = open_log(folder.log, folder.owner)
    try:
        return subprocess.run(
            account.command("--hold", str(folder.running), "--detach", program=program),
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        ).returncode
    finally:
        os.close(log)


def _remove_stale(folder: DataFolder, sockets: Path) -> None:
    """Removes what a killed server left, if no process of the server lives.

    Whatever process has the numbers in these files by now, the server would take it for itself
    and refuse to start. With the lock held, no launcher can start one meanwhile.
    """
    running = FileLock(folder.running, folder.owner)
    if not running.acquire():
        return
    try:
        if Postmaster.of(folder.cluster) is None:
            lock_file(folder.cluster).unlink(missing_ok=True)
            (sockets / SOCKET_NAME).unlink(missing_ok=True)
            (sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
    finally:
        running.release()


def _remove(folder: DataFolder, sockets: Path) -> None:
    """Removes the socket's folder among the temporary ones, unless something is in it."""
    if sockets.exists():
        verify_socket_folder(sockets, owner_of(folder.cluster))
        if not any(sockets.iterdir()):
            sockets.rmdir()
