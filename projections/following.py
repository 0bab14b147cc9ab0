"""Following the ledger: its stored events from PostgreSQL, as Arrow, into the read model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from domain.errors import PartUnavailable, ProjectionError
from projections.read_model import ReadModel
from projections.statements import statement

BATCH = 20_000
"""Events read at a time: some 20 MB at 1 kB each."""


class Follower:
    """Brings a read model up to the ledger's head, from wherever it stands.

    `dsn` is a libpq connection URI of a role that may read the ledger. A connection is held only
    while a method runs.
    """

    def __init__(self, dsn: str, read_model: ReadModel, batch: int = BATCH) -> None:
        self._dsn = dsn
        self._read_model = read_model
        self._batch = batch

    def catch_up(
        self, until: int | None = None, progress: Callable[[int, int], None] | None = None
    ) -> int:
        """Take in everything up to `until`, or up to the head as it was at the call.

        Gives the projected position; `progress` is told it and the goal after each batch. While
        DuckDB takes a batch in, the next is being read. Raises ProjectionError where the ledger
        has a gap, an event cannot be read or a view fails; PartUnavailable where PostgreSQL is
        away. What was taken in before stays, and the same call goes on from there.
        """
        projected = self._read_model.projected
        goal = self.head() if until is None else min(until, self.head())
        for batch in self.batches(after=projected, until=goal):
            projected = self._read_model.take(batch)
            if progress is not None:
                progress(projected, goal)
        return projected

    def head(self) -> int:
        """The last position of the ledger; 0 = it is empty."""
        with _connected(self._dsn) as connection, connection.cursor() as cursor:
            cursor.execute(statement("ledger/head"))
            return int(cursor.fetchone()[0])

    def batches(self, after: int = 0, until: int | None = None) -> Iterator[pa.Table]:
        """The stored events with after < position <= until, in order, the next read ahead.

        Without `until`, up to the head as it was at the call. Raises ProjectionError where
        positions are missing before that, PartUnavailable where PostgreSQL is away.
        """
        last = self.head() if until is None else until
        with _connected(self._dsn) as connection, ThreadPoolExecutor(1) as reader:
            starts = range(after, last, self._batch)
            read = (
                [reader.submit(_read, connection, starts[0], min(starts[0] + self._batch, last))]
                if starts
                else []
            )
            for start in starts:
                table = read.pop().result()
                following = start + self._batch
                if following < last:
                    end = min(following + self._batch, last)
                    read.append(reader.submit(_read, connection, following, end))
                expected = min(following, last) - start
                if table.num_rows != expected:
                    raise ProjectionError(
                        "trace",
                        start + 1,
                        f"expected {expected} events up to position {start + expected}, "
                        f"found {table.num_rows}; the ledger is not whole or not reached yet",
                    )
                yield table


def _read(connection: adbc.Connection, after: int, until: int) -> pa.Table:
    with connection.cursor() as cursor:
        cursor.execute(statement("ledger/events"), (after, until))
        table = cursor.fetch_arrow_table()
    connection.rollback()
    return table


@contextmanager
def _connected(dsn: str) -> Iterator[adbc.Connection]:
    try:
        connection = adbc.connect(dsn)
    except adbc.Error as error:
        raise PartUnavailable("database", str(error)) from error
    try:
        yield connection
    except adbc.Error as error:
        raise PartUnavailable("database", str(error)) from error
    finally:
        connection.close()
