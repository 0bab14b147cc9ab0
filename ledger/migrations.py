"""The schema of the ledger: numbered forward migrations, applied at start by the owner."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.errors import SchemaTooNew

_LOCK = 0x6361_7365_6C65_6467  # "caseledg" in ASCII


class Migration(NamedTuple):
    """One numbered file of sql/migrations."""

    number: int
    name: str
    sql: LiteralString


@cache
def migrations() -> tuple[Migration, ...]:
    """The migrations that this program knows, in order."""
    found = []
    for file in (resources.files("ledger") / "sql" / "migrations").iterdir():
        matched = re.fullmatch(r"(\d{4})_([a-z_]+)\.sql", file.name)
        if matched:
            found.append(Migration(int(matched[1]), matched[2], _literal(file)))
    return tuple(sorted(found))


def migrate(connection: Connection[Any]) -> int:
    """Bring the schema to the newest migration; the number of migrations applied.

    Safe to call from several processes at once: one applies, the others wait. Each migration is one
    transaction. Raises SchemaTooNew for a database that a newer program has migrated further.
    """
    known = migrations()
    applied = 0
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            with connection.transaction():
                cursor.execute(_literal(resources.files("ledger") / "sql" / "migration.sql"))
            cursor.execute("SELECT coalesce(max(number), 0) FROM ledger.migration")
            row = cursor.fetchone()
            present = 0 if row is None else int(row[0])
            if present > known[-1].number:
                raise SchemaTooNew(present, known[-1].number)
            for migration in known:
                if migration.number <= present:
                    continue
                with connection.transaction():
                    cursor.execute(migration.sql)
                    cursor.execute(
                        "INSERT INTO ledger.migration (number, name) VALUES (%s, %s)",
                        (migration.number, migration.name),
                    )
                applied += 1
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
    return applied


def _literal(file: Traversable) -> LiteralString:
    # The files are part of the program, as literal as strings in its source.
    return file.read_text("utf-8")
