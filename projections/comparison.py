"""Rebuilt views against live ones: what differs, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import duckdb

from domain.calendar import WorkingCalendar
from projections.batch import Batch
from projections.schema import create
from projections.view import KEYS

Load = Callable[[duckdb.DuckDBPyConnection, Iterable[Batch], int | None], int]

_NUMBERS = count(1)


def compare(
    cursor: duckdb.DuckDBPyConnection,
    calendar: WorkingCalendar,
    source: Iterable[Batch],
    load: Load,
    examples: int,
) -> dict[str, Any]:
    """Rebuild from `source` into a catalog of its own and compare every table with the live one."""
    live = _one(cursor, "SELECT current_catalog()")
    scratch = f"rebuilt_{next(_NUMBERS)}"
    cursor.execute(f"ATTACH ':memory:' AS {scratch}")
    try:
        # The first statement fixes the state of the live tables that the whole comparison sees.
        cursor.execute("BEGIN")
        position = int(_one(cursor, "SELECT position FROM projected"))
        cursor.execute(f"SET search_path = '{scratch}.main,{live}.main'")
        create(cursor, calendar)
        load(cursor, source, position)
        views = {
            name: _difference(
                cursor, f"{live}.main.{name}", f"{scratch}.main.{name}", key, examples
            )
            for name, key in KEYS.items()
        }
    finally:
        cursor.execute("ROLLBACK")
        cursor.execute(f"USE {live}")
        cursor.execute(f"DETACH {scratch}")
    equal = all(view["equal"] for view in views.values())
    return {"equal": equal, "position": position, "views": views}


def _difference(
    cursor: duckdb.DuckDBPyConnection, live: str, rebuilt: str, key: tuple[str, ...], examples: int
) -> dict[str, Any]:
    """Compare two tables of the same columns; names come from the closed list of tables."""
    key_of_row = "{" + ", ".join(f"'{name}': {name}" for name in key) + "}"
    cursor.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE difference AS
        WITH only_live AS (FROM {live} EXCEPT ALL FROM {rebuilt}),
        only_rebuilt AS (FROM {rebuilt} EXCEPT ALL FROM {live}),
        lived AS (SELECT only_live AS row, {key_of_row} AS key FROM only_live),
        remade AS (SELECT only_rebuilt AS row, {key_of_row} AS key FROM only_rebuilt)
        SELECT coalesce(lived.key, remade.key) AS key, lived.row AS lived, remade.row AS remade
        FROM lived
        FULL JOIN remade ON remade.key = lived.key
        """  # noqa: S608 # table and column names of the closed list
    )
    rows = int(_one(cursor, f"SELECT count(*) FROM {live}"))  # noqa: S608 # likewise
    extra, missing, changed = cursor.execute(
        """
        SELECT
            count(*) FILTER (WHERE remade IS NULL),
            count(*) FILTER (WHERE lived IS NULL),
            count(*) FILTER (WHERE lived IS NOT NULL AND remade IS NOT NULL)
        FROM difference
        """
    ).fetchall()[0]
    return {
        "equal": extra + missing + changed == 0,
        "rows": rows,
        "missing": missing,
        "extra": extra,
        "changed": changed,
        "examples": _examples(cursor, examples),
    }


def _examples(cursor: duckdb.DuckDBPyConnection, examples: int) -> list[dict[str, Any]]:
    """The first differing rows: their key and, where both have one, the columns that differ."""
    found = cursor.execute(
        "SELECT to_json(key), to_json(lived), to_json(remade) FROM difference ORDER BY key LIMIT ?",
        [examples],
    ).fetchall()
    named = []
    for key, lived, remade in found:
        example: dict[str, Any] = {"key": json.loads(key)}
        if lived is None or remade is None:
            example["only"] = "rebuilt" if lived is None else "live"
        else:
            left, right = json.loads(lived), json.loads(remade)
            example["columns"] = {
                name: {"live": left[name], "rebuilt": right[name]}
                for name in left
                if left[name] != right[name]
            }
        named.append(example)
    return named


def _one(cursor: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = cursor.execute(query).fetchone()
    assert row is not None
    return row[0]
