from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError, StoredEvent

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.receipt import Status
from tests.ledger.appenders import Appender, file_of
from tests.ledger.ledger_contents import assert_whole, last, query, stored
from tests.ledger.sent_events import sent, several
from tests.ledger.servers import Server

_SEEN = "SELECT position FROM ledger.event WHERE position > %s ORDER BY position"


class Poller:
    """Reads all the time, on a connection of its own, and keeps the positions in the order in which
    it came to see them."""

    def __init__(self, conninfo: str) -> None:
        self.seen: list[int] = []
        self._conninfo = conninfo
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> Poller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _read(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            while True:
                ended = self._ended.is_set()
                known = self.seen[-1] if self.seen else 0
                self.seen += [row[0] for row in connection.execute(_SEEN, (known,))]
                if ended:
                    return


@pytest.mark.slow
def test_readers_never_see_a_position_before_all_lower_ones(
    postgres: Server, database: Database, keys: LedgerKeys, tmp_path: Path
) -> None:
    ledger = CaseLedger(database, keys)
    conninfo = postgres.conninfo(database.dbname)
    files = [
        file_of(tmp_path / f"{name}.ndjson", several(1_500, subjects=13, prefix=f"{name}-"))
        for name in ("p", "q")
    ]
    appenders = [Appender(conninfo, keys, file, together=10).ready() for file in files]
    raws = [several(150, subjects=5, prefix=f"t{thread}-") for thread in range(8)]

    def append(mine: list[bytes]) -> None:
        for start in range(0, len(mine), 3):
            ledger.append(mine[start : start + 3])

    with Poller(database.uri()) as poller:
        for appender in appenders:
            appender.go()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(append, raws))
        for appender in appenders:
            assert len(appender.finished()) == 1_500
    assert poller.seen == list(range(1, 4_201))
    assert len(assert_whole(ledger)) == 4_200


def test_a_failed_transaction_leaves_no_gap(ledger: CaseLedger) -> None:
    ledger.append(several(3))
    broken = StoredEvent(os.urandom(10_000).hex(), 1, "topic", b"{}")
    with pytest.raises(PersistenceError, match="index row"):
        ledger.recorder.insert_events([StoredEvent("fine", 1, "topic", b"{}"), broken])
    assert ledger.append([sent()])[0].position == 4
    assert_whole(ledger)


def test_a_transaction_that_is_rolled_back_leaves_no_gap(ledger: CaseLedger) -> None:
    ledger.append(several(3))
    ledger.append(several(5), dry_run=True)
    assert ledger.append([sent()])[0].position == 4
    assert ledger.head()[0] == 4


def test_refused_and_known_events_take_no_position(ledger: CaseLedger) -> None:
    known = sent()
    receipts = ledger.append([known, b"{", known, sent()])
    assert [(receipt.status, receipt.position) for receipt in receipts] == [
        (Status.APPENDED, 1),
        (Status.REJECTED, None),
        (Status.DUPLICATE, 1),
        (Status.APPENDED, 2),
    ]


def _clock(*moments: datetime) -> Iterator[datetime]:
    yield from moments


def test_record_times_never_decrease_when_the_clock_goes_back(
    database: Database, keys: LedgerKeys
) -> None:
    noon = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=UTC)
    moments = _clock(noon, noon - timedelta(days=1), noon + timedelta(seconds=1), noon)
    ledger = CaseLedger(database, keys, clock=lambda: next(moments))
    for _ in range(4):
        ledger.append([sent(), sent()])
    times = [event["recordedat"] for event in stored(ledger)]
    assert times == ["2026-03-02T12:00:00.000005Z"] * 4 + ["2026-03-02T12:00:01.000005Z"] * 4


def test_record_times_never_decrease_after_a_restart(database: Database, keys: LedgerKeys) -> None:
    late, early = datetime(2030, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    CaseLedger(database, keys, clock=lambda: late).append([sent()])
    again = CaseLedger(database, keys, clock=lambda: early)
    again.append([sent()])
    assert last(again)["recordedat"] == "2030-01-01T00:00:00.000000Z"


def test_record_times_are_utc_with_six_digits_whatever_the_clock_is(
    database: Database, keys: LedgerKeys
) -> None:
    shanghai = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    ledger = CaseLedger(database, keys, clock=lambda: shanghai)
    ledger.append([sent()])
    assert last(ledger)["recordedat"] == "2026-03-02T00:00:00.000000Z"
    assert ledger.head() == (1, shanghai)


def test_an_empty_ledger_has_no_head(ledger: CaseLedger) -> None:
    assert ledger.head() == (0, None)
    assert ledger.events_of("nobody") == []
    assert ledger.stored_after(0, 10) == []


def test_a_server_with_another_isolation_level_changes_nothing(
    postgres: Server, dbname: str, keys: LedgerKeys
) -> None:
    """A snapshot taken before the lock is granted would not see what the last writer wrote."""
    level = "SET default_transaction_isolation = 'repeatable read'"
    postgres.run(f'ALTER DATABASE "{dbname}" {level}')
    with Database(postgres.conninfo(dbname), keys) as first:
        ledgers = [CaseLedger(first, keys) for _ in range(4)]
        with ThreadPoolExecutor(4) as threads:
            tasks = [threads.submit(one.append, [sent()]) for one in ledgers for _ in range(10)]
            positions = [task.result()[0].position for task in tasks]
        assert sorted(position or 0 for position in positions) == list(range(1, 41))
    assert query(postgres.conninfo(dbname), "SELECT count(*) AS n FROM ledger.event") == [{"n": 40}]
