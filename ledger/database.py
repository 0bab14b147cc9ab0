"""The ledger's PostgreSQL: migrated, with its roles, and connected to as the appending role."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from domain.errors import PartUnavailable, WrongUse
from ledger.keys import LedgerKeys
from ledger.migrations import migrate
from ledger.roles import APPENDER, READER, ensure_roles, lacking_privilege, role_name
from ledger.statements import statement

SCHEMA: Final = "ledger"
_OWN = ("dbname", "host", "port", "user", "password")


class Database:
    """A migrated database and a pool of connections as its appending role.

    `simulated` says what was settled for ever when it was first used: whether the ledger's clock is
    the delivery time that events carry.
    """

    def __init__(self, conninfo: str, keys: LedgerKeys, *, simulated: bool | None = None) -> None:
        """`conninfo` (a libpq string or URI) connects as the owner, who migrates and then leaves.

        `simulated` is what the ledger is to be; None = what it is, at the first use ordinary.
        Raises PartUnavailable when the server is away or refuses, WrongUse when the master key is
        not the one that this database was first used with or it is not of the kind wanted,
        SchemaTooNew.
        """
        self._parameters = {
            key: str(value)
            for key, value in conninfo_to_dict(conninfo).items()
            if value is not None
        }
        try:
            with psycopg.connect(conninfo, autocommit=True) as owner:
                dbname, user = owner.info.dbname, owner.info.user
                migrate(owner)
                owner.execute(statement("put_setting"), {"name": "key_check", "value": keys.check})
                row = owner.execute(statement("get_setting"), {"name": "key_check"}).fetchone()
                if row is None or row[0] != keys.check:
                    raise WrongUse(
                        "master key",
                        "the master key that this database was first used with",
                        "another one",
                    )
                self.simulated: Final = _settled(owner, wanted=simulated)
                # Only now: another master key would give the roles other passwords.
                ensure_roles(owner, dbname, keys)
                self._parameters |= {"host": owner.info.host, "port": str(owner.info.port)}
        except psycopg.OperationalError as error:
            raise PartUnavailable("database", str(error).strip()) from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise lacking_privilege(error, user) from error
        self._keys = keys
        self.dbname = dbname
        user = role_name(dbname, APPENDER)
        self.datastore = PostgresDatastore(
            dbname,
            self._parameters["host"],
            self._parameters["port"],
            user,
            keys.password_of(user),
            pool_size=1,
            max_overflow=9,
            schema=SCHEMA,
            originator_id_type="text",
        )
        assert isinstance(self.datastore.pool.kwargs, dict)
        self.datastore.pool.kwargs |= {
            key: value for key, value in self._parameters.items() if key not in _OWN
        } | {"application_name": "caseledger", "options": self._session_options()}
        self.datastore.pool.open()

    def _session_options(self) -> str:
        """What the ledger relies on, whatever the server's defaults are: a snapshot taken before
        the write lock was granted would be too old, and a receipt is durable."""
        given = self._parameters.get("options", "")
        own = "-c default_transaction_isolation=read\\ committed -c synchronous_commit=on"
        return f"{given} {own}".strip()

    def uri(self, duty: str = READER) -> str:
        """A libpq URI for a duty (reader or appender), for clients in other rooms."""
        user = role_name(self.dbname, duty)
        extra = {key: value for key, value in self._parameters.items() if key not in _OWN}
        query = urlencode(
            {"host": self._parameters["host"], "port": self._parameters["port"], **extra},
            quote_via=quote,
        )
        return (
            f"postgresql://{quote(user, safe='')}:{self._keys.password_of(user)}@/"
            f"{quote(self.dbname, safe='')}?{query}"
        )

    def close(self) -> None:
        """No connection is left open."""
        self.datastore.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _settled(owner: psycopg.Connection[Any], *, wanted: bool | None) -> bool:
    """Whether the ledger is simulated; raises WrongUse where the other kind is wanted."""
    owner.execute(statement("put_simulated"), {"wanted": "1" if wanted else "0"})
    row = owner.execute(statement("get_setting"), {"name": "simulated"}).fetchone()
    simulated = row is not None and row[0] == "1"
    if wanted is not None and wanted != simulated:
        kinds = {True: "a simulated ledger", False: "an ordinary ledger"}
        raise WrongUse(
            "CASELEDGER_SIMULATED",
            f"{kinds[wanted]}, as it says",
            f"{kinds[simulated]}, which it stays for ever; set CASELEDGER_DATA_DIR to another "
            "folder, or take the variable away",
        )
    return simulated
