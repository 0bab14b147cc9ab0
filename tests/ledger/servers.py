"""A PostgreSQL for the tests, and databases on it that nobody else uses."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from ledger.embedded import EmbeddedPostgres
from ledger.migrations import migrate
from ledger.roles import APPENDER, READER, role_name

_numbers = itertools.count(1)


class Server:
    """A server that its owner role may log into; `folder` is its data folder, if it is ours."""

    def __init__(self, owner: str, folder: Path | None = None) -> None:
        self.owner = owner
        self.folder = folder
        self._template: str | None = None

    def conninfo(self, dbname: str, **other: str) -> str:
        """Connects as the owner to one of its databases."""
        return make_conninfo(self.owner, dbname=dbname, **other)

    def run(self, statement: str, dbname: str | None = None) -> None:
        conninfo = self.owner if dbname is None else self.conninfo(dbname)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement.encode())

    def make(
        self, template: str = "template1", *, suffix: str = "", tablespace: str = "pg_default"
    ) -> str:
        """The name of a new database, which is cut off where PostgreSQL would cut it."""
        name = f"caseledger_test_{os.getpid()}_{next(_numbers)}{suffix}"[:63]
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(
                SQL("CREATE DATABASE {} TEMPLATE {} TABLESPACE {}").format(
                    Identifier(name), Identifier(template), Identifier(tablespace)
                )
            )
        return name

    def migrated(self) -> str:
        """A migrated database, without roles of its own, to make others from."""
        if self._template is None:
            self._template = self.make()
            with psycopg.connect(self.conninfo(self._template), autocommit=True) as owner:
                migrate(owner)
        return self._template

    def drop(self, name: str) -> None:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
            for duty in (APPENDER, READER):
                role = Identifier(role_name(name, duty))
                connection.execute(SQL("DROP ROLE IF EXISTS {}").format(role))

    @contextmanager
    def cloned(self) -> Iterator[str]:
        """A migrated database that is gone afterwards."""
        name = self.make(self.migrated())
        try:
            yield name
        finally:
            self.drop(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """A database without any schema that is gone afterwards."""
        name = self.make()
        try:
            yield name
        finally:
            self.drop(name)

    def close(self) -> None:
        if self._template is not None:
            self.drop(self._template)


@contextmanager
def embedded(folder: Path, *, durable: bool = True) -> Iterator[tuple[Server, EmbeddedPostgres]]:
    """The embedded server of a data folder. Where the machine is not going to lose its power in a
    test, waiting for the disk is time lost (`durable` false)."""
    with EmbeddedPostgres.start(folder) as user:
        server = Server(user.uri(), folder)
        if not durable:
            server.run("ALTER SYSTEM SET fsync = off")
            server.run("SELECT pg_reload_conf()")
        yield server, user
