"""A process that appends is killed at any moment, with -9."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from tests.ledger.appenders import Appender, file_of
from tests.ledger.ledger_contents import assert_whole
from tests.ledger.sent_events import person, received, several
from tests.ledger.servers import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def _mixed(count: int) -> list[bytes]:
    raws = several(count, subjects=count // 20)
    for place in range(0, count, 10):
        raws[place] = received(person(f"{place % 900}"), subject=f"P-{place % 1_100}")
    for place in range(3, count, 250):
        raws[place] = b'{"id": "cut'
    return raws


def _assert_kept(
    events: list[dict[str, Any]], acknowledged: list[list[Any]], ids: list[str | None]
) -> None:
    """What was acknowledged is stored, where the receipt says."""
    for index, status, position, version in acknowledged:
        if status == "rejected":
            assert ids[index] is None
            continue
        found = events[position - 1]
        assert (found["id"], found["version"]) == (ids[index], version)


@pytest.mark.parametrize(
    ("workers", "together", "count", "rounds", "longest"),
    [(0, 10, 5_000, 10, 0.5), (0, 0, 32_000, 5, 1.2), (2, 0, 42_000, 4, 1.2)],
    ids=["batches", "stream", "stream with a pool"],
)
def test_what_was_acknowledged_outlives_a_kill_and_sending_again_completes_it(
    database: Database,
    postgres: Server,
    keys: LedgerKeys,
    tmp_path: Path,
    workers: int,
    together: int,
    count: int,
    rounds: int,
    longest: float,
) -> None:
    chance = random.Random(f"{workers} {together}")
    raws = _mixed(count)
    ids = [None if raw.endswith(b"cut") else json.loads(raw)["id"] for raw in raws]
    file = file_of(tmp_path / "events.ndjson", raws)
    conninfo = postgres.conninfo(database.dbname)
    ledger = CaseLedger(database, keys)
    told: dict[int, list[Any]] = {}
    for _ in range(rounds):
        appender = Appender(conninfo, keys, file, workers=workers, together=together).ready()
        appender.go().kill_after(chance.uniform(0.02, longest))
        acknowledged = appender.acknowledged()
        events = assert_whole(ledger)
        _assert_kept(events, acknowledged, ids)
        for receipt in acknowledged:
            # The first receipt is the receipt for ever.
            index, status, position, version = receipt
            first = told.setdefault(index, receipt)
            assert first[2:] == [position, version]
            assert first is receipt or status in ("duplicate", "rejected")
    appender = Appender(conninfo, keys, file, workers=workers, together=together).ready().go()
    receipts = appender.finished()
    assert [receipt[0] for receipt in receipts] == list(range(count))
    events = assert_whole(ledger)
    _assert_kept(events, receipts, ids)
    assert sorted(event["id"] for event in events) == sorted(one for one in ids if one is not None)
