"""The first ledgers of a new PostgreSQL, whose owners are no superusers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import pytest

from domain.errors import PartUnavailable
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from tests.ledger.embedded_folders import stopped_ledger
from tests.ledger.sent_events import sent
from tests.ledger.servers import Server, embedded

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def fresh() -> Iterator[Server]:
    """A server that never had a ledger: the roles that all ledgers share are missing."""
    folder = Path(tempfile.mkdtemp(prefix="caseledger-fresh-"))
    try:
        with embedded(stopped_ledger(folder / "data"), durable=False) as (server, _):
            yield server
    finally:
        rmtree(folder)


@contextmanager
def _owned(server: Server, attributes: str = "") -> Iterator[tuple[str, str]]:
    """An empty database, and how its owner, an ordinary role, connects to it."""
    name = server.make()
    server.run(f"CREATE ROLE {name}_owner LOGIN {attributes} PASSWORD 'secret'")
    server.run(f"ALTER DATABASE {name} OWNER TO {name}_owner")
    yield name, server.conninfo(name, user=f"{name}_owner", password="secret")


def test_an_owner_who_may_not_make_roles_is_told_what_to_run(
    fresh: Server, keys: LedgerKeys
) -> None:
    with _owned(fresh) as (name, conninfo):
        with pytest.raises(PartUnavailable, match=f"ALTER ROLE {name}_owner CREATEROLE"):
            Database(conninfo, keys)
        fresh.run(f"ALTER ROLE {name}_owner CREATEROLE")
        for _ in range(2):
            with Database(conninfo, keys) as database:
                CaseLedger(database, keys).append([sent()])


def test_the_owner_of_another_ledger_is_told_what_to_run(fresh: Server, keys: LedgerKeys) -> None:
    with _owned(fresh, "CREATEROLE") as (_, conninfo), Database(conninfo, keys):
        pass
    with _owned(fresh, "CREATEROLE") as (name, conninfo):
        with pytest.raises(PartUnavailable, match="ADMIN OPTION"):
            Database(conninfo, keys)
        fresh.run(f"GRANT caseledger_append, caseledger_read TO {name}_owner WITH ADMIN OPTION")
        with Database(conninfo, keys) as database:
            CaseLedger(database, keys).append([sent()])


def test_ledgers_that_are_set_up_at_the_same_time_do_not_disturb_each_other(
    fresh: Server, keys: LedgerKeys
) -> None:
    names = [fresh.make() for _ in range(8)]

    def open_and_append(name: str) -> int | None:
        with Database(fresh.conninfo(name), keys) as database:
            return CaseLedger(database, keys).append([sent()])[0].position

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(open_and_append, names)) == [1] * 8
