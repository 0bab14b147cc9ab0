"""The tables of a read model: making them, and making anew those whose definition changed."""

from __future__ import annotations

import duckdb

from domain.calendar import WorkingCalendar
from projections.scope import fill_all, insert, restate_all
from projections.statements import statement
from projections.view import VIEWS, trace_definition
from projections.workdays import workdays


def create(cursor: duckdb.DuckDBPyConnection, calendar: WorkingCalendar) -> None:
    """Every table and macro where missing, in the first catalog of the search path; all empty
    but the calendar, which is filled, and the projected position, which is 0."""
    for path in ("trace/macros", "state/projected", "state/definition", "state/calendar"):
        cursor.execute(statement(path))
    cursor.execute(statement("trace/table"))
    for name in ("amendment", "amended_subject"):
        cursor.execute(statement("trace/amendment", name))
    for view in VIEWS:
        cursor.execute(view.table)
    if cursor.execute("FROM calendar LIMIT 1").fetchone() is None:
        fill_calendar(cursor, calendar)


def fill_calendar(cursor: duckdb.DuckDBPyConnection, calendar: WorkingCalendar) -> None:
    """The rows of the table `calendar`, made anew."""
    cursor.register("workdays", workdays(calendar))
    try:
        cursor.execute("DELETE FROM calendar")
        cursor.execute("INSERT INTO calendar BY NAME FROM workdays")
    finally:
        cursor.unregister("workdays")


def refresh(cursor: duckdb.DuckDBPyConnection, calendar: WorkingCalendar) -> list[str]:
    """Make anew what was made by another definition than this program's; the names of it.

    Tables without any definition have just been created, and are left as they are.
    """
    stored = dict(cursor.execute("SELECT name, hash FROM definition").fetchall())
    wanted = definitions(calendar)
    stale = [name for name, hash in wanted.items() if stored.get(name) != hash]
    if not stored:
        _remember(cursor, wanted)
        return []
    if "calendar" in stale:
        fill_calendar(cursor, calendar)
    if "trace" in stale:
        refill(cursor)
    else:
        views = [view for view in VIEWS if view.name in stale]
        for view in views:
            cursor.execute(f"DROP TABLE {view.name}")
            cursor.execute(view.table)
        fill_all(cursor, views, _position(cursor))
    _remember(cursor, {name: wanted[name] for name in stale})
    return stale


def definitions(calendar: WorkingCalendar) -> dict[str, str]:
    """The hash of each table's definition in this program."""
    views = {view.name: view.definition(calendar.version) for view in VIEWS}
    return {"calendar": calendar.version, "trace": trace_definition(), **views}


def refill(cursor: duckdb.DuckDBPyConnection) -> None:
    """Every table made anew from the envelopes and the data that stand in the trace."""
    cursor.execute(statement("trace/refill", "keep"))
    empty(cursor)
    insert(cursor)
    cursor.execute("DROP TABLE arriving")
    restate_all(cursor)
    fill_all(cursor, VIEWS, _position(cursor))


def empty(cursor: duckdb.DuckDBPyConnection) -> None:
    """Every table that holds events, made anew without rows."""
    for name in ("trace", "amendment", "amended_subject", *(view.name for view in VIEWS)):
        cursor.execute(f"DROP TABLE {name}")
    cursor.execute(statement("trace/table"))
    for name in ("amendment", "amended_subject"):
        cursor.execute(statement("trace/amendment", name))
    for view in VIEWS:
        cursor.execute(view.table)


def _remember(cursor: duckdb.DuckDBPyConnection, hashes: dict[str, str]) -> None:
    cursor.execute(
        "INSERT OR REPLACE INTO definition SELECT unnest(?), unnest(?)",
        [list(hashes), list(hashes.values())],
    )


def _position(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.execute("SELECT position FROM projected").fetchone()
    return 0 if row is None else int(row[0])
