from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import psycopg
import pytest

from domain.errors import SchemaTooNew
from ledger.database import Database
from ledger.embedded.binaries import Binaries
from ledger.keys import LedgerKeys
from ledger.migrations import migrate, migrations
from tests.ledger.ledger_contents import query
from tests.ledger.servers import Server

_SQL = Path(str(resources.files("ledger"))) / "sql"
_REPOSITORY = Path(__file__).resolve().parents[2]
_OBJECTS = """
    SELECT
        class.relname AS name,
        attribute.attname AS part,
        format_type(attribute.atttypid, attribute.atttypmod) AS type,
        attribute.attnotnull AS required,
        class.relacl::text AS rights
    FROM pg_class AS class
    JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0
    WHERE class.relnamespace = 'ledger'::regnamespace
    ORDER BY 1, attribute.attnum
"""
_WITHOUT_COMMENT = """
    SELECT class.relname || coalesce('.' || attribute.attname, '') AS name
    FROM pg_class AS class
    LEFT JOIN (
        SELECT 0 AS attnum, NULL AS attname, oid AS attrelid FROM pg_class
        UNION ALL
        SELECT attnum, attname, attrelid FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
    ) AS attribute ON attribute.attrelid = class.oid
    WHERE class.relnamespace = 'ledger'::regnamespace
      AND class.relkind IN ('r', 'v')
      AND col_description(class.oid, attribute.attnum) IS NULL
      AND (attribute.attnum > 0 OR obj_description(class.oid, 'pg_class') IS NULL)
    ORDER BY 1
"""


def test_numbers_follow_each_other_without_a_gap() -> None:
    assert [one.number for one in migrations()] == list(range(1, len(migrations()) + 1))
    assert len(list((_SQL / "migrations").iterdir())) == len(migrations())


def test_migrating_again_changes_nothing(postgres: Server) -> None:
    with postgres.empty() as name, psycopg.connect(postgres.conninfo(name), autocommit=True) as one:
        assert migrate(one) == len(migrations())
        before = query(postgres.conninfo(name), _OBJECTS)
        assert migrate(one) == 0
        assert query(postgres.conninfo(name), _OBJECTS) == before
        rows = query(
            postgres.conninfo(name), "SELECT number, name FROM ledger.migration ORDER BY 1"
        )
    assert [(row["number"], row["name"]) for row in rows] == [
        (one.number, one.name) for one in migrations()
    ]


def test_an_older_database_is_brought_forward(postgres: Server) -> None:
    with postgres.empty() as name, psycopg.connect(postgres.conninfo(name), autocommit=True) as one:
        migrate(one)
        one.execute("DROP VIEW ledger.stored_event")
        one.execute("DELETE FROM ledger.migration WHERE number >= 6")
        assert migrate(one) == len(migrations()) - 5
        assert migrate(one) == 0


def test_a_newer_schema_is_refused_with_the_number_needed(
    postgres: Server, dbname: str, keys: LedgerKeys
) -> None:
    known = migrations()[-1].number
    postgres.run("INSERT INTO ledger.migration (number, name) VALUES (99, 'future')", dbname)
    with pytest.raises(SchemaTooNew) as caught:
        Database(postgres.conninfo(dbname), keys)
    assert (caught.value.found, caught.value.known) == (99, known)
    assert "99" in str(caught.value)
    roles = "SELECT 1 FROM pg_roles WHERE rolname LIKE %s"
    assert query(postgres.conninfo(dbname), roles, f"{dbname}%") == []


def test_a_migration_that_fails_leaves_the_ones_before_it_and_no_half(postgres: Server) -> None:
    with postgres.empty() as name, psycopg.connect(postgres.conninfo(name), autocommit=True) as one:
        one.execute("CREATE SCHEMA ledger")
        one.execute("CREATE TABLE ledger.setting (in_the_way integer)")
        with pytest.raises(psycopg.errors.DuplicateTable):
            migrate(one)
        rows = query(postgres.conninfo(name), "SELECT max(number) AS n FROM ledger.migration")
        assert rows == [{"n": 3}]
        one.execute("DROP TABLE ledger.setting")
        assert migrate(one) == len(migrations()) - 3


@pytest.mark.slow
def test_processes_at_their_first_start_do_not_disturb_each_other(
    postgres: Server, keys: LedgerKeys
) -> None:
    program = (
        "import sys; from ledger.database import Database; from ledger.keys import LedgerKeys; "
        "from ledger.migrations import migrations; migrations(); print('ready', flush=True); "
        "sys.stdin.readline(); "
        "Database(sys.argv[1], LedgerKeys(bytes.fromhex(sys.argv[2]))).close()"
    )
    with postgres.empty() as name:
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", program, postgres.conninfo(name), keys.master.hex()],
                cwd=_REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        answers = []
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            answers.append(process.communicate()[1])
        assert answers == [""] * 3
        rows = query(postgres.conninfo(name), "SELECT number FROM ledger.migration ORDER BY 1")
        assert [row["number"] for row in rows] == [one.number for one in migrations()]


def test_each_file_runs_in_psql(postgres: Server, dbname: str) -> None:
    program = Binaries.installed().postgres.with_name("psql")
    with postgres.empty() as name:
        files = [_SQL / "migration.sql", *sorted((_SQL / "migrations").iterdir())]
        for file in files:
            answer = subprocess.run(
                [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, postgres.conninfo(name)],
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"},
            )
            assert (answer.returncode, answer.stderr) == (0, ""), file.name
        made = query(postgres.conninfo(name), _OBJECTS)
    assert made == query(postgres.conninfo(dbname), _OBJECTS)


def test_every_table_and_column_has_a_comment(postgres: Server, dbname: str) -> None:
    assert query(postgres.conninfo(dbname), _WITHOUT_COMMENT) == []


def test_every_constraint_and_index_has_a_name_that_says_what_it_is_for(
    postgres: Server, dbname: str
) -> None:
    rows = query(
        postgres.conninfo(dbname),
        "SELECT conname AS name FROM pg_constraint"
        " WHERE connamespace = 'ledger'::regnamespace AND contype <> 'n'",
    )
    assert all(
        re.fullmatch(r"[a-z]+(_[a-z]+)+_(key|check)|dead_letter_key", row["name"]) for row in rows
    )


def test_a_comment_names_the_file_that_it_refers_to() -> None:
    for file in (_SQL / "migrations").iterdir():
        for name in re.findall(r"\b(\d{4}_[a-z_]+\.sql)\b", file.read_text()):
            assert (_SQL / "migrations" / name).is_file(), f"{file.name} refers to {name}"
