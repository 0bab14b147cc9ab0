from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.serving.server import Server
from api.settings import Settings

READY_SECONDS = 120.0


class Running:
    """A server in a thread of the test's process, and a client for it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        given = {f"CASELEDGER_{name}": value for name, value in settings.items()}
        self.settings = Settings({"CASELEDGER_DATA_DIR": str(folder), **given})
        self.lines: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.failure: BaseException | None = None
        self.server = Server(
            self.settings,
            host="127.0.0.1",
            port=0,
            log=self.lines.append,
            tell=self.told.append,
            patience_seconds=1.0,
        )
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.server.run()
        except BaseException as error:
            self.failure = error
        finally:
            self.server.ready.set()

    def start(self) -> None:
        self._thread.start()
        assert self.server.ready.wait(READY_SECONDS)
        if self.failure is not None:
            raise self.failure
        assert self.server.address is not None
        self.client = httpx.Client(base_url=self.server.address, timeout=60)

    def stop(self) -> None:
        self.client.close()
        self.server.stop()
        self._thread.join(READY_SECONDS)
        assert not self._thread.is_alive()
        if self.failure is not None:
            raise self.failure

    @property
    def address(self) -> str:
        assert self.server.address is not None
        return self.server.address


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Running]:
    server = Running(folder, **settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "data"


@pytest.fixture(scope="module")
def served(data_folder: Path) -> Iterator[Running]:
    """A server that the tests of a module share."""
    with running(data_folder) as server:
        yield server


@pytest.fixture
def client(served: Running) -> httpx.Client:
    return served.client
