"""Rows of figures: the rows of several statements joined by their group, with every rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import duckdb

from projections.question import GROUPS

Group = tuple[str | None, ...]

_NINETY_FIVE_PERCENT = 1.959963984540054
_SCALES = {"complaints_per_1000_closed": 1000}
_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UHUGEINT"}


class Figures:
    """The figures of one view by group. A count that a group has no row for is 0, any other
    figure of it is None; without groups there is exactly one row."""

    def __init__(self, group_by: Sequence[str]) -> None:
        self._group_by = tuple(group_by)
        self._rows: dict[Group, dict[str, Any]] = {} if group_by else {(): {}}
        self._empty: dict[str, int | None] = {}

    def add(self, cursor: duckdb.DuckDBPyConnection, statement: str) -> None:
        """Join in the rows of a statement whose first columns are the groups."""
        cursor.execute(statement)
        columns = [(column[0], str(column[1])) for column in cursor.description]
        names = [name for name, _ in columns]
        keys = [names.index(group) for group in self._group_by]
        measures = [(at, name) for at, (name, _) in enumerate(columns) if name not in GROUPS]
        for at, name in measures:
            self._empty[name] = 0 if columns[at][1] in _INTEGERS else None
        for row in cursor.fetchall():
            group = tuple(row[at] for at in keys)
            self._rows.setdefault(group, {}).update({name: row[at] for at, name in measures})

    def rows(self) -> list[dict[str, Any]]:
        """Every group with its keys and figures, in order of the keys; unknown keys come last."""
        order = sorted(self._rows, key=lambda group: [(key is None, key or "") for key in group])
        return [
            {**dict(zip(self._group_by, group, strict=True)), **self._complete(self._rows[group])}
            for group in order
        ]

    def _complete(self, found: dict[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for name, empty in self._empty.items():
            if name.endswith("_num"):
                rate = name.removesuffix("_num")
                num, den = found.get(name, 0), found.get(f"{rate}_den", 0)
                row[rate] = num * _SCALES.get(rate, 1) / den if den else None
                row |= {name: num, f"{rate}_den": den}
            elif not name.endswith("_den"):
                row[name] = found.get(name, empty)
        if "good_rate" in row:
            low, high = wilson(row["good_rate_num"], row["good_rate_den"])
            row |= {"good_rate_low": low, "good_rate_high": high}
        return row


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    """The Wilson score interval at 95 percent; None, None without trials."""
    if not trials:
        return None, None
    z = _NINETY_FIVE_PERCENT
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    low = 0.0 if successes == 0 else (middle - spread) / whole
    high = 1.0 if successes == trials else (middle + spread) / whole
    return low, high
