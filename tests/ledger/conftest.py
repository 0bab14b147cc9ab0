from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from tests.ledger.servers import Server, embedded

DATABASE_URL = "CASELEDGER_TEST_DATABASE_URL"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of CASELEDGER_TEST_DATABASE_URL, whose owner may make databases and roles; an
    embedded one where that is not set."""
    given = os.environ.get(DATABASE_URL)
    if given:
        server = Server(given)
        yield server
        server.close()
        return
    folder = Path(tempfile.mkdtemp(prefix="caseledger-tests-"))
    try:
        with embedded(folder / "data", durable=False) as (server, _):
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def keys() -> LedgerKeys:
    return LedgerKeys(bytes(range(32)))


@pytest.fixture
def dbname(postgres: Server) -> Iterator[str]:
    """A migrated database of this test alone."""
    with postgres.cloned() as name:
        yield name


@pytest.fixture
def database(postgres: Server, dbname: str, keys: LedgerKeys) -> Iterator[Database]:
    with Database(postgres.conninfo(dbname), keys) as opened:
        yield opened


@pytest.fixture
def ledger(database: Database, keys: LedgerKeys) -> CaseLedger:
    """A ledger on `database`, which is closed with it."""
    return CaseLedger(database, keys)


@pytest.fixture(scope="module")
def shared_ledger(postgres: Server, keys: LedgerKeys) -> Iterator[CaseLedger]:
    """One ledger for many tests of a module, none of which cares for what else is in it."""
    with postgres.cloned() as name, Database(postgres.conninfo(name), keys) as opened:
        yield CaseLedger(opened, keys)
