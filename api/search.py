"""Finding cases by what the views know of them, page by page in order of their number."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

import duckdb

from domain.calendar import SHANGHAI
from projections import statements as read_side
from projections.point import point_in_time, snapshot
from projections.question import ask, microseconds, moment, question
from projections.read_model import ReadModel
from replay.point import Point

Status = Literal[
    "received",
    "correcting",
    "accepted",
    "suspended",
    "decided",
    "closed",
    "declined",
    "withdrawn",
    "voided",
]

_NAME = re.compile(r"^-- ([a-z_]+) --$", re.MULTILINE)

EVERY: Final = 2**62
"""The limit of what is not limited."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What chooses cases; None = anything. `received_to` is exclusive, `number` a part of it."""

    item: str | None = None
    department: str | None = None
    officer: str | None = None
    status: Status | None = None
    overdue: bool | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases; `position` is the last one looked at, `at` the instant at which they were
    judged, `last` the number to go on after, None where there is nothing more."""

    cases: list[dict[str, Any]]
    position: int
    at: datetime
    last: str | None


def search(
    read_model: ReadModel, wanted: Wanted, *, point: Point, at: datetime, after: str, limit: int
) -> Page:
    """At most `limit` cases whose number comes after `after`, in order of their numbers.

    `at` is the instant at which a case is judged overdue.
    """
    asked = question(
        group_by=(),
        from_=None,
        to=None,
        basis="period",
        as_of=point.as_of,
        known_at=point.known_at,
        position=point.position,
    )
    with read_model.reader() as cursor:
        ask(cursor, asked)
        scope: AbstractContextManager[None] = (
            point_in_time(cursor) if asked.bounded else snapshot(cursor)
        )
        with scope:
            cursor.execute(read_side.statement("statistics/reached"), [asked.position])
            position = cursor.fetchall()[0][0]
            rows = _rows(cursor, wanted, at, after, limit + 1)
    more = len(rows) > limit
    cases = [_shown(row) for row in rows[:limit]]
    return Page(cases, position, at, cases[-1]["case"] if more else None)


def _rows(
    cursor: duckdb.DuckDBPyConnection, wanted: Wanted, at: datetime, after: str, limit: int
) -> list[dict[str, Any]]:
    filters = asdict(wanted)
    judged = {"status": filters.pop("status"), "overdue": filters.pop("overdue")}
    for bound in ("received_from", "received_to"):
        filters[bound] = microseconds(filters[bound])
    by_column = judged["status"] is None and judged["overdue"] is None
    chosen = {**filters, "after": after, "limit": limit if by_column else EVERY}
    cursor.execute(_statement("candidate"), chosen)
    cursor.execute(_statement("standing"), {"at": microseconds(at)})
    cursor.execute(_statement("found"), {**judged, "limit": limit})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    code, version = row.pop("item"), row.pop("item_version")
    row["item"] = None if code is None else {"code": code, "version": version}
    for name in ("received", "accepted_reported"):
        when = moment(row[name])
        row[name] = None if when is None else when.astimezone(SHANGHAI).isoformat()
    return row


@cache
def _statements() -> dict[str, str]:
    text = (resources.files("api") / "sql" / "search.sql").read_text("utf-8")
    parts = _NAME.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _statement(name: str) -> str:
    return _statements()[name]
