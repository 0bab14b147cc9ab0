"""A point of knowledge: which events a question may see, and at which instant it is answered."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendar import SHANGHAI
from domain.errors import WrongUse
from domain.recorded import RecordedEvent, instant

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_LARGEST_POSITION = 2**63 - 1
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Point:
    """Bounds of a question, each inclusive and each optional; all that are given must hold.

    `as_of` bounds the time at which things happened, as corrected so far; corrections and
    retractions are not bound by it. `known_at` bounds recordedat and `position` the position.
    `recordedat` is that of `position`, where the asker has looked it up (`located`).
    """

    as_of: datetime | None = None
    known_at: datetime | None = None
    position: int | None = None
    recordedat: datetime | None = None

    @classmethod
    def parse(
        cls,
        *,
        as_of: str | None = None,
        known_at: str | None = None,
        position: str | int | None = None,
    ) -> Point:
        """The point that these texts name; raises WrongUse naming the parameter.

        A date alone is the end of that day in Asia/Shanghai; an instant is RFC 3339 with an offset
        or Z. Years 1900 to 2100. A position is an integer of at least 1.
        """
        return cls(
            as_of=None if as_of is None else _bound("as_of", as_of, end_of_day=True),
            known_at=None if known_at is None else _bound("known_at", known_at, end_of_day=True),
            position=None if position is None else _position("position", position),
        )

    @classmethod
    def parse_knowledge(cls, name: str, text: str) -> Point:
        """One end of a comparison: digits alone are a position, anything else is a known_at."""
        if _NUMBER.fullmatch(text):
            return cls(position=_position(name, text))
        return cls(known_at=_bound(name, text, end_of_day=True))

    def knows(self, event: RecordedEvent) -> bool:
        """Whether the event was recorded by then. `as_of` has no part in it."""
        return (self.known_at is None or event.recordedat <= self.known_at) and (
            self.position is None or event.position <= self.position
        )

    def located(self, recordedat: datetime | None) -> Point:
        """The same point with the recordedat of its position, None if nothing stands there yet."""
        return dataclasses.replace(self, recordedat=recordedat)

    @property
    def needs_recordedat(self) -> bool:
        """Whether `at` depends on the recordedat of the position, which is not there yet."""
        return (
            self.position is not None
            and self.recordedat is None
            and self.as_of is None
            and self.known_at is None
        )

    def at(self, clock: datetime) -> datetime:
        """The instant asked for, at which late, overdue and remaining are judged.

        `as_of` if given, else `known_at`, else the recordedat of `position`, else `clock`, the
        ledger's clock; the clock also for a position that is not recorded yet.
        """
        return self.as_of or self.known_at or self.recordedat or clock

    def __str__(self) -> str:
        bounds = (("as_of", self.as_of), ("known_at", self.known_at), ("position", self.position))
        given = [
            f"{name} {bound.isoformat() if isinstance(bound, datetime) else bound}"
            for name, bound in bounds
            if bound is not None
        ]
        return ", ".join(given) or "now"


def parse_from(text: str, name: str = "from") -> datetime:
    """The inclusive beginning of a range. A date alone is 00:00 in Asia/Shanghai."""
    return _bound(name, text, end_of_day=False)


def parse_to(text: str, name: str = "to") -> datetime:
    """The exclusive end of a range. A date alone is 00:00 in Asia/Shanghai."""
    return _bound(name, text, end_of_day=False)


def _bound(name: str, text: str, *, end_of_day: bool) -> datetime:
    expected = (
        "a date such as 2026-03-02 or an instant with an offset such as "
        "2026-03-02T09:30:00+08:00 (in an address + is written %2B), years 1900 to 2100"
    )
    try:
        if not _DATE.fullmatch(text):
            return instant(text)
        day = date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(name, expected, repr(text[:60])) from error
    if not 1900 <= day.year <= 2100:
        raise WrongUse(name, expected, repr(text))
    midnight = datetime.combine(day, time(), SHANGHAI)
    return midnight + timedelta(days=1) - _MICROSECOND if end_of_day else midnight


def _position(name: str, text: str | int) -> int:
    expected = "a position, an integer of at least 1"
    if isinstance(text, bool) or not _NUMBER.fullmatch(str(text)):
        raise WrongUse(name, expected, repr(text))
    number = int(text)
    if not 1 <= number <= _LARGEST_POSITION:
        raise WrongUse(name, expected, repr(text))
    return number
