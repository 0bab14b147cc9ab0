"""PostgreSQL itself is killed at any moment, with -9, and brought back."""

from __future__ import annotations

import random
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import psutil
import pytest

from domain.errors import PartUnavailable
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.embedded import EmbeddedPostgres
from ledger.keys import LedgerKeys
from ledger.receipt import Receipt, Status
from tests.ledger.embedded_folders import postmaster_of, stopped_ledger, wait_until
from tests.ledger.ledger_contents import assert_whole
from tests.ledger.sent_events import person, received, sent
from tests.ledger.servers import embedded

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.timeout(180)]

_ATTEMPTS = 20


class Killable:
    """A ledger and its server; every process of the server can be ended at once."""

    def __init__(self, folder: Path, user: EmbeddedPostgres, database: Database, keys: LedgerKeys):
        self.folder = folder
        self.user = user
        self.ledger = CaseLedger(database, keys)

    def processes(self) -> list[psutil.Process]:
        pid = postmaster_of(self.folder)
        assert pid is not None
        main = psutil.Process(pid)
        return [main, *main.children(recursive=True)]

    def writer_of_the_log(self) -> psutil.Process:
        """The process that flushes what was committed without waiting for the disk."""
        (found,) = (one for one in self.processes() if "walwriter" in " ".join(one.cmdline()))
        return found

    def kill(self) -> None:
        for process in self.processes():
            process.send_signal(signal.SIGSTOP)
        for process in self.processes():
            process.kill()

    def append(self, raws: list[bytes]) -> list[Receipt]:
        """Sent again until it is taken, as a sender does."""
        for _ in range(_ATTEMPTS):
            try:
                return self.ledger.append(raws)
            except PartUnavailable as error:
                if error.part != "database":
                    raise
                self.revive()
        raise AssertionError("the ledger did not come back")

    def revive(self) -> None:
        """The server may be killed while it is brought back."""
        with suppress(PartUnavailable):
            self.user.revive()


@pytest.fixture
def killable(keys: LedgerKeys) -> Iterator[Killable]:
    folder = Path(tempfile.mkdtemp(prefix="caseledger-killed-"))
    try:
        with (
            embedded(stopped_ledger(folder / "data")) as (server, user),
            Database(server.owner, keys) as database,
        ):
            yield Killable(folder / "data", user, database, keys)
    finally:
        rmtree(folder)


def test_what_was_acknowledged_is_there_after_each_of_many_kills(killable: Killable) -> None:
    chance = random.Random(5)
    kept: list[tuple[bytes, Receipt]] = []
    failures: list[BaseException] = []
    ended = threading.Event()

    def append() -> None:
        number = 0
        while not ended.is_set():
            raws = [
                received(person(f"{number}-{place}"), subject=f"C-{place}") for place in range(20)
            ]
            number += 1
            try:
                kept.extend(zip(raws, killable.append(raws), strict=True))
            except BaseException as error:
                failures.append(error)
                return

    def reach(target: int) -> None:
        wait_until(lambda: len(kept) >= target or bool(failures), 60)

    threads = [threading.Thread(target=append) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            reach(len(kept) + chance.randint(20, 600))
            killable.kill()
            killable.revive()
        reach(len(kept) + 100)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failures == []
    events = assert_whole(killable.ledger)
    for raw, receipt in kept:
        assert receipt.position is not None
        found = events[receipt.position - 1]
        assert found["id"].encode() in raw
        assert found["version"] == receipt.version
    assert len(events) == len(kept)


def test_an_append_while_the_server_is_away_says_so_and_works_later(killable: Killable) -> None:
    killable.ledger.append([sent()])
    killable.kill()
    raw = sent()
    with pytest.raises(PartUnavailable) as caught:
        killable.ledger.append([raw])
    assert caught.value.part == "database"
    killable.user.revive()
    assert killable.append([raw])[0].position == 2
    assert_whole(killable.ledger)


@pytest.mark.parametrize(
    "read",
    [
        lambda ledger: ledger.head(),
        lambda ledger: ledger.dead_letters(),
        lambda ledger: ledger.events_of("x"),
        lambda ledger: ledger.stored_after(0, 1),
        lambda ledger: ledger.vault.cipher_of("x"),
        lambda ledger: ledger.append([received(person())]),
        lambda ledger: ledger.append([sent()], dry_run=True),
    ],
    ids=["head", "dead letters", "events", "stored", "cipher", "append", "dry run"],
)
def test_whatever_is_asked_while_the_server_is_away_says_so(
    killable: Killable, read: Callable[[CaseLedger], object]
) -> None:
    killable.ledger.append([sent()])
    killable.kill()
    with pytest.raises(PartUnavailable):
        read(killable.ledger)


def test_a_pool_outlives_the_server(killable: Killable) -> None:
    def raws(start: int) -> list[bytes]:
        return [received(person(f"{start + n}"), subject=f"C-{n}") for n in range(500)]

    with killable.ledger.preparation_pool(2) as pool:
        pool.warm_up()
        list(killable.ledger.append_stream(raws(0), pool=pool))
        killable.kill()
        second = raws(1_000)
        with pytest.raises(PartUnavailable):
            list(killable.ledger.append_stream(second, pool=pool))
        killable.user.revive()
        for _ in range(_ATTEMPTS):
            try:
                batches = list(killable.ledger.append_stream(second, pool=pool))
                break
            except PartUnavailable:
                continue
    assert {one.status for batch in batches for one in batch} == {Status.APPENDED}
    assert len(assert_whole(killable.ledger)) == 1_000


def test_a_key_that_died_with_the_server_seals_nothing(killable: Killable) -> None:
    """What is prepared may be written much later, after the server was killed and came back."""
    killable.ledger.append([sent()])
    raw = received(person())
    killable.writer_of_the_log().send_signal(signal.SIGSTOP)
    killable.ledger.append([raw], dry_run=True)
    killable.kill()
    killable.user.revive()
    assert killable.append([raw])[0].status is Status.APPENDED
    assert_whole(killable.ledger)


def test_a_key_that_died_with_the_server_seals_nothing_that_a_pool_prepares(
    killable: Killable,
) -> None:
    with killable.ledger.preparation_pool(1) as pool:
        list(killable.ledger.append_stream([sent()], pool=pool))
        raw = received(person())
        killable.writer_of_the_log().send_signal(signal.SIGSTOP)
        pool.collect(pool.submit([raw], 0))
        killable.kill()
        killable.user.revive()
        for _ in range(_ATTEMPTS):
            try:
                list(killable.ledger.append_stream([raw], pool=pool))
                break
            except PartUnavailable:
                continue
    assert len(assert_whole(killable.ledger)) == 2
