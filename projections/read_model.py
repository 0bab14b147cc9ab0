"""The read model: the trace and the views in one DuckDB database, at one projected position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import duckdb

from domain.calendar import WorkingCalendar
from domain.errors import PartUnavailable
from projections.batch import Batch, continuing, up_to
from projections.comparison import compare
from projections.schema import create, empty, refill, refresh
from projections.scope import decode, fill_all, insert, restate_all, take_touched
from projections.statements import statement
from projections.view import VIEWS

CATALOG = "read_model"
"""The name under which the database is attached, whatever its file is called."""


class ReadModel:
    """The tables of the read side, all at the same position of the ledger.

    One object owns the database; its methods may be called from any thread. Events are taken in
    by one thread at a time, in one transaction a batch, and readers see the state before it or
    after it, never between. What another definition made is made anew on opening.
    """

    def __init__(
        self, path: Path | str = ":memory:", calendar: WorkingCalendar | None = None
    ) -> None:
        """Open the file, made where missing; raises PartUnavailable where another process has it.

        `refreshed` names the tables that were made anew.
        """
        self.calendar = calendar or WorkingCalendar()
        self._lock = Lock()
        self._root = duckdb.connect(":memory:")
        # Dates in statements of others are those of Asia/Shanghai on every machine.
        self._root.execute("SET GLOBAL TimeZone = 'Asia/Shanghai'")
        name = str(path)
        if name != ":memory:":
            self._root.execute("SET GLOBAL temp_directory = " + _quoted(f"{name}.tmp"))
        try:
            self._root.execute(f"ATTACH {_quoted(name)} AS {CATALOG}")
        except duckdb.IOException as error:
            self._root.close()
            raise PartUnavailable("read model", str(error)) from error
        self._root.execute(f"USE {CATALOG}")
        self._writer = self._cursor()
        with self._writing(fresh=True) as cursor:
            create(cursor, self.calendar)
            self.refreshed: tuple[str, ...] = tuple(refresh(cursor, self.calendar))

    @property
    def projected(self) -> int:
        """The position up to which every table has taken the ledger in; 0 = nothing yet."""
        with self.reader() as cursor:
            return _projected(cursor)

    @contextmanager
    def reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one thread, on the tables of this read model; closed at the end.

        Wrap several statements that must see one state in BEGIN and COMMIT.
        """
        cursor = self._cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def take(self, batch: Batch) -> int:
        """Take in the stored events of the batch (`position`, `bytes`); the projected position.

        When this returns, the trace and every view hold them, durably. Events already taken are
        skipped. Raises ProjectionError, having moved nothing, where the batch leaves a gap, an
        event cannot be read or a view fails.
        """
        with self._lock, self._writing() as cursor:
            before = _projected(cursor)
            table = continuing(batch, before)
            if not table.num_rows:
                return before
            decode(cursor, table)
            take_touched(cursor, before + 1)
            return _move(cursor, before + table.num_rows)

    def rebuild(self) -> None:
        """Make every row anew from the events that the trace holds, in one transaction."""
        with self._lock, self._writing(fresh=True) as cursor:
            refill(cursor)

    def rebuild_from(self, source: Iterable[Batch], until: int | None = None) -> int:
        """Forget everything and take in the source's events from position 1, up to `until`.

        Gives the projected position. In one transaction: readers see the old rows until the end,
        and where it fails, ProjectionError, nothing has changed.
        """
        with self._lock, self._writing(fresh=True) as cursor:
            empty(cursor)
            return load(cursor, source, until)

    def compare(self, source: Iterable[Batch], examples: int = 10) -> dict[str, Any]:
        """Rebuild beside the live tables, from the ledger's own batches, and name what differs.

        The source begins at position 1; what lies beyond the projected position is left out.
        Gives {"equal", "position", "views": {table: {"equal", "rows", "missing", "extra",
        "changed", "examples"}}}: `rows` as they are live, `missing` rows that only the rebuild
        has, `extra` rows that only the live table has, `changed` rows that differ, all counted
        in full; at most `examples` of each table are named. Taking in goes on meanwhile.
        """
        with self.reader() as cursor:
            return compare(cursor, self.calendar, source, load, examples)

    def close(self) -> None:
        """Close the database; cursors handed out are closed with it."""
        self._writer.close()
        self._root.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._root.cursor()
        cursor.execute(f"USE {CATALOG}")
        return cursor

    @contextmanager
    def _writing(self, *, fresh: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction that is committed, or rolled back where anything is raised.

        A fresh one has no temporary tables of a batch, whose names the rebuild's views take.
        """
        cursor = self._cursor() if fresh else self._writer
        cursor.execute("BEGIN")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        finally:
            if fresh:
                cursor.close()


def load(cursor: duckdb.DuckDBPyConnection, source: Iterable[Batch], until: int | None) -> int:
    """The source's events into empty tables, in the caller's transaction; the position reached."""
    reached = 0
    for batch in source:
        table = continuing(up_to(batch, until), reached)
        if table.num_rows:
            decode(cursor, table)
            insert(cursor)
            reached += table.num_rows
        if until is not None and reached >= until:
            break
    restate_all(cursor)
    fill_all(cursor, VIEWS, reached)
    return _move(cursor, reached)


def _move(cursor: duckdb.DuckDBPyConnection, position: int) -> int:
    cursor.execute(statement("state/moved"), [position, position])
    return position


def _projected(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.execute("SELECT position FROM projected").fetchone()
    return 0 if row is None else int(row[0])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
