"""What the ledger's login roles may do, tried by logging in as them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from domain.errors import WrongUse
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.roles import APPENDER, READER
from tests.ledger.ledger_contents import query, stored
from tests.ledger.sent_events import person, received, sent
from tests.ledger.servers import Server

_TABLES = ("event", "vault", "dead_letter", "setting", "migration")
_CHANGES = [
    "UPDATE ledger.event SET bytes = ''",
    "UPDATE ledger.event SET version = version + 1",
    "UPDATE ledger.vault SET wrapped = NULL, erased_at = now()",
    "UPDATE ledger.vault SET owner = 'x'",
    "UPDATE ledger.setting SET value = 'x'",
    "UPDATE ledger.dead_letter SET sealed = ''",
    "UPDATE ledger.dead_letter SET reasons = '[]'",
    "UPDATE ledger.stored_event SET state = ''",
    "INSERT INTO ledger.setting VALUES ('x', 'y')",
    "INSERT INTO ledger.migration (number, name) VALUES (99, 'x')",
    "INSERT INTO ledger.event SELECT * FROM ledger.event ON CONFLICT (position) DO UPDATE SET"
    " bytes = ''",
    "MERGE INTO ledger.event USING ledger.event AS o ON event.position = o.position"
    " WHEN MATCHED THEN DELETE",
    "CREATE TABLE ledger.other ()",
    "CREATE TABLE public.other ()",
    "CREATE SCHEMA other",
    "CREATE RULE r AS ON INSERT TO ledger.event DO INSTEAD NOTHING",
    "CREATE TRIGGER t BEFORE INSERT ON ledger.event FOR EACH ROW EXECUTE FUNCTION now()",
    "DROP SCHEMA ledger CASCADE",
    "DROP VIEW ledger.stored_event",
    "DROP INDEX ledger.event_identity_key",
    "ALTER SCHEMA ledger RENAME TO other",
    "ALTER TABLE ledger.event DROP CONSTRAINT event_identity_key",
    "CREATE ROLE another",
    "SET session_replication_role = replica",
    "COPY (SELECT 1) TO '/tmp/caseledger-test-copy'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    *(
        f"{verb} ledger.{table}"
        for table in _TABLES
        for verb in ("DELETE FROM", "TRUNCATE", "DROP TABLE")
    ),
    *(
        f"ALTER TABLE ledger.{table} {change}"
        for table in _TABLES
        for change in (
            "DISABLE TRIGGER ALL",
            "ADD COLUMN x integer",
            "OWNER TO CURRENT_USER",
            "ENABLE ROW LEVEL SECURITY",
        )
    ),
]
_READER_MAY_NOT = [
    "SELECT * FROM ledger.vault",
    "SELECT count(*) FROM ledger.vault",
    "SELECT * FROM ledger.dead_letter",
    "INSERT INTO ledger.event SELECT * FROM ledger.event",
    "INSERT INTO ledger.vault SELECT * FROM ledger.vault",
    "INSERT INTO ledger.stored_event SELECT * FROM ledger.stored_event",
    "COPY ledger.event FROM STDIN",
    "LOCK TABLE ledger.event IN ROW EXCLUSIVE MODE",
]


@pytest.fixture(scope="module")
def opened(postgres: Server, keys: LedgerKeys) -> Iterator[Database]:
    with postgres.cloned() as name, Database(postgres.conninfo(name), keys) as database:
        ledger = CaseLedger(database, keys)
        ledger.append([received(person()), sent(), b"{"])
        yield database


def _tried(conninfo: str, statement: str) -> type[psycopg.Error] | None:
    with psycopg.connect(conninfo) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            return type(error)
        finally:
            connection.rollback()
    return None


@pytest.mark.parametrize("duty", [APPENDER, READER])
@pytest.mark.parametrize("statement", _CHANGES)
def test_no_role_can_change_what_is_written(opened: Database, duty: str, statement: str) -> None:
    assert _tried(opened.uri(duty), statement) is errors.InsufficientPrivilege


@pytest.mark.parametrize("statement", _READER_MAY_NOT)
def test_the_reading_role_sees_events_and_no_more(opened: Database, statement: str) -> None:
    assert _tried(opened.uri(), statement) is errors.InsufficientPrivilege


def test_the_reading_role_reads_events(opened: Database) -> None:
    for table in ("event", "stored_event", "setting"):
        assert _tried(opened.uri(), f"SELECT * FROM ledger.{table}") is None


def test_the_appending_role_reads_and_appends(opened: Database) -> None:
    who = query(opened.uri(APPENDER), "SELECT current_user::text AS name")
    assert who == [{"name": f"{opened.dbname}_appender"}]
    for table in ("event", "vault", "dead_letter", "setting", "stored_event"):
        assert _tried(opened.uri(APPENDER), f"SELECT * FROM ledger.{table}") is None


def test_the_ledger_itself_works_as_the_appending_role(opened: Database) -> None:
    with opened.datastore.get_connection() as connection:
        row = connection.execute("SELECT session_user::text AS name").fetchone()
    assert row == {"name": f"{opened.dbname}_appender"}


@pytest.mark.parametrize("duty", [APPENDER, READER])
def test_a_role_has_no_attribute_that_widens_its_rights(
    opened: Database, postgres: Server, duty: str
) -> None:
    (row,) = query(
        postgres.conninfo(opened.dbname),
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = %s",
        f"{opened.dbname}_{duty}",
    )
    assert not any(row.values())


@pytest.mark.parametrize("duty", [APPENDER, READER])
def test_the_roles_of_one_ledger_are_nobody_in_another(
    opened: Database, postgres: Server, keys: LedgerKeys, duty: str
) -> None:
    with postgres.cloned() as other, Database(postgres.conninfo(other), keys):
        elsewhere = re.sub(rf"/{opened.dbname}\?", f"/{other}?", opened.uri(duty))
        assert elsewhere != opened.uri(duty)
        with pytest.raises(psycopg.Error):
            query(elsewhere, "SELECT * FROM ledger.event")


@pytest.mark.parametrize("duty", [APPENDER, READER])
def test_a_role_needs_its_password(opened: Database, duty: str) -> None:
    wrong = re.sub(r":[0-9a-f]{64}@", ":" + "0" * 64 + "@", opened.uri(duty))
    assert wrong != opened.uri(duty)
    with pytest.raises(psycopg.OperationalError, match="password"):
        query(wrong, "SELECT 1")


def test_a_database_whose_name_leaves_no_room_for_the_names_of_its_roles_is_refused(
    postgres: Server, keys: LedgerKeys
) -> None:
    """PostgreSQL cuts names off after 63 bytes: both roles would be one and the same."""
    name = postgres.make(postgres.migrated(), suffix="_" + "x" * 63)
    try:
        with pytest.raises(WrongUse):
            Database(postgres.conninfo(name), keys)
        assert query(postgres.owner, "SELECT 1 FROM pg_roles WHERE rolname = %s", name) == []
    finally:
        postgres.run(f"DROP DATABASE {name}")
        postgres.run(f"DROP ROLE IF EXISTS {name}")


def test_a_role_that_lost_its_rights_is_mended_by_the_next_start(
    postgres: Server, dbname: str, keys: LedgerKeys
) -> None:
    with Database(postgres.conninfo(dbname), keys):
        postgres.run(f"ALTER ROLE {dbname}_appender PASSWORD 'other'")
        postgres.run(f"REVOKE caseledger_read FROM {dbname}_reader")
    with Database(postgres.conninfo(dbname), keys) as database:
        ledger = CaseLedger(database, keys)
        ledger.append([sent()])
        assert len(stored(ledger)) == 1
        assert query(database.uri(), "SELECT count(*) AS n FROM ledger.event") == [{"n": 1}]
