"""What an entry point opens: the ledger of a data folder and, when asked for, its read model."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from api.settings import Settings
from domain.errors import PartUnavailable
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.embedded import EmbeddedPostgres
from ledger.keys import LedgerKeys, master_key
from ledger.receipt import Receipt
from projections.following import Follower
from projections.read_model import ReadModel

VIEWS_LOCK: Final = "views.lock"
_PATIENCE_SECONDS: Final = 600.0
_SILENT_SECONDS: Final = 2.0


class Workspace:
    """An open data folder; a context manager. `ledger` is open from the start."""

    def __init__(self, settings: Settings, *, tell: Callable[[str], None] | None = None) -> None:
        """`tell` gets a line about whatever is being waited for. Raises PartUnavailable."""
        self._settings = settings
        self._started = time.monotonic()
        self._tell_people = tell if tell is not None else lambda _: None
        self._read_model: ReadModel | None = None
        self._open = ExitStack()
        with ExitStack() as opening:
            url = settings.text("database_url")
            if url is None:
                server = EmbeddedPostgres.start(settings.data_dir, progress=self._tell)
                url = opening.enter_context(server).uri()
            else:
                settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            key_file = settings.data_dir / "keys" / "master.key"
            keys = LedgerKeys(master_key(key_file, settings.text("master_key")))
            database = opening.enter_context(Database(url, keys))
            self.ledger = opening.enter_context(CaseLedger(database, keys))
            self._open = opening.pop_all()

    def _tell(self, text: str) -> None:
        """What is waited for is worth a line only when it takes a while."""
        if time.monotonic() - self._started > _SILENT_SECONDS:
            self._tell_people(text)

    def now(self) -> datetime:
        """The ledger's clock."""
        return datetime.now(UTC)

    def append_stream(self, lines: Iterable[bytes], *, workers: int) -> Iterator[list[Receipt]]:
        """Take in a stream, with so many preparing processes; the receipts of each batch."""
        if not workers:
            yield from self.ledger.append_stream(lines)
            return
        with self.ledger.preparation_pool(workers) as pool:
            yield from self.ledger.append_stream(lines, pool=pool)

    def read_model(self, progress: Callable[[int, int], None] | None = None) -> ReadModel:
        """The views, brought up to the ledger's head; `progress` is told position and goal.

        Waits while another process has them. Raises PartUnavailable when it keeps them.
        """
        read_model = self.standing_read_model()
        self.follower(read_model).catch_up(progress=progress)
        return read_model

    def standing_read_model(self) -> ReadModel:
        """The views as they stand, not brought up to the head."""
        if self._read_model is None:
            self._lock_views()
            file = self._settings.read_model
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._read_model = self._open.enter_context(ReadModel(file))
        return self._read_model

    def follower(self, read_model: ReadModel) -> Follower:
        """What brings events from the ledger to a read model."""
        return Follower(self.ledger.reader_uri, read_model)

    def close(self) -> None:
        """Everything is closed; an embedded PostgreSQL stops when nobody else uses it."""
        self._open.close()

    def _lock_views(self) -> None:
        path = self._settings.data_dir / VIEWS_LOCK
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._open.callback(os.close, descriptor)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(descriptor, 64, 0).decode("ascii", "replace").strip()
                if time.monotonic() > deadline:
                    raise PartUnavailable(
                        "views", f"process {holder} has kept them for ten minutes; end it"
                    ) from None
                if not told:
                    self._tell(f"process {holder} has the views open; waiting for it to end")
                    told = True
                time.sleep(0.1)
            else:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
