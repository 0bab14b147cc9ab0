"""Making rows: all of them, or those of what a batch touches, on one DuckDB cursor.

Every function works in the transaction that the caller holds, in the first catalog of the
cursor's search path, and leaves temporary tables behind that belong to the cursor.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from domain.errors import ProjectionError
from projections.restatement import restated
from projections.statements import statement
from projections.view import VIEWS, View


def decode(cursor: duckdb.DuckDBPyConnection, batch: pa.Table) -> None:
    """The envelopes of the batch into `arriving`; raises ProjectionError at the first bad one."""
    cursor.register("batch", batch)
    try:
        cursor.execute(statement("trace/decode"))
    finally:
        cursor.unregister("batch")
    fault = cursor.execute(
        "SELECT position, fault FROM arriving WHERE fault IS NOT NULL ORDER BY position LIMIT 1"
    ).fetchone()
    if fault is not None:
        raise ProjectionError("trace", fault[0], f"expected a stored event, found {fault[1]}")


def insert(cursor: duckdb.DuckDBPyConnection) -> None:
    """The events in `arriving` into the trace, and into no view."""
    cursor.execute(statement("trace/flatten"))
    cursor.execute(statement("trace/insert"))


def take_touched(cursor: duckdb.DuckDBPyConnection, position: int) -> None:
    """The events in `arriving`, from `position` on, into the trace and into every view.

    Raises ProjectionError naming the view that failed and that position.
    """
    cursor.execute(statement("trace/flatten"))
    for name in ("arrived", "insert", "remember_amended", "restated_subject"):
        cursor.execute(statement("facts/touch", name))
    for name in ("touched_subject", "touched_case"):
        cursor.execute(statement("facts/touch", name))
    if _any(cursor, "FROM restated_subject"):
        cursor.execute(statement("facts/touch", "wanted_restated"))
        cursor.execute(statement("facts/original", "table"))
        _fill_runs(cursor, "facts/original", "fill_run")
        _restate(cursor)
        cursor.execute(statement("facts/touch", "touched_case_after"))
    cursor.execute(statement("facts/touch", "wanted_touched"))
    if _any(cursor, "FROM touched_subject"):
        cursor.execute(statement("facts/touch", "wanted_touched_subjects"))
    cursor.execute(statement("facts/reading", "touched"))
    _fill_runs(cursor, "facts/reading", "touched_run")
    cursor.execute(statement("facts/reading", "scope_touched"))
    for name in ("effective_fact", "touched", "subject_fact"):
        cursor.execute(statement("facts/fact", name))
    by_subject = _any(cursor, "FROM touched_subject")
    for view in VIEWS:
        if view.by_subject and not by_subject:
            continue
        _run(cursor, view, position, view.forget)
        _run(cursor, view, position, view.fill)


def restate_all(cursor: duckdb.DuckDBPyConnection) -> None:
    """Every amendment anew, from the trace in sight; both amendment tables are empty before."""
    cursor.execute(statement("facts/original", "find_amended"))
    cursor.execute(statement("facts/original", "all_subjects"))
    cursor.execute(statement("facts/original", "table"))
    cursor.execute(statement("facts/original", "fill_all"))
    _restate(cursor)


def fill_all(cursor: duckdb.DuckDBPyConnection, views: Iterable[View], position: int) -> None:
    """Every row of these views, which are empty before; `position` names the failure, if any."""
    cursor.execute(statement("facts/reading", "all"))
    cursor.execute(statement("facts/reading", "scope_all"))
    for name in ("effective_fact", "all", "subject_fact"):
        cursor.execute(statement("facts/fact", name))
    for view in views:
        _run(cursor, view, position, view.fill)


def _run(cursor: duckdb.DuckDBPyConnection, view: View, position: int, statement: str) -> None:
    try:
        cursor.execute(statement)
    except duckdb.Error as error:
        raise ProjectionError(view.name, position, str(error)) from error


def _restate(cursor: duckdb.DuckDBPyConnection) -> None:
    rows = cursor.execute(statement("facts/original", "read")).to_arrow_table().to_pylist()
    cursor.execute(statement("facts/original", "forget"))
    cursor.register("restated", restated(rows))
    try:
        cursor.execute(statement("facts/original", "arriving"))
        cursor.execute(statement("trace/flatten"))
        cursor.execute(statement("facts/original", "insert"))
    finally:
        cursor.unregister("restated")


def _fill_runs(cursor: duckdb.DuckDBPyConnection, path: str, name: str) -> None:
    """Run a statement over each stretch of the trace in which wanted events lie.

    A join alone reads every row group between the first and the last wanted event; a stretch
    given as two numbers lets the trace skip the others by their bounds.
    """
    for low, high in cursor.execute(statement("facts/touch", "runs")).fetchall():
        cursor.execute(statement(path, name), [low, high])


def _any(cursor: duckdb.DuckDBPyConnection, relation: str) -> bool:
    return cursor.execute(f"{relation} LIMIT 1").fetchone() is not None
