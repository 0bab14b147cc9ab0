"""Where a server listens, and whether it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import pq

from domain.errors import PartUnavailable
from ledger.embedded import settings
from ledger.embedded.cluster import DATABASE, OWNER_ROLE

_CONNECT_SECONDS = "10"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The socket's folder and number, and the password of the owner role."""

    sockets: Path
    port: int
    password: str

    def keywords(self, user: str, dbname: str) -> dict[str, str]:
        """The connection's keywords. An empty hostaddr keeps PGHOSTADDR out of it."""
        return {
            "host": str(self.sockets),
            "hostaddr": "",
            "port": str(self.port),
            "user": user,
            "password": self.password,
            "dbname": dbname,
        }

    def ping(self) -> pq.Ping:
        """OK: it accepts connections. REJECT: it starts, recovers or stops. Else NO_RESPONSE."""
        keywords = self.keywords(OWNER_ROLE, "postgres") | {"connect_timeout": _CONNECT_SECONDS}
        return pq.Ping(pq.PGconn.ping(psycopg.conninfo.make_conninfo(**keywords).encode()))

    def ensure_database(self) -> None:
        """The database is there, made if it was missing. Raises PartUnavailable."""
        try:
            connection = psycopg.connect(
                psycopg.conninfo.make_conninfo(**self.keywords(OWNER_ROLE, "postgres")),
                autocommit=True,
            )
        except psycopg.OperationalError as error:
            raise PartUnavailable(
                "database",
                f"PostgreSQL runs and refuses its owner: {str(error).strip()}; where the password "
                "is at fault, bring postgres.password of the data folder back from a backup",
            ) from error
        try:
            with connection:
                found = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if found is None:
                    connection.execute(settings.QUIET_SESSIONS)
                    connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
        except psycopg.Error as error:
            raise PartUnavailable(
                "database", f"the database {DATABASE} cannot be made: {str(error).strip()}"
            ) from error
