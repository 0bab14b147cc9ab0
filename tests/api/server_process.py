"""`caseledger serve` as people run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 60.0


class Process:
    """`caseledger serve` as a process of its own, on a free port."""

    def __init__(self, folder: Path, *words: str, **settings: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CASELEDGER_")}
        environment |= {f"CASELEDGER_{name}": value for name, value in settings.items()}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", "--port", "0", *words],
            cwd=folder,
            env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.text: list[str] = []
        self._serving = threading.Event()
        self.address = ""
        self.client: httpx.Client | None = None
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.child.stderr is not None
        for line in self.child.stderr:
            self.text.append(line.decode())
            if line.startswith(b"{"):
                facts = json.loads(line)
                if facts["event"] == "serving":
                    self.address = facts["address"]
                    self._serving.set()
        self._serving.set()

    def wait_until_serving(self) -> httpx.Client:
        assert self._serving.wait(PATIENCE)
        assert self.address, "".join(self.text)
        self.client = httpx.Client(base_url=self.address, timeout=PATIENCE)
        return self.client

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.child.poll() is None:
            self.child.send_signal(number)
        try:
            return self.child.wait(PATIENCE)
        finally:
            if self.client is not None:
                self.client.close()
            if self.child.poll() is None:
                self.child.kill()
                self.child.wait()
            self._reader.join()
            assert self.child.stderr is not None
            self.child.stderr.close()


@contextmanager
def process(folder: Path, *words: str, **settings: str) -> Iterator[Process]:
    served = Process(folder, *words, **settings)
    try:
        yield served
    finally:
        served.end()
