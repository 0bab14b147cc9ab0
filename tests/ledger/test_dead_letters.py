from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.dead_letters import DeadLetters
from ledger.keys import LedgerKeys
from ledger.receipt import Status
from tests.ledger.ledger_contents import query
from tests.ledger.sent_events import SOURCE, event, sent, text_of
from tests.ledger.servers import Server


def test_a_refused_event_is_kept_as_it_was_sent(ledger: CaseLedger) -> None:
    broken = event(data={"receipt_no": []})
    raw = b"  " + json.dumps(broken, indent=3).encode() + b"\r\n"
    before = datetime.now(UTC)
    receipt = ledger.append([raw])[0]
    (letter,) = ledger.dead_letters()
    assert (letter.source, letter.id, letter.status) == (SOURCE, broken["id"], Status.REJECTED)
    assert (letter.raw, letter.count, letter.faults) == (raw, 1, receipt.errors)
    assert before <= letter.first_seen == letter.last_seen <= datetime.now(UTC)


def test_a_letter_sent_again_is_counted_and_no_second_one(ledger: CaseLedger) -> None:
    raw = sent(time="yesterday")
    ledger.append([raw, raw])
    ledger.append([raw])
    (letter,) = ledger.dead_letters()
    assert letter.count == 3
    assert letter.first_seen < letter.last_seen


def test_other_content_under_the_same_id_is_another_letter(ledger: CaseLedger) -> None:
    one = event(time="yesterday")
    ledger.append([text_of(one), text_of(one | {"time": "today"}), text_of(one | {"id": "x"})])
    assert [letter.count for letter in ledger.dead_letters()] == [1, 1, 1]


def test_another_spelling_of_a_refused_event_is_another_letter(ledger: CaseLedger) -> None:
    """What is refused may have no canonical bytes; no byte of what was sent is lost."""
    one = event(time="yesterday")
    spellings = [text_of(one), json.dumps(one, indent=1).encode()]
    ledger.append(spellings)
    assert sorted(letter.raw for letter in ledger.dead_letters()) == sorted(spellings)


def test_a_conflict_is_kept_with_what_contradicts(ledger: CaseLedger) -> None:
    one = event()
    other = text_of(one | {"data": {"receipt_no": "SL0002"}})
    ledger.append([text_of(one), other])
    ledger.append([other, json.dumps(json.loads(other), indent=1).encode()])
    (letter,) = ledger.dead_letters()
    assert (letter.status, letter.count) == (Status.CONFLICT, 3)
    assert json.loads(letter.raw) == json.loads(other)


def test_letters_come_latest_first_and_no_more_than_asked_for(ledger: CaseLedger) -> None:
    raws = [sent(time=f"bad {number}") for number in range(5)]
    for raw in raws:
        ledger.append([raw])
    assert [letter.raw for letter in ledger.dead_letters(3)] == raws[:1:-1]
    ledger.append(raws[:1])
    assert ledger.dead_letters(1)[0].raw == raws[0]


@pytest.mark.parametrize(
    ("raw", "source", "event_id"),
    [
        (b"{", None, None),
        (b"\xff\x00\xfe", None, None),
        (b'{"source": 5, "id": ["x"]}', None, None),
        (b'{"source": "a\\u0000b", "id": "x"}', None, "x"),
        (b'{"source": "/s", "id": ""}', "/s", ""),
        (b"[" * 100_000, None, None),
        ('{"source": "/源", "id": "\U0001f600"}'.encode(), "/源", "\U0001f600"),
    ],
)
def test_a_letter_names_source_and_id_where_they_can_be_read(
    ledger: CaseLedger, raw: bytes, source: str | None, event_id: str | None
) -> None:
    ledger.append([raw])
    (letter,) = ledger.dead_letters()
    assert (letter.source, letter.id, letter.raw) == (source, event_id, raw)


def test_a_very_large_event_is_kept_too(ledger: CaseLedger) -> None:
    raw = sent(data={"unknown": "y" * 15_000_000})
    ledger.append([raw])
    (letter,) = ledger.dead_letters()
    assert letter.raw == raw


def test_an_event_with_very_many_faults_is_kept_too(ledger: CaseLedger) -> None:
    raw = sent("case.received", {"materials": [1] * 20_000})
    ledger.append([raw])
    (letter,) = ledger.dead_letters()
    assert letter.raw == raw


def test_many_letters_go_into_one_batch(ledger: CaseLedger) -> None:
    raws = [sent(time="bad") for _ in range(3_000)]
    assert {receipt.status for receipt in ledger.append(raws)} == {Status.REJECTED}
    assert sorted(letter.raw for letter in ledger.dead_letters(10_000)) == sorted(raws)


def test_only_the_ledgers_own_keys_open_a_letter(
    ledger: CaseLedger, database: Database, postgres: Server, dbname: str
) -> None:
    raw = sent(time="bad", data={"reason": "请尽快办理此事"})
    ledger.append([raw])
    (row,) = query(postgres.conninfo(dbname), "SELECT sealed, size FROM ledger.dead_letter")
    assert row["size"] == len(raw)
    assert "请尽快".encode() not in bytes(row["sealed"])
    others = DeadLetters(LedgerKeys(b"x" * 32))
    with (
        database.datastore.get_connection() as connection,
        connection.cursor() as cursor,
        pytest.raises(InvalidTag),
    ):
        others.read(cursor, 1)
