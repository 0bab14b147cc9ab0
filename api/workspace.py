"""What an entry point opens: the ledger of a data folder and, when asked for, its read model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from api.settings import Settings
from api.views_lock import Holder, ViewsLock
from domain.errors import PartUnavailable
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.embedded import EmbeddedPostgres
from ledger.keys import LedgerKeys, master_key
from ledger.receipt import Receipt
from projections.following import Follower
from projections.read_model import ReadModel

_PATIENCE_SECONDS: Final = 600.0
_SILENT_SECONDS: Final = 2.0


class Workspace:
    """An open data folder; a context manager. `ledger` is open from the start."""

    def __init__(self, settings: Settings, *, tell: Callable[[str], None] | None = None) -> None:
        """`tell` gets a line about whatever is being waited for. Raises PartUnavailable."""
        self.settings = settings
        self.is_followed = False
        self._started = time.monotonic()
        self._tell_people = tell if tell is not None else lambda _: None
        self._read_model: ReadModel | None = None
        self._server: EmbeddedPostgres | None = None
        self._views_lock = ViewsLock(settings.data_dir)
        self._open = ExitStack()
        with ExitStack() as opening:
            url = settings.text("database_url")
            if url is None:
                self._server = EmbeddedPostgres.start(settings.data_dir, progress=self._tell)
                url = opening.enter_context(self._server).uri()
            else:
                settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            key_file = settings.data_dir / "keys" / "master.key"
            opening.callback(self._views_lock.release)
            self.keys = LedgerKeys(master_key(key_file, settings.text("master_key")))
            database = opening.enter_context(Database(url, self.keys, simulated=settings.simulated))
            self.simulated = database.simulated
            self.ledger = opening.enter_context(
                CaseLedger(database, self.keys, simulated=self.simulated)
            )
            self._open = opening.pop_all()

    def _tell(self, text: str) -> None:
        """What is waited for is worth a line only when it takes a while."""
        if time.monotonic() - self._started > _SILENT_SECONDS:
            self._tell_people(text)

    def now(self) -> datetime:
        """The ledger's clock; of a simulated one its last record time."""
        recorded = self.ledger.head()[1] if self.simulated else None
        return recorded or datetime.now(UTC)

    def revive(self) -> None:
        """An embedded PostgreSQL that died runs again. Raises PartUnavailable."""
        if self._server is not None:
            self._server.revive()

    def append_stream(self, lines: Iterable[bytes], *, workers: int) -> Iterator[list[Receipt]]:
        """Take in a stream, with so many preparing processes; the receipts of each batch."""
        if not workers:
            yield from self.ledger.append_stream(lines)
            return
        with self.ledger.preparation_pool(workers) as pool:
            yield from self.ledger.append_stream(lines, pool=pool)

    def take_views(self, address: str | None = None) -> bool:
        """Whether the views are this process's now; never waits. A server says its `address`."""
        taken = self._views_lock.acquire()
        if taken and address is not None:
            self._views_lock.describe(address)
        return taken

    @property
    def views_holder(self) -> Holder:
        """Who took the views last."""
        return self._views_lock.holder()

    def read_model(self, progress: Callable[[int, int], None] | None = None) -> ReadModel:
        """The views, brought up to the ledger's head; `progress` is told position and goal.

        Where something follows the ledger all the time (`is_followed`), they are as they stand.
        Waits while another process has them. Raises PartUnavailable when it keeps them.
        """
        read_model = self.standing_read_model()
        if not self.is_followed:
            self.follower(read_model).catch_up(progress=progress)
        return read_model

    def standing_read_model(self) -> ReadModel:
        """The views as they stand, not brought up to the head."""
        if self._read_model is None:
            self._wait_for_views()
            file = self.settings.read_model
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._read_model = self._open.enter_context(ReadModel(file))
        return self._read_model

    def follower(self, read_model: ReadModel) -> Follower:
        """What brings events from the ledger to a read model."""
        return Follower(self.ledger.reader_uri, read_model)

    def close(self) -> None:
        """Everything is closed; an embedded PostgreSQL stops when nobody else uses it."""
        self._open.close()

    def _wait_for_views(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        told = False
        while not self.take_views():
            holder = self._views_lock.holder()
            if time.monotonic() > deadline:
                raise PartUnavailable(
                    "views", f"{holder} has kept them for ten minutes; end it"
                ) from None
            if not told:
                self._tell(f"{holder} has the views open; waiting for it to end")
                told = True
            time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
