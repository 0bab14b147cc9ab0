"""The views as they stood at a point: made by the same statements over the trace up to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import duckdb

from projections.scope import fill_all, restate_all
from projections.statements import statement
from projections.view import VIEWS

_NUMBERS = count(1)


@contextmanager
def snapshot(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One state of the live tables for every statement within."""
    cursor.execute("BEGIN")
    try:
        yield
    finally:
        cursor.execute("ROLLBACK")


@contextmanager
def point_in_time(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within, the names of the views mean tables of the cursor's own, as they were at the point.

    The point is what the variables position, known_at and as_of of the cursor say, all
    inclusive, NULL = no bound. Corrections known by then count, whatever as_of.
    """
    live = cursor.execute("SELECT current_catalog()").fetchall()[0][0]
    catalog = f"point_{next(_NUMBERS)}"
    cursor.execute(f"ATTACH ':memory:' AS {catalog}")
    try:
        with snapshot(cursor):
            cursor.execute(f"SET search_path = '{catalog}.main,{live}.main'")
            cursor.execute(statement("statistics/point"))
            for name in ("amendment", "amended_subject"):
                cursor.execute(statement("trace/amendment", name))
            for view in VIEWS:
                cursor.execute(view.table)
            restate_all(cursor)
            fill_all(cursor, VIEWS, 0)
            yield
    finally:
        cursor.execute(f"USE {live}")
        cursor.execute(f"DETACH {catalog}")
