"""Data folders and users of an embedded PostgreSQL for the tests."""

from __future__ import annotations

import atexit
import functools
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg

from ledger.embedded import EmbeddedPostgres
from ledger.embedded.postmaster import Postmaster

REPOSITORY = Path(__file__).resolve().parents[2]


@functools.cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="caseledger-template-"))
    atexit.register(shutil.rmtree, folder)
    with EmbeddedPostgres.start(folder / "data"):
        pass
    return folder / "data"


def stopped_ledger(folder: Path) -> Path:
    """`folder` is a data folder with a cluster that nobody runs."""
    shutil.copytree(_template(), folder)
    return folder


def connect(conninfo: dict[str, str], **other: str) -> psycopg.Connection:
    return psycopg.connect(psycopg.conninfo.make_conninfo(**(conninfo | other)), autocommit=True)


def value_of(postgres: EmbeddedPostgres, statement: str) -> Any:
    with connect(postgres.conninfo()) as connection:
        row = connection.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]


def postmaster_of(folder: Path) -> int | None:
    postmaster = Postmaster.of(Path(os.path.realpath(folder)) / "postgres")
    return postmaster.pid if postmaster else None


def signal_server(folder: Path, number: signal.Signals) -> int:
    """Sends the signal to the main process of the server of `folder`; its number."""
    pid = postmaster_of(folder)
    assert pid is not None
    os.kill(pid, number)
    return pid


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Tenant:
    """A process that is a user of the server of `folder`."""

    def __init__(self, folder: Path, *prefix: str, python: str = sys.executable) -> None:
        paths = [str(REPOSITORY), *(path for path in sys.path if path.endswith("site-packages"))]
        self.process = subprocess.Popen(
            [*prefix, python, "-m", "tests.ledger.embedded_tenant", str(folder)],
            cwd=REPOSITORY,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the process ended with {self.process.wait()}"
        heard: dict[str, Any] = json.loads(line)
        return heard

    def ready(self) -> dict[str, Any]:
        heard = self.hear()
        assert heard["ready"], heard
        return heard

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.hear() == {"left": True}
        assert self.process.wait() == 0
        self._close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._close()

    def end(self) -> None:
        """Waits for a process that was refused."""
        assert self.process.wait() == 0
        self._close()

    def _close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()


def end_server(folder: Path) -> None:
    """No process of the server of `folder` lives, whatever the test did."""
    pid = postmaster_of(folder)
    if pid is not None:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        for member in family:
            member.kill()
        psutil.wait_procs(family, timeout=10)


def python_for_everybody() -> str | None:
    """A Python of this version that any account may run and that finds the installed packages."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    account = pwd.getpwnam("nobody")
    for candidate in (
        sys.executable,
        shutil.which(f"python{version}", path="/usr/bin:/usr/local/bin"),
    ):
        if candidate is None:
            continue
        tried = (
            subprocess.run(
                [candidate, "-c", "import sys; print(sys.version_info[:2])"],
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                check=False,
            )
            if _may_run(candidate)
            else None
        )
        if tried is not None and tried.returncode == 0:
            return candidate
    return None


def _may_run(path: str) -> bool:
    """Whether everybody may pass to and run `path`, by the modes."""
    target = Path(path).resolve()
    return all(step.stat().st_mode & 0o001 for step in [target, *target.parents])
