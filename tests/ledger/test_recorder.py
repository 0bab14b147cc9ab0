from __future__ import annotations

from itertools import islice

import pytest
from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder

from domain.errors import EventRefused
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.prepared import Prepared
from ledger.recorder import LedgerRecorder, TemplateEvent
from ledger.rows import _FIELDS
from tests.ledger.ledger_contents import assert_whole, query
from tests.ledger.sent_events import sent, several
from tests.ledger.servers import Server

_STATE = b'{"text":"%s"}' % (b"x" * 409)
_COLUMNS = """
    SELECT column_name AS name, data_type AS type
    FROM information_schema.columns
    WHERE table_schema = %s AND table_name = %s
"""


@pytest.mark.slow
def test_50_000_events_of_420_bytes_go_into_one_call(database: Database) -> None:
    recorder = LedgerRecorder(database.datastore)
    events = [StoredEvent("A", version, "topic", _STATE) for version in range(1, 50_001)]
    assert recorder.insert_events(events) == list(range(1, 50_001))
    assert recorder.max_notification_id() == 50_000
    assert recorder.select_events("A", gt=49_999) == events[-1:]


def test_a_subscription_delivers_what_is_there_and_what_comes_in_order(ledger: CaseLedger) -> None:
    ledger.append(several(300, subjects=7))
    with ledger.recorder.subscribe(gt=0) as subscription:
        found = [notification.id for notification in islice(subscription, 300)]
        for _ in range(5):
            ledger.append(several(20, subjects=3))
        found += [notification.id for notification in islice(subscription, 100)]
    assert found == list(range(1, 401))


def test_a_subscription_may_begin_anywhere(ledger: CaseLedger) -> None:
    ledger.append(several(20))
    with ledger.recorder.subscribe(gt=15) as subscription:
        assert [notification.id for notification in islice(subscription, 5)] == list(range(16, 21))


def test_the_view_has_the_columns_that_the_library_would_make(
    postgres: Server, database: Database
) -> None:
    """An upgrade of the library that adds a column, or wants another type, is seen here."""
    owner = postgres.conninfo(database.dbname)
    postgres.run("CREATE SCHEMA library", database.dbname)
    database.datastore.close()
    with Database(owner, database._keys) as again:
        recorder = PostgresApplicationRecorder(again.datastore, events_table_name="stored_events")
        statements = [text.as_string() for text in recorder.sql_create_statements]
    table = next(text for text in statements if "CREATE TABLE" in text)
    postgres.run(table.replace('"ledger".', '"library".'), database.dbname)
    theirs = query(owner, _COLUMNS, "library", "stored_events")
    ours = query(owner, _COLUMNS, "ledger", "stored_event")
    assert sorted(map(str, ours)) == sorted(map(str, theirs))


def test_the_library_makes_nothing_that_the_migrations_do_not_know(database: Database) -> None:
    """One table, one type, one index, one function: whatever else it may come to want has to be
    looked at before the library is upgraded."""
    recorder = PostgresApplicationRecorder(database.datastore, events_table_name="stored_events")
    kinds = [text.as_string().split("(")[0].split()[:3] for text in recorder.sql_create_statements]
    assert [" ".join(kind[:2]) for kind in kinds] == [
        "CREATE TABLE",
        "CREATE TYPE",
        "CREATE UNIQUE",
        "CREATE OR",
    ]


def test_a_row_has_as_many_fields_as_the_table_has_columns(
    postgres: Server, database: Database
) -> None:
    columns = query(postgres.conninfo(database.dbname), _COLUMNS, "ledger", "event")
    assert len(columns) == _FIELDS


def test_creating_the_table_makes_nothing(postgres: Server, database: Database) -> None:
    objects = "SELECT count(*) AS found FROM pg_class WHERE relnamespace = 'ledger'::regnamespace"
    owner = postgres.conninfo(database.dbname)
    before = query(owner, objects)
    LedgerRecorder(database.datastore).create_table()
    assert query(owner, objects) == before


def test_a_taken_version_stores_nothing_and_leaves_no_gap(database: Database) -> None:
    recorder = LedgerRecorder(database.datastore)
    assert recorder.insert_events([StoredEvent("A", 1, "topic", b"{}")]) == [1]
    with pytest.raises(IntegrityError):
        recorder.insert_events(
            [StoredEvent("B", 1, "topic", b"{}"), StoredEvent("A", 1, "topic", b"{}")]
        )
    assert recorder.select_events("B") == []
    assert recorder.insert_events([StoredEvent("B", 1, "topic", b"{}")]) == [2]


def _template_event(ledger: CaseLedger, raw: bytes, version: int) -> TemplateEvent:
    prepared = ledger.preparation.prepare([raw])[0]
    assert isinstance(prepared, Prepared)
    return TemplateEvent(
        originator_id=prepared.subject,
        originator_version=version,
        topic="case.accepted",
        state=b"",
        template=prepared.template,
        identity=prepared.identity,
        content=prepared.content,
    )


def test_an_event_of_the_library_follows_its_subjects_last_version(ledger: CaseLedger) -> None:
    for version in (0, 2):
        with pytest.raises(IntegrityError):
            ledger.recorder.insert_events([_template_event(ledger, sent(), version)])
    known = sent()
    assert ledger.recorder.insert_events([_template_event(ledger, known, 1)]) == [1]
    with pytest.raises(IntegrityError):
        ledger.recorder.insert_events([_template_event(ledger, known, 2)])
    ledger.append([sent()])
    assert ledger.recorder.insert_events([_template_event(ledger, sent(), 3)]) == [3]
    assert_whole(ledger)


def test_an_event_of_the_library_is_no_larger_than_any_other(ledger: CaseLedger) -> None:
    large = _template_event(ledger, sent(data={"unknown": "y" * 66_000}), 1)
    with pytest.raises((EventRefused, PersistenceError)):
        ledger.recorder.insert_events([large])
    assert ledger.head() == (0, None)
