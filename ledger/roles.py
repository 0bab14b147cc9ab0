"""The login roles of a ledger's database: one appends, one reads; neither can change an event."""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier, Literal

from domain.errors import PartUnavailable, WrongUse
from ledger.keys import LedgerKeys

APPENDER: Final = "appender"
READER: Final = "reader"
_LONGEST_NAME: Final = 63
"""Bytes after which PostgreSQL cuts a name off."""
_GROUPS: Final = {APPENDER: "caseledger_append", READER: "caseledger_read"}


def role_name(dbname: str, duty: str) -> str:
    """The login role for a duty: roles belong to the cluster, so the database's name is in it."""
    return f"{dbname}_{duty}"


def ensure_roles(connection: Connection[Any], dbname: str, keys: LedgerKeys) -> None:
    """Both login roles exist, with the passwords that the ledger's keys give, and may connect.

    Nobody else but the owner may connect: the groups are those of every ledger on the server.
    Raises WrongUse if the name of the database leaves no room for those of its roles.
    """
    if len(role_name(dbname, APPENDER).encode()) > _LONGEST_NAME:
        longest = _LONGEST_NAME - len(role_name("", APPENDER))
        raise WrongUse("database", f"a name of at most {longest} bytes", dbname)
    database = Identifier(dbname)
    with connection.transaction():
        # Two processes at their first start would else both find a role missing.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('caseledger roles'))")
        connection.execute(SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(database))
        for duty, group in _GROUPS.items():
            name = role_name(dbname, duty)
            _ensure(connection, name, group, keys)
            connection.execute(
                SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, Identifier(name))
            )


def lacking_privilege(error: errors.InsufficientPrivilege, owner: str) -> PartUnavailable:
    """What to run where the owner may not set up the ledger and its roles."""
    groups = ", ".join(_GROUPS.values())
    return PartUnavailable(
        "database roles",
        f"{str(error).strip()}; run as an administrator ALTER ROLE {owner} CREATEROLE and, where "
        f"another owner set up the first ledger of the server, GRANT {groups} TO {owner} "
        "WITH ADMIN OPTION",
    )


def _ensure(connection: Connection[Any], name: str, group: str, keys: LedgerKeys) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = SQL("CREATE ROLE") if found is None else SQL("ALTER ROLE")
    connection.execute(
        SQL("{verb} {role} LOGIN PASSWORD {password}").format(
            verb=verb, role=Identifier(name), password=Literal(keys.password_of(name))
        )
    )
    connection.execute(SQL("GRANT {} TO {}").format(Identifier(group), Identifier(name)))
