from collections.abc import Iterator

import psycopg
import pytest

from ledger.embedded import EmbeddedPostgres
from tests.projections.stored_events import Stored

EVENT_TABLE = """
    CREATE SCHEMA ledger;
    CREATE TABLE ledger.event (
        position bigint PRIMARY KEY,
        subject text,
        version bigint,
        type text,
        identity uuid,
        content bytea,
        bytes bytea NOT NULL
    );
"""


@pytest.fixture(scope="package")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a PostgreSQL server of these tests' own."""
    with EmbeddedPostgres.start(tmp_path_factory.mktemp("postgres")) as server:
        yield server.uri()


@pytest.fixture
def events(postgres: str) -> Iterator[psycopg.Connection]:
    """A connection to a database with the ledger's table of events, empty."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS ledger CASCADE")
        connection.execute(EVENT_TABLE)
        yield connection


@pytest.fixture
def stored() -> Stored:
    """A little of everything, so that every table has a row."""
    ledger = Stored()
    ledger.add("item.published", subject="I1", code="I1", nature="licence", kind="promised")
    ledger.add("source.registered", subject="source/scjg", source="/440306/scjg", area="440306")
    first = ledger.add("case.received", item={"code": "I1"}, kind="promised", channel="web")
    ledger.add("case.accepted", actor={"id": "A"})
    ledger.add("ticket.issued", subject="ticket/1", case="C1", hall="H1")
    ledger.add("inquiry.logged", subject="call/1", kind="consult", case="C1")
    ledger.add("complaint.filed", channel="12345")
    ledger.add("record.corrected", ref=first, patch={"data": {"channel": "window"}})
    ledger.add("case.closed", result="issued")
    ledger.add("rating.submitted", level=5, channel="mobile")
    return ledger
