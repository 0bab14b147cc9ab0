"""The answers that every way in gives: one method a question, each a JSON object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from api.search import Page, Wanted, search
from api.workspace import Workspace
from domain.errors import WrongUse
from ledger.receipt import Receipt, Status
from projections.read_model import ReadModel
from projections.statistics import statistics
from replay.history import case_state, diff, history
from replay.point import Point, parse_from, parse_to

Progress = Callable[[int, int], None]


def parse_range(
    from_: str | None, to: str | None, name: str = "from"
) -> tuple[datetime | None, datetime | None]:
    """Both ends of a range, the first inclusive; raises WrongUse, also where from is after to."""
    start = None if from_ is None else parse_from(from_, name)
    end = None if to is None else parse_to(to, name.replace("from", "to"))
    if start is not None and end is not None and start > end:
        raise WrongUse(name, f"an instant not after the end ({to})", str(from_))
    return start, end


class Tally:
    """What became of the events of one append: counts, the head position, the first refusals."""

    KEPT = 20

    def __init__(self) -> None:
        self.counts = dict.fromkeys((status.value for status in Status), 0)
        self.refusals: list[Receipt] = []

    def add(self, receipts: Iterable[Receipt]) -> int:
        """Count receipts; the number of them."""
        number = 0
        for number, receipt in enumerate(receipts, 1):  # noqa: B007 # the last number is the answer
            self.counts[receipt.status] += 1
            if receipt.errors and len(self.refusals) < self.KEPT:
                self.refusals.append(receipt)
        return number

    @property
    def is_clean(self) -> bool:
        """Whether everything was taken or had been taken before."""
        return self.counts["rejected"] == self.counts["conflict"] == 0


class Answers(Protocol):
    """What the command line asks, whoever answers: this process or a running server."""

    def case(self, number: str, point: Point) -> dict[str, Any]:
        """The state of a case at a point."""

    def history(self, number: str, point: Point) -> dict[str, Any]:
        """The events of a case known at a point."""

    def diff(self, number: str, from_: Point, to: Point) -> dict[str, Any]:
        """What differs between two points of knowledge of a case."""

    def statistics(
        self,
        view: str,
        *,
        group_by: Sequence[str] = (),
        from_: str | None = None,
        to: str | None = None,
        basis: str = "period",
        point: Point,
    ) -> dict[str, Any]:
        """The figures of a view."""

    def status(self) -> dict[str, Any]:
        """Where ledger and views stand."""

    def compare(self) -> dict[str, Any]:
        """The live views beside rebuilt ones."""

    def rebuild(self, until: int | None = None, out: Path | None = None) -> dict[str, Any]:
        """Every view made anew."""


class Desk:
    """Answers from an open workspace."""

    def __init__(self, workspace: Workspace, progress: Progress | None = None) -> None:
        """`progress` is told position and goal while the views catch up."""
        self._workspace = workspace
        self._progress = progress

    def case(self, number: str, point: Point) -> dict[str, Any]:
        """The state of a case at a point. Raises CaseNotFound."""
        events = self._workspace.ledger.events_of(number)
        return case_state(events, number, self._located(point), self._workspace.now())

    def history(self, number: str, point: Point) -> dict[str, Any]:
        """The events of a case known at a point, with lag and changes. Raises CaseNotFound."""
        return history(self._workspace.ledger.events_of(number), number, self._located(point))

    def diff(self, number: str, from_: Point, to: Point) -> dict[str, Any]:
        """What differs between two points of knowledge of a case. Raises CaseNotFound, WrongUse
        where the first is not before the second."""
        for bound in ("known_at", "position"):
            first, last = getattr(from_, bound), getattr(to, bound)
            if first is not None and last is not None and first > last:
                raise WrongUse("from", f"a point not after to ({last})", str(first))
        return diff(
            self._workspace.ledger.events_of(number),
            number,
            self._located(from_),
            self._located(to),
            self._workspace.now(),
        )

    def search(self, wanted: Wanted, point: Point, *, after: str, limit: int) -> Page:
        """Cases that the views know, in order of their numbers."""
        at = self._located(point).at(self._workspace.now())
        views = self._workspace.read_model(self._progress)
        return search(views, wanted, point=point, at=at, after=after, limit=limit)

    def statistics(
        self,
        view: str,
        *,
        group_by: Sequence[str] = (),
        from_: str | None = None,
        to: str | None = None,
        basis: str = "period",
        point: Point,
    ) -> dict[str, Any]:
        """The figures of a view. Raises WrongUse for an unknown view, group or basis."""
        start, end = parse_range(from_, to)
        return statistics(
            self._workspace.read_model(self._progress),
            view,
            group_by=group_by,
            from_=start,
            to=end,
            basis=basis,
            as_of=point.as_of,
            known_at=point.known_at,
            position=point.position,
            at=self._workspace.now(),
        ).as_json()

    def status(self) -> dict[str, Any]:
        """Where ledger and views stand. The views are not brought up to the head for it."""
        position = self._workspace.ledger.last_position()
        projected = self._workspace.standing_read_model().projected
        return {
            "position": position,
            "projected": projected,
            "lag": position - projected,
            "checkpoint": None,
            "simulated": self._workspace.simulated,
        }

    def compare(self) -> dict[str, Any]:
        """The live views beside views rebuilt from the ledger: {"equal", "position", "views"}."""
        read_model = self._workspace.read_model(self._progress)
        return read_model.compare(self._workspace.follower(read_model).batches())

    def rebuild(self, until: int | None = None, out: Path | None = None) -> dict[str, Any]:
        """Every view made anew from the ledger, in place, or up to `until` in a file of its own."""
        if out is None:
            read_model = self._workspace.standing_read_model()
            projected = self._refilled(read_model, until)
        else:
            if out.exists():
                raise WrongUse("out", "a file that does not exist yet", str(out))
            with ReadModel(out) as read_model:
                projected = self._refilled(read_model, until)
        return {"projected": projected}

    def _refilled(self, read_model: ReadModel, until: int | None) -> int:
        return read_model.rebuild_from(self._workspace.follower(read_model).batches(), until)

    def _located(self, point: Point) -> Point:
        """The point with the record time of its position, which may be another case's event."""
        if not point.needs_recordedat or point.position is None:
            return point
        stored = self._workspace.ledger.event_at(point.position)
        return point.located(None if stored is None else stored.recordedat)
