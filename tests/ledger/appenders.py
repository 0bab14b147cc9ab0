"""Processes that append, as the tests steer them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from ledger.keys import LedgerKeys

REPOSITORY = Path(__file__).resolve().parents[2]


class Appender:
    """A process that appends a file once it is told to; in a group of processes of its own."""

    def __init__(
        self, conninfo: str, keys: LedgerKeys, file: Path, *, workers: int = 0, together: int = 0
    ) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.ledger.appending_process",
                conninfo,
                keys.master.hex(),
                str(file),
                str(workers),
                str(together),
            ],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._lines: list[bytes] = []
        self._hearing = Thread(target=self._hear)

    def ready(self) -> Appender:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line == b'"ready"\n', self.process.communicate()[1].decode()
        return self

    def go(self) -> Appender:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        self._hearing.start()
        return self

    def kill_after(self, seconds: float) -> None:
        """Ends the process and those that prepare for it, at once, when it has had its time."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def acknowledged(self) -> list[list[Any]]:
        """Every receipt that it gave until it ended; a line cut off by its end was given to
        nobody."""
        self._end()
        whole = [json.loads(line) for line in self._lines if line[-1:] == b"\n"]
        return [receipt for batch in whole if isinstance(batch, list) for receipt in batch]

    def finished(self) -> list[list[Any]]:
        """Every receipt of a process that did all its work."""
        errors = self._end()
        assert self.process.returncode == 0, errors
        assert json.loads(self._lines[-1]) == "done"
        return self.acknowledged()

    def _hear(self) -> None:
        # Read all the time: a process whose pipe is full waits.
        assert self.process.stdout is not None
        self._lines += self.process.stdout

    def _end(self) -> str:
        self._hearing.join()
        if self.process.stderr is None or self.process.stderr.closed:
            return ""
        errors = self.process.stderr.read().decode()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        return errors


def file_of(path: Path, raws: Iterable[bytes]) -> Path:
    """A file of events, one a line."""
    path.write_bytes(b"".join(raw + b"\n" for raw in raws))
    return path
