"""The hot statements use the indexes that were made for them, at 3,000 rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.roles import APPENDER
from ledger.statements import statement
from tests.ledger.sent_events import person, received, several
from tests.ledger.servers import Server


@pytest.fixture(scope="module")
def filled(postgres: Server, keys: LedgerKeys) -> Iterator[Database]:
    with postgres.cloned() as name, Database(postgres.conninfo(name), keys) as database:
        raws = several(2_000, subjects=300)
        raws += [received(person(f"{n}"), subject=f"P-{n}") for n in range(1_000)]
        CaseLedger(database, keys).append(raws)
        postgres.run("ANALYZE", name)
        yield database


def _plan(database: Database, name: str, parameters: dict[str, Any]) -> str:
    with psycopg.connect(database.uri(APPENDER), autocommit=True) as connection:
        rows = connection.execute("EXPLAIN " + statement(name), parameters).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("name", "parameters", "index"),
    [
        ("events_of_subject", {"subject": "P-5"}, "event_subject_version_key"),
        ("events_after", {"after": 1_500, "limit": 100}, "event_position_key"),
        ("head", {}, "event_position_key"),
        ("last_versions", {"subjects": ["P-5", "P-6"]}, "event_subject_version_key"),
        ("find_identities", {"identities": [uuid4() for _ in range(9)]}, "event_identity_key"),
        ("find_keys", {"owners": ["person:x"]}, "vault_owner_key"),
        ("find_key", {"key_id": "x"}, "vault_key_id_key"),
    ],
)
def test_a_statement_uses_its_index(
    filled: Database, name: str, parameters: dict[str, Any], index: str
) -> None:
    plan = _plan(filled, name, parameters)
    assert index in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("originator_id = 'P-5' ORDER BY originator_version", "event_subject_version_key"),
        (
            "originator_id = 'P-5' AND originator_version > 3 ORDER BY originator_version DESC"
            " LIMIT 1",
            "event_subject_version_key",
        ),
        ("notification_id > 1500 ORDER BY notification_id LIMIT 10", "event_position_key"),
    ],
)
def test_what_the_library_asks_uses_the_index_through_the_view(
    filled: Database, query: str, index: str
) -> None:
    with psycopg.connect(filled.uri(APPENDER), autocommit=True) as connection:
        text = f"EXPLAIN SELECT * FROM ledger.stored_event WHERE {query}"  # constants
        plan = "\n".join(row[0] for row in connection.execute(text.encode()))
    assert index in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
