"""How fast events become durable: ours beside the library's recorder and beside plain COPY.

In one run on one PostgreSQL with fsync on, in alternating rounds:

stock  the eventsourcing library's PostgreSQL recorder, which checks nothing, at its best batch
copy   the driver's binary COPY (write_row) of the same stored bytes into a table with the
       library's two indexes
ours   from NDJSON bytes to durable receipts: parsing, validation, identity, sealing, positions

Run it as `python -m benchmarks.append [--cases N] [--rounds N]`; the last line is JSON.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, LiteralString

import orjson
import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from api.garbage import collect_seldom
from benchmarks.workload import lines
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.embedded import EmbeddedPostgres
from ledger.keys import LedgerKeys
from ledger.preparation_pool import PreparationPool

STOCK_BATCHES = (100, 250, 500)
WORKERS = 2
STOCK_LIMIT_BYTES = 380_000  # from about 400 KB a batch the stock recorder hangs for good


@dataclass(frozen=True)
class Result:
    """What one run measured; rates in events a second, medians over the rounds."""

    events: int
    mean_received_bytes: float
    mean_stored_bytes: float
    stock: float
    stock_batch: int
    copy: float
    ours: float
    ours_to_stock: float
    ours_to_copy: float
    disk_bytes_an_event: float
    machine: dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=6_000, help="ten events each")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="caseledger-bench-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        result = measure(server, arguments.cases, arguments.rounds)
    print(f"events                    {result.events}")
    print(
        f"received, stored bytes    {result.mean_received_bytes:.0f}, "
        f"{result.mean_stored_bytes:.0f}"
    )
    print(f"stock recorder, batch {result.stock_batch:<4}{result.stock:>10.0f} events/s")
    print(f"plain COPY                {result.copy:>10.0f} events/s")
    print(f"ours                      {result.ours:>10.0f} events/s")
    print(f"ours / stock              {result.ours_to_stock:>10.2f}   (at least 2)")
    print(f"ours / plain COPY         {result.ours_to_copy:>10.2f}   (at least 0.3)")
    print(
        f"on disk                   {result.disk_bytes_an_event:>10.0f} bytes an event, "
        "indexes included"
    )
    print(orjson.dumps(asdict(result)).decode())


def measure(server: EmbeddedPostgres, cases: int, rounds: int) -> Result:
    """All three, in alternating rounds, each round into fresh tables."""
    collect_seldom()
    received = list(lines(cases))
    stored: list[StoredEvent] = []
    ours: list[float] = []
    copy: list[float] = []
    stock: dict[int, list[float]] = {}
    disk = 0.0
    for turn in range(rounds):
        name = f"bench_{turn}"
        with psycopg.connect(server.uri(), autocommit=True) as owner:
            owner.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        uri = server.uri(dbname=name)
        seconds, disk, fresh = _ours(uri, received)
        ours.append(len(received) / seconds)
        stored = stored or fresh
        copy.append(len(stored) / _timed(_copy, uri, stored))
        mean = statistics.fmean(len(event.state) for event in stored)
        for batch in STOCK_BATCHES:
            if batch * mean > STOCK_LIMIT_BYTES and batch != STOCK_BATCHES[0]:
                continue
            recorder = _stock_recorder(uri, f"stock_{batch}")
            stock.setdefault(batch, []).append(
                len(stored) / _timed(_stock, recorder, stored, batch)
            )
            recorder.datastore.close()
        with psycopg.connect(server.uri(), autocommit=True) as owner:
            owner.execute(SQL("DROP DATABASE {}").format(Identifier(name)))
    medians = {batch: statistics.median(rates) for batch, rates in stock.items()}
    best = max(medians, key=lambda batch: medians[batch])
    return Result(
        events=len(received),
        mean_received_bytes=statistics.fmean(map(len, received)),
        mean_stored_bytes=statistics.fmean(len(event.state) for event in stored),
        stock=medians[best],
        stock_batch=best,
        copy=statistics.median(copy),
        ours=statistics.median(ours),
        ours_to_stock=statistics.median(ours) / medians[best],
        ours_to_copy=statistics.median(ours) / statistics.median(copy),
        disk_bytes_an_event=disk,
        machine=_machine(),
    )


def _timed(work: Callable[..., None], *given: Any) -> float:
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


def _ours(uri: str, received: list[bytes]) -> tuple[float, float, list[StoredEvent]]:
    keys = LedgerKeys(os.urandom(32))
    with Database(uri, keys) as database, CaseLedger(database, keys) as ledger:
        taken = 0

        def append(pool: PreparationPool) -> None:
            nonlocal taken
            for receipts in ledger.append_stream(received, pool=pool):
                taken += sum(receipt.position is not None for receipt in receipts)

        with ledger.preparation_pool(WORKERS) as pool:
            pool.warm_up()
            seconds = _timed(append, pool)
        if taken != len(received):
            raise SystemExit(f"expected {len(received)} events appended, found {taken}")
    with psycopg.connect(uri) as owner:
        size = owner.execute("SELECT pg_total_relation_size('ledger.event'::regclass)").fetchone()
        rows = owner.execute(
            "SELECT subject, version, type, bytes FROM ledger.event ORDER BY position"
        ).fetchall()
    assert size is not None
    return seconds, size[0] / len(received), [StoredEvent(*row) for row in rows]


_COPY_TABLE: LiteralString = """
CREATE TABLE public.plain (
    originator_id text NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
    notification_id bigint, PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX plain_notification_id ON public.plain (notification_id);
"""


def _copy(uri: str, stored: list[StoredEvent]) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(_COPY_TABLE)
        for start in range(0, len(stored), 10_000):
            with (
                connection.transaction(),
                connection.cursor() as cursor,
                cursor.copy("COPY public.plain FROM STDIN (FORMAT BINARY)") as copy,
            ):
                copy.set_types(["text", "int8", "text", "bytea", "int8"])
                for position, event in enumerate(stored[start : start + 10_000], start + 1):
                    copy.write_row(
                        (
                            event.originator_id,
                            event.originator_version,
                            event.topic,
                            event.state,
                            position,
                        )
                    )


def _stock_recorder(uri: str, table: str) -> PostgresApplicationRecorder:
    given = conninfo_to_dict(uri)
    datastore = PostgresDatastore(
        str(given["dbname"]),
        str(given["host"]),
        str(given.get("port") or "5432"),
        str(given["user"]),
        str(given["password"]),
        originator_id_type="text",
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name=table)
    recorder.create_table()
    return recorder


def _stock(recorder: PostgresApplicationRecorder, stored: list[StoredEvent], batch: int) -> None:
    for start in range(0, len(stored), batch):
        recorder.insert_events(stored[start : start + batch])


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "eventsourcing": "9.5",
        "fsync": "on",
    }


if __name__ == "__main__":
    main()
