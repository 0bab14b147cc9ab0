"""The embedded PostgreSQL as the rest of the ledger sees it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

from ledger.embedded.cluster import DATABASE, OWNER_ROLE
from ledger.embedded.endpoint import Endpoint
from ledger.embedded.layout import DataFolder
from ledger.embedded.private_files import storage_faults
from ledger.embedded.server import ensure_running, stop
from ledger.embedded.tenancy import Tenancy


class EmbeddedPostgres:
    """One user of the server of a data folder; a context manager that leaves at its end.

    The server outlives its starter and is stopped by the last user to leave. A user that was
    killed no longer counts; if it was the last, the server stays up until another comes and
    leaves. After a fork() only the parent is a user.
    """

    def __init__(
        self,
        folder: DataFolder,
        tenancy: Tenancy,
        endpoint: Endpoint,
        progress: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._tenancy = tenancy
        self._endpoint = endpoint
        self._progress = progress
        self._process: int | None = os.getpid()
        self._leaving = threading.Lock()

    @classmethod
    def start(
        cls, data_dir: Path, *, progress: Callable[[str], None] | None = None
    ) -> EmbeddedPostgres:
        """A server on `data_dir`/postgres accepts connections, with the database `caseledger`;
        this process is registered as a user of it.

        `progress` is told what is being waited for, at most every other second. Raises
        PartUnavailable, with what to do; then nothing is registered.
        """
        report = progress if progress is not None else _silent
        with storage_faults(data_dir):
            folder = DataFolder.at(data_dir)
            tenancy = Tenancy(folder)
            with tenancy.gate(report):
                tenancy.enter()
                try:
                    endpoint = ensure_running(folder, report)
                except BaseException:
                    if tenancy.leave():
                        stop(folder, wait=False)
                    raise
        return cls(folder, tenancy, endpoint, report)

    def conninfo(
        self, user: str = OWNER_ROLE, dbname: str = DATABASE, *, password: str | None = None
    ) -> dict[str, str]:
        """The keywords of a libpq connection; `password` is the owner's unless given."""
        keywords = self._endpoint.keywords(user, dbname)
        return keywords if password is None else keywords | {"password": password}

    def uri(
        self, user: str = OWNER_ROLE, dbname: str = DATABASE, *, password: str | None = None
    ) -> str:
        """The same as one postgresql:// URI."""
        keywords = self.conninfo(user, dbname, password=password)
        secret = quote(keywords.pop("password"), safe="")
        name, database = (
            quote(keywords.pop("user"), safe=""),
            quote(keywords.pop("dbname"), safe=""),
        )
        return f"postgresql://{name}:{secret}@/{database}?{urlencode(keywords, quote_via=quote)}"

    def revive(self) -> None:
        """The server accepts connections again, should it have died meanwhile.

        Raises PartUnavailable; this process stays registered.
        """
        with storage_faults(self._folder.root), self._tenancy.gate(self._progress):
            self._endpoint = ensure_running(self._folder, self._progress)

    def leave(self) -> None:
        """This process is no longer registered; if it was the last, the server has stopped.

        Calling it again, or in a fork()ed child, does nothing. Raises PartUnavailable if the
        server does not stop.
        """
        if self._process != os.getpid():
            return
        with self._leaving:
            if self._process is None:
                return
            with storage_faults(self._folder.root), self._tenancy.gate(self._progress):
                self._process = None
                if self._tenancy.leave():
                    stop(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


def _silent(message: str) -> None:
    """Nobody wants to know."""
