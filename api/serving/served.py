"""What a running server has in its hands, for the routes."""

from __future__ import annotations

import asyncio
from typing import Final

from api.desk import Desk
from api.http.measurements import Measurements
from api.serving.feed import Feed
from api.serving.projector import Projector
from api.serving.pulse import Pulse, reached
from api.serving.watcher import Watcher
from api.workspace import Workspace
from domain.errors import PartUnavailable

PATIENCE_SECONDS: Final = 10.0
"""How long a reader waits for views that have not taken in the position asked for."""


class Served:
    """An open workspace with its views followed. Made inside the event loop that serves it."""

    def __init__(self, workspace: Workspace, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.patience_seconds = patience_seconds
        self.workspace = workspace
        self.ledger = workspace.ledger
        self.pulse = Pulse(asyncio.get_running_loop())
        self.watcher = Watcher(workspace, self.pulse.beat)
        self.projector = Projector(workspace, self.watcher, self.pulse.beat)
        self.feed = Feed(self.ledger.stored_after, lambda: self.watcher.head, self.pulse)
        self.desk = Desk(workspace)
        self.measurements = Measurements(self.watcher, self.projector, self.feed)
        workspace.is_followed = True

    def start(self) -> None:
        """The ledger is watched and the views follow it."""
        self.watcher.start()
        self.projector.start()

    def end(self) -> None:
        """Nothing is followed any more. Takes as long as the batch being taken in."""
        self.watcher.end()
        self.projector.end()

    async def projected_to(self, position: int, seconds: float | None = None) -> None:
        """The views hold the ledger up to a position. Raises PartUnavailable when they do not
        within so many seconds, ProjectionError when they have stopped before it."""
        if seconds is None:
            seconds = self.patience_seconds
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        while True:
            moved = self.pulse.next
            if self.projector.projected >= position:
                return
            if self.projector.failure is not None:
                raise self.projector.failure
            if clock() >= deadline:
                raise PartUnavailable(
                    "views",
                    f"expected position {position}, found {self.projector.projected}; "
                    "ask again later",
                )
            await reached(moved, deadline - clock())
