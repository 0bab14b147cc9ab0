"""Answers about a data folder, whether or not a server runs on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from api.desk import Answers, Desk, Progress
from api.remote import RemoteDesk
from api.settings import Settings
from api.workspace import Workspace
from domain.errors import PartUnavailable
from replay.point import Point

_POLL_SECONDS: Final = 0.1
_PATIENCE_SECONDS: Final = 600.0
_SILENT_SECONDS: Final = 2.0


class FolderDesk:
    """Asks the server of the data folder if one answers, else opens the folder; a context.

    A server that is just starting, or a command that has the views, is waited for.
    """

    def __init__(
        self, settings: Settings, *, tell: Callable[[str], None], progress: Progress
    ) -> None:
        self._settings = settings
        self._tell = tell
        self._progress = progress
        self._open = ExitStack()
        self._workspace: Workspace | None = None

    def case(self, number: str, point: Point) -> dict[str, Any]:
        """The state of a case at a point. Raises CaseNotFound."""
        return self._without_views().case(number, point)

    def history(self, number: str, point: Point) -> dict[str, Any]:
        """The events of a case known at a point. Raises CaseNotFound."""
        return self._without_views().history(number, point)

    def diff(self, number: str, from_: Point, to: Point) -> dict[str, Any]:
        """What differs between two points of knowledge of a case. Raises CaseNotFound."""
        return self._without_views().diff(number, from_, to)

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
        return self._with_views().statistics(
            view, group_by=group_by, from_=from_, to=to, basis=basis, point=point
        )

    def status(self) -> dict[str, Any]:
        """Where ledger and views stand."""
        return self._with_views().status()

    def compare(self) -> dict[str, Any]:
        """The live views beside views rebuilt from the ledger."""
        return self._with_views().compare()

    def rebuild(self, until: int | None = None, out: Path | None = None) -> dict[str, Any]:
        """Every view made anew from the ledger, in place, or up to `until` in a file of its own."""
        if out is not None:
            return self._local().rebuild(until, out)
        return self._with_views().rebuild(until)

    def _local(self) -> Desk:
        if self._workspace is None:
            self._workspace = self._open.enter_context(Workspace(self._settings, tell=self._tell))
        return Desk(self._workspace, self._progress)

    def _without_views(self) -> Answers:
        return RemoteDesk.of(self._settings.data_dir) or self._local()

    def _with_views(self) -> Answers:
        started = time.monotonic()
        told = False
        while True:
            remote = RemoteDesk.of(self._settings.data_dir)
            if remote is not None:
                return remote
            desk = self._local()
            assert self._workspace is not None
            if self._workspace.take_views():
                return desk
            holder, waited = self._workspace.views_holder, time.monotonic() - started
            if waited > _PATIENCE_SECONDS:
                raise PartUnavailable("views", f"{holder} has kept them for ten minutes; end it")
            if waited > _SILENT_SECONDS and not told:
                self._tell(f"{holder} has the views open; waiting for it")
                told = True
            time.sleep(_POLL_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()
