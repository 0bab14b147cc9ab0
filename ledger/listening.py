"""Hearing of appends: PostgreSQL tells everybody who listens when a transaction has committed."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import psycopg
from psycopg.sql import SQL, Identifier

from domain.errors import PartUnavailable


class Listener:
    """One connection that listens; for one thread, to be used as a context."""

    def __init__(self, uri: str, channel: str) -> None:
        """Raises PartUnavailable when the database is away."""
        try:
            self._connection = psycopg.connect(uri, autocommit=True)
            self._connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
        except psycopg.Error as error:
            raise PartUnavailable("database", str(error).strip()) from error

    def wait(self, seconds: float) -> bool:
        """Wait for a commit that was not heard of yet, at most so long; whether there was one.

        Raises PartUnavailable when the database is gone.
        """
        try:
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as error:
            raise PartUnavailable("database", str(error).strip()) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
