"""The published figures: traceability, satisfaction, timeliness, each with its denominators."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from domain.calendar import SHANGHAI
from domain.errors import WrongUse
from projections.figures import Figures
from projections.point import point_in_time, snapshot
from projections.question import Question, ask, judge, moment, question
from projections.read_model import ReadModel
from projections.statements import source, statement
from projections.view import VIEWS, digest

FAMILIES = {
    "traceability": ("cases", "lags"),
    "satisfaction": ("cases", "complaints", "calls"),
    "timeliness": ("received", "accepted", "closed", "stock", "applicants", "items"),
}
"""The statements that a view's figures come from."""

_ITEM_GROUPS = {"item", "nature", "kind"}


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of one view.

    `position` is the last one looked at, `at` the instant at which what depends on the present
    was judged, `definition` {"id", "version"} names the formulas: the version changes whenever
    they do.
    """

    view: str
    position: int
    at: datetime | None
    definition: dict[str, str]
    group_by: tuple[str, ...]
    rows: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The published object; `at` in +08:00."""
        return {
            "view": self.view,
            "position": self.position,
            "at": None if self.at is None else self.at.astimezone(SHANGHAI).isoformat(),
            "definition": self.definition,
            "group_by": list(self.group_by),
            "rows": self.rows,
        }


def statistics(
    read_model: ReadModel,
    view: str,
    *,
    group_by: Sequence[str] = (),
    from_: date | datetime | None = None,
    to: date | datetime | None = None,
    basis: str = "period",
    as_of: date | datetime | None = None,
    known_at: date | datetime | None = None,
    position: int | None = None,
    at: datetime | None = None,
) -> Statistics:
    """The figures of a view; raises WrongUse for an unknown view, group, basis or a bad bound.

    The period [from_, to) chooses, with basis "period": for traceability the cases whose first
    procedure event lies in it; for satisfaction the cases whose closing does, complaints and
    calls by their own date; for timeliness each figure by its own event, what is open at the
    period's first and last instant. With basis "cohort" it chooses the cases whose first
    effective acceptance, as reported, lies in it, for every figure. Months and quarters are those
    of the same dates. Test cases (`test_cases`) and trials not converted (`trial_cases`) are
    counted apart, by their first procedure event, and are in no other figure; retracted events
    are in none.

    `as_of`, `known_at` and `position` bound fact time, record time and position, inclusive. What
    depends on the present is judged at `as_of`, else `known_at`, else the recordedat of
    `position`, else `at`: the ledger's clock, for which the last recordedat stands in if not given.
    """
    if view not in FAMILIES:
        raise WrongUse("view", f"one of {', '.join(FAMILIES)}", view)
    asked = question(
        group_by=group_by,
        from_=from_,
        to=to,
        basis=basis,
        as_of=as_of,
        known_at=known_at,
        position=position,
    )
    with read_model.reader() as cursor:
        ask(cursor, asked)
        with _scope(cursor, asked):
            looked_at, recorded = _reached(cursor, asked)
            judged = _judged(asked, recorded, at)
            judge(cursor, judged)
            figures = Figures(asked.group_by)
            for name in ("area_of_source", "ruling_version", "grouped"):
                cursor.execute(statement("statistics/grouped", name))
            for family in FAMILIES[view]:
                # An item has no department or hall: its figures stand only under its own groups.
                if family != "items" or _ITEM_GROUPS.issuperset(asked.group_by):
                    figures.add(cursor, statement(f"statistics/{view}", family))
            figures.add(cursor, statement("statistics/grouped", "apart"))
            rows = figures.rows()
    version = digest(
        *(known.definition(read_model.calendar.version) for known in VIEWS),
        source("statistics/grouped"),
        source("statistics/question"),
        source(f"statistics/{view}"),
    )
    definition = {"id": view, "version": version[:16]}
    return Statistics(view, looked_at, judged, definition, asked.group_by, rows)


def _judged(asked: Question, recorded: datetime | None, at: datetime | None) -> datetime | None:
    """The instant at which the present is judged; `recorded` is that of the last event seen."""
    if asked.as_of is not None:
        return asked.as_of
    if asked.known_at is not None:
        return asked.known_at
    return recorded if asked.position is not None or at is None else at


def _scope(cursor: duckdb.DuckDBPyConnection, asked: Question) -> AbstractContextManager[None]:
    return point_in_time(cursor) if asked.bounded else snapshot(cursor)


def _reached(cursor: duckdb.DuckDBPyConnection, asked: Question) -> tuple[int, datetime | None]:
    """The last position looked at, and its recordedat."""
    row = cursor.execute(statement("statistics/reached"), [asked.position]).fetchall()[0]
    return row[0], moment(row[1])
