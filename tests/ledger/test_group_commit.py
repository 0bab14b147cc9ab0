from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest

from domain.errors import VersionConflict
from ledger.case_ledger import CaseLedger
from ledger.receipt import Receipt, Status
from tests.ledger.ledger_contents import assert_whole, query
from tests.ledger.sent_events import sent, several
from tests.ledger.servers import Server

_TRANSACTIONS = "SELECT count(DISTINCT xmin::text) AS n FROM ledger.event"
_WAITING = """
    SELECT count(*) AS n
    FROM pg_stat_activity
    WHERE datname = current_database()
      AND wait_event_type = 'Lock'
      AND wait_event = 'advisory'
"""
_LOCK = "SELECT pg_advisory_lock(1667327589, hashtext('ledger.event'::regclass::text))"


class Writing:
    """Many callers of one ledger: the first is held back at the database's lock until all others
    wait behind it."""

    def __init__(self, ledger: CaseLedger, owner: str) -> None:
        self._ledger = ledger
        self._owner = owner

    def together(self, *calls: tuple[list[bytes], int | None]) -> list[list[Receipt] | Exception]:
        def append(raws: list[bytes], expected: int | None) -> list[Receipt] | Exception:
            try:
                return self._ledger.append(raws, expected_version=expected)
            except Exception as error:
                return error

        with (
            psycopg.connect(self._owner, autocommit=True) as gate,
            ThreadPoolExecutor(len(calls)) as threads,
        ):
            gate.execute(_LOCK)
            tasks = [threads.submit(append, *calls[0])]
            while query(self._owner, _WAITING) == [{"n": 0}]:
                continue
            tasks += [threads.submit(append, *call) for call in calls[1:]]
            while len(self._ledger._commit._queue) + sum(map(_done, tasks)) < len(calls) - 1:
                continue
            gate.execute("SELECT pg_advisory_unlock_all()")
            return [task.result() for task in tasks]


def _done(task: Future[list[Receipt] | Exception]) -> bool:
    """A call that is refused before it waits."""
    return task.done()


@pytest.fixture
def writing(ledger: CaseLedger, postgres: Server, dbname: str) -> Writing:
    ledger.append([sent(subject="warm")])
    return Writing(ledger, postgres.conninfo(dbname))


def test_32_callers_share_transactions_and_each_gets_its_own_receipts(
    ledger: CaseLedger, writing: Writing, postgres: Server, dbname: str
) -> None:
    batches = [several(5, subjects=2, prefix=f"{caller}-") for caller in range(32)]
    answers = writing.together(*((batch, None) for batch in batches))
    events = {event["id"]: event for event in assert_whole(ledger)}
    assert len(events) == 161
    for answer in answers:
        assert isinstance(answer, list)
        assert [receipt.index for receipt in answer] == list(range(5))
        for receipt in answer:
            assert receipt.status is Status.APPENDED
            assert receipt.id is not None
            assert events[receipt.id]["position"] == receipt.position
            assert events[receipt.id]["version"] == receipt.version
        positions = [receipt.position or 0 for receipt in answer]
        assert positions == list(range(positions[0], positions[0] + 5))
    # The one that led alone, all that waited for it, and the event before.
    assert query(postgres.conninfo(dbname), _TRANSACTIONS) == [{"n": 3}]


def test_the_same_event_from_many_callers_at_once_is_taken_once(
    ledger: CaseLedger, writing: Writing
) -> None:
    raw = sent()
    answers = writing.together(*(([raw], None) for _ in range(8)))
    receipts = [answer[0] for answer in answers if isinstance(answer, list)]
    assert sorted(receipt.status.value for receipt in receipts) == ["appended"] + ["duplicate"] * 7
    assert {receipt.position for receipt in receipts} == {2}
    assert_whole(ledger)


def test_of_callers_that_expect_the_same_version_one_wins(
    ledger: CaseLedger, writing: Writing
) -> None:
    answers = writing.together(*(([sent(subject="X")], 0) for _ in range(6)))
    assert sum(isinstance(answer, list) for answer in answers) == 1
    lost = [answer for answer in answers if isinstance(answer, VersionConflict)]
    assert [(error.expected, error.found) for error in lost] == [(0, 1)] * 5
    assert [event.version for event in ledger.events_of("X")] == [1]


def test_one_callers_bad_events_do_no_harm_to_the_others(
    ledger: CaseLedger, writing: Writing
) -> None:
    nul = sent(data={"a\0b": "c\0"})
    answers = writing.together(([sent()], None), ([nul], None), ([sent()], None), ([b"{"], None))
    assert all(isinstance(answer, list) for answer in answers), answers
    kinds = [answer[0].status.value for answer in answers if isinstance(answer, list)]
    assert kinds == ["appended", "rejected", "appended", "rejected"]
    assert_whole(ledger)


def test_a_call_that_makes_no_sense_does_no_harm_to_the_others(
    ledger: CaseLedger, writing: Writing
) -> None:
    answers = writing.together(([sent()], None), ([], 0), ([sent()], None), ([sent()], None))
    taken = [answers[index] for index in (0, 2, 3)]
    assert all(isinstance(answer, list) for answer in taken), taken
    assert_whole(ledger)


def test_large_batches_are_written_whole(ledger: CaseLedger, writing: Writing) -> None:
    batches = [several(1_000, subjects=50, prefix=f"{caller}-") for caller in range(6)]
    answers = writing.together(*((batch, None) for batch in batches))
    assert all(isinstance(answer, list) and len(answer) == 1_000 for answer in answers)
    assert len(assert_whole(ledger)) == 6_001
