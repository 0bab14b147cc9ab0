"""A server under load, or its database, is killed at random moments, over and over; then everything
is looked at.

`make torture` does it hundreds of times: CASELEDGER_TEST_KILLS sets the number.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from api.workspace import Workspace
from benchmarks.workload import lines
from tests.api.command_line import CommandLine

KILLS = int(os.environ.get("CASELEDGER_TEST_KILLS", "30"))
DATABASE_SHARE = 0.2
CLIENTS = 3
BATCH = 40


class KilledServer:
    """`caseledger serve` on one data folder, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CASELEDGER_")}
        self.log.write_bytes(b"")
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api", "serve", "--port", "0"],
                cwd=self.folder,
                env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
                stdout=out,
                stderr=out,
            )
        deadline = time.monotonic() + 120
        while not (found := re.search(rb"serving http://[^:]+:(\d+)", self.log.read_bytes())):
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < deadline, self.log.read_text("utf-8")
            time.sleep(0.02)
        self.port = int(found[1])

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def kill_database(self) -> None:
        """The embedded PostgreSQL is gone; the server has to notice and revive it."""
        pid = (self.folder / "data" / "postgres" / "postmaster.pid").read_text().split()[0]
        os.kill(int(pid), signal.SIGKILL)

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(120) == 0, self.log.read_text("utf-8")


class Client(threading.Thread):
    """Sends batch after batch; a batch that got no answer is sent again, until it gets one."""

    def __init__(self, number: int, server: KilledServer, goal: threading.Event) -> None:
        super().__init__(name=f"client-{number}")
        self.server = server
        self.goal = goal
        self.events = lines(100_000, seed=100 + number)
        self.acknowledged: dict[str, int] = {}
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.goal.is_set():
                self._deliver(list(islice(self.events, BATCH)))
        except BaseException as error:
            self.failure = error
            raise

    def _deliver(self, batch: list[bytes]) -> None:
        body = b"[" + b",".join(batch) + b"]"
        while True:
            answer = self._posted(body)
            if answer is not None:
                break
            time.sleep(0.02)
        for event, result in zip(batch, answer["results"], strict=True):
            assert result["status"] in ("appended", "duplicate"), result
            identity = json.loads(event)["source"] + " " + json.loads(event)["id"]
            self.acknowledged[identity] = result["position"]

    def _posted(self, body: bytes) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        try:
            connection.request("POST", "/v1/events", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status == 503:
            return None
        assert answer.status == 200, text
        return json.loads(text)


@pytest.mark.slow
@pytest.mark.timeout(3_000)
def test_a_server_killed_at_random_moments_loses_nothing_that_it_acknowledged(
    tmp_path: Path, caseledger: CommandLine
):
    dice = random.Random(KILLS)
    server = KilledServer(tmp_path)
    server.start()
    enough = threading.Event()
    clients = [Client(number, server, enough) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.05, 1.5))
            if dice.random() < DATABASE_SHARE:
                server.kill_database()
            else:
                server.kill()
                server.start()
        time.sleep(1.0)
    finally:
        enough.set()
        for client in clients:
            client.join(120)
    assert [client.failure for client in clients] == [None] * CLIENTS
    server.stop()

    acknowledged: dict[str, int] = {}
    for client in clients:
        acknowledged |= client.acknowledged
    assert len(acknowledged) > KILLS * BATCH
    stored = _stored(caseledger)
    positions = [position for position, _, _ in stored]
    assert positions == list(range(1, len(stored) + 1))
    by_identity = {identity: position for position, identity, _ in stored}
    assert len(by_identity) == len(stored)
    assert {name: by_identity.get(name) for name in acknowledged} == acknowledged
    recorded = [moment for _, _, moment in stored]
    assert recorded == sorted(recorded)
    answer = caseledger.json("compare")
    assert answer["equal"] is True
    assert answer["position"] == len(stored)


@pytest.fixture
def caseledger(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def _stored(caseledger: CommandLine) -> list[tuple[int, str, str]]:
    """Position, source and id, and record time of every stored event."""

    settings = Settings({"CASELEDGER_DATA_DIR": str(caseledger.folder / "data")})
    found: list[tuple[int, str, str]] = []
    with Workspace(settings) as workspace:
        while some := workspace.ledger.stored_after(len(found), 10_000):
            for position, stored in some:
                event = json.loads(stored)
                assert event["position"] == position
                identity = f"{event['source']} {event['id']}"
                found.append((position, identity, event["recordedat"]))
    return found
