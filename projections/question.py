"""What a statistician asks: a view, its groups, a period and a point of knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import duckdb

from domain.calendar import SHANGHAI
from domain.errors import WrongUse
from projections.statements import statement

GROUPS = (
    "item",
    "nature",
    "kind",
    "department",
    "hall",
    "zone",
    "channel",
    "source",
    "applicant_kind",
    "area",
    "month",
    "quarter",
)
"""What figures may be grouped by, in any combination."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Question:
    """The bounds of the period and of the point as instants; None = no bound."""

    group_by: tuple[str, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    cohort: bool = False
    as_of: datetime | None = None
    known_at: datetime | None = None
    position: int | None = None

    @property
    def bounded(self) -> bool:
        """Whether it is asked at a point, so that the live rows do not answer it."""
        return not (self.as_of is None and self.known_at is None and self.position is None)


def question(
    *,
    group_by: Sequence[str],
    from_: date | datetime | None,
    to: date | datetime | None,
    basis: str,
    as_of: date | datetime | None,
    known_at: date | datetime | None,
    position: int | None,
) -> Question:
    """The question with its dates as instants; raises WrongUse naming the parameter.

    A date is 00:00 in Asia/Shanghai for `from_` (inclusive) and `to` (exclusive), and the last
    microsecond of that day for `as_of` and `known_at` (inclusive).
    """
    for group in group_by:
        if group not in GROUPS:
            raise WrongUse("group_by", f"some of {', '.join(GROUPS)}", group)
    if len(set(group_by)) < len(group_by):
        raise WrongUse("group_by", "each group once", ", ".join(group_by))
    if basis not in ("period", "cohort"):
        raise WrongUse("basis", "period or cohort", basis)
    if position is not None and position < 0:
        raise WrongUse("position", "0 or more", str(position))
    return Question(
        group_by=tuple(group_by),
        since=_instant("from", from_),
        before=_instant("to", to),
        cohort=basis == "cohort",
        as_of=_instant("as_of", as_of, end=True),
        known_at=_instant("known_at", known_at, end=True),
        position=position,
    )


def ask(cursor: duckdb.DuckDBPyConnection, asked: Question) -> None:
    """Make the question known to every statement on this cursor."""
    cursor.execute(statement("statistics/question", "table"))
    cursor.execute(
        statement("statistics/question", "insert"),
        [
            list(asked.group_by),
            microseconds(asked.since),
            microseconds(asked.before),
            asked.cohort,
            None,
            microseconds(asked.as_of),
            microseconds(asked.known_at),
            asked.position,
        ],
    )
    cursor.execute(statement("statistics/question", "variables"))
    cursor.execute(statement("statistics/question", "macros"))


def judge(cursor: duckdb.DuckDBPyConnection, at: datetime | None) -> None:
    """Make known the instant at which what depends on the present is judged."""
    cursor.execute(statement("statistics/question", "judge"), [microseconds(at)])
    cursor.execute(statement("statistics/question", "variables"))


def microseconds(moment: datetime | None) -> int | None:
    """Microseconds since 1970 in UTC."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int | None) -> datetime | None:
    """The instant so many microseconds after 1970 in UTC."""
    return None if microseconds is None else _EPOCH + microseconds * _MICROSECOND


def _instant(field: str, given: date | datetime | None, *, end: bool = False) -> datetime | None:
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise WrongUse(field, "a date, or a time with an offset", given.isoformat())
        return given
    if given is None:
        return None
    day = given + _DAY if end else given
    start = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
    return start - _MICROSECOND if end else start
