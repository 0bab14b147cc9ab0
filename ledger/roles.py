"""The login roles of a ledger's database: one appends, one reads; neither can change an event."""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier, Literal

from domain.errors import PartUnavailable
from ledger.keys import LedgerKeys

APPENDER: Final = "appender"
READER: Final = "reader"
_GROUPS: Final = {APPENDER: "caseledger_append", READER: "caseledger_read"}


def role_name(dbname: str, duty: str) -> str:
    """The login role for a duty: roles belong to the cluster, so the database's name is in it."""
    return f"{dbname}_{duty}"


def ensure_roles(connection: Connection[Any], dbname: str, keys: LedgerKeys) -> None:
    """Both login roles exist, with the passwords that the ledger's keys give, and may connect.

    Raises PartUnavailable, with the statements to run, if the owner may not create roles.
    """
    try:
        with connection.transaction():
            # Two processes at their first start would else both find a role missing.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('caseledger roles'))")
            for duty, group in _GROUPS.items():
                _ensure(connection, role_name(dbname, duty), group, keys)
    except errors.InsufficientPrivilege as error:
        names = ", ".join(role_name(dbname, duty) for duty in _GROUPS)
        raise PartUnavailable(
            "database roles",
            f"the owner may not create the roles {names}; run ALTER ROLE {connection.info.user} "
            "CREATEROLE as an administrator",
        ) from error


def _ensure(connection: Connection[Any], name: str, group: str, keys: LedgerKeys) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = SQL("CREATE ROLE") if found is None else SQL("ALTER ROLE")
    connection.execute(
        SQL("{verb} {role} LOGIN PASSWORD {password}").format(
            verb=verb, role=Identifier(name), password=Literal(keys.password_of(name))
        )
    )
    connection.execute(SQL("GRANT {} TO {}").format(Identifier(group), Identifier(name)))
