from __future__ import annotations

import pytest

from domain.errors import VersionConflict, WrongUse
from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.receipt import Status
from ledger.stored_bytes import MAX_BYTES
from tests.ledger.ledger_contents import assert_whole, query, stored
from tests.ledger.sent_events import event, person, received, sent, several, text_of
from tests.ledger.servers import Server


def _answers(ledger: CaseLedger, *raws: bytes) -> list[tuple[str, int | None, int | None]]:
    receipts = ledger.append(raws)
    assert [receipt.index for receipt in receipts] == list(range(len(raws)))
    return [(receipt.status.value, receipt.position, receipt.version) for receipt in receipts]


def test_every_event_gets_its_answer_in_the_order_of_input(ledger: CaseLedger) -> None:
    known = event()
    assert _answers(ledger, text_of(known)) == [("appended", 1, 1)]
    other = text_of(known | {"data": {"receipt_no": "SL0002"}})
    first, second = sent(), event(subject="B")
    assert _answers(
        ledger,
        other,
        b"[]",
        first,
        text_of(known),
        text_of(second),
        first,
        text_of(second | {"subject": "C"}),
        sent(),
    ) == [
        ("conflict", None, None),
        ("rejected", None, None),
        ("appended", 2, 2),
        ("duplicate", 1, 1),
        ("appended", 3, 1),
        ("duplicate", 2, 2),
        ("conflict", None, None),
        ("appended", 4, 3),
    ]
    assert_whole(ledger)


def test_a_receipt_names_the_id_and_every_fault(ledger: CaseLedger) -> None:
    broken = event(time="yesterday")
    broken["data"] = {"limits": {"statutory": "x"}, "shoe_size": 43}
    kept = event(data={"shoe_size": 43})
    refused, appended = ledger.append([text_of(broken), text_of(kept)])
    assert refused.id == broken["id"]
    assert {fault.path for fault in refused.errors} == {"time", "data.limits.statutory"}
    assert appended.as_json() == {
        "index": 1,
        "id": kept["id"],
        "status": "appended",
        "position": 1,
        "version": 1,
        "errors": [],
        "warnings": ["data.shoe_size: unknown field, kept"],
    }


def test_a_duplicate_gets_its_first_receipt_in_any_later_batch_and_process(
    ledger: CaseLedger, postgres: Server, dbname: str, keys: LedgerKeys
) -> None:
    raws = several(30, subjects=4)
    first = _answers(ledger, *raws)
    again = [("duplicate", position, version) for _, position, version in first]
    assert _answers(ledger, *raws) == again
    with Database(postgres.conninfo(dbname), keys) as database:
        assert _answers(CaseLedger(database, keys), *raws) == again
    assert len(stored(ledger)) == 30


def test_the_same_id_of_another_source_is_another_event(ledger: CaseLedger) -> None:
    one = event()
    answers = _answers(ledger, text_of(one), text_of(one | {"source": "/440307/scjg"}))
    assert [status for status, _, _ in answers] == ["appended", "appended"]


def test_a_refused_id_is_free_for_the_mended_event(ledger: CaseLedger) -> None:
    broken = event(data={"receipt_no": []})
    mended = broken | {"data": {"receipt_no": "SL0001"}}
    assert _answers(ledger, text_of(broken), text_of(mended)) == [
        ("rejected", None, None),
        ("appended", 1, 1),
    ]
    assert _answers(ledger, text_of(broken), text_of(mended)) == [
        ("rejected", None, None),
        ("duplicate", 1, 1),
    ]


def test_an_event_too_large_as_stored_is_refused_and_the_others_are_taken(
    ledger: CaseLedger,
) -> None:
    large = event(data={"raw": {"lifecycle:transition": "complete", "x": "y" * 60_000}})
    refused, appended = ledger.append([text_of(large), sent()])
    assert refused.status is Status.REJECTED
    assert refused.errors[0].expected == f"at most {MAX_BYTES} bytes as stored"
    assert (appended.position, appended.version) == (1, 1)
    mended = ledger.append([text_of(large | {"data": {}})])[0]
    assert (mended.status, mended.position, mended.version) == (Status.APPENDED, 2, 2)


def test_an_event_of_exactly_65_535_stored_bytes_is_taken(ledger: CaseLedger) -> None:
    ledger.append([sent(data={"unknown": ""}, id="probe")])
    room = MAX_BYTES - len(ledger.stored_after(0, 1)[0][1])
    larger = sent(data={"unknown": "y" * (room + 1)}, id="large")
    fitting = sent(data={"unknown": "y" * room}, id="right")
    answers = ledger.append([larger, fitting])
    assert [answer.status for answer in answers] == [Status.REJECTED, Status.APPENDED]
    assert answers[0].errors[0].found == f"{MAX_BYTES + 1} bytes"
    assert len(ledger.stored_after(1, 1)[0][1]) == MAX_BYTES


def test_versions_count_within_each_subject(ledger: CaseLedger) -> None:
    ledger.append([sent(subject=subject) for subject in "ABACABA"])
    ledger.append([sent(subject=subject) for subject in "CA"])
    found = [(event["subject"], event["version"]) for event in stored(ledger)]
    assert [f"{subject}{version}" for subject, version in found] == (
        ["A1", "B1", "A2", "C1", "A3", "B2", "A4", "C2", "A5"]
    )
    assert [event.version for event in ledger.events_of("A")] == [1, 2, 3, 4, 5]


def test_an_expected_version_that_holds_is_taken(ledger: CaseLedger) -> None:
    for version in range(3):
        assert ledger.append([sent()], expected_version=version)[0].version == version + 1


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_an_expected_version_that_does_not_hold_keeps_nothing(
    ledger: CaseLedger, expected: int
) -> None:
    ledger.append([sent(), sent()])
    with pytest.raises(VersionConflict) as caught:
        ledger.append([sent()], expected_version=expected)
    assert (caught.value.expected, caught.value.found) == (expected, 2)
    assert len(stored(ledger)) == 2
    assert ledger.dead_letters() == []


def test_what_was_taken_before_is_a_duplicate_whatever_version_is_expected(
    ledger: CaseLedger,
) -> None:
    raw = sent()
    ledger.append([raw], expected_version=0)
    ledger.append([sent()])
    again = ledger.append([raw], expected_version=0)[0]
    assert (again.status, again.position) == (Status.DUPLICATE, 1)


@pytest.mark.parametrize("count", [0, 2])
def test_an_expected_version_goes_with_one_event(ledger: CaseLedger, count: int) -> None:
    with pytest.raises(WrongUse):
        ledger.append(several(count), expected_version=0)
    assert stored(ledger) == []


def test_a_dry_run_tells_the_receipts_and_keeps_nothing(
    ledger: CaseLedger, postgres: Server, dbname: str
) -> None:
    known = sent()
    ledger.append([known])
    raws = [known, sent(), b"{", received(person(), subject="N")]
    dry = ledger.append(raws, dry_run=True)
    owner = postgres.conninfo(dbname)
    assert len(stored(ledger)) == 1
    assert ledger.dead_letters() == []
    assert query(owner, "SELECT count(*) AS n FROM ledger.dead_letter") == [{"n": 0}]
    assert ledger.append(raws) == dry


def test_a_dry_run_leaves_no_key_behind(ledger: CaseLedger, postgres: Server, dbname: str) -> None:
    ledger.append([received(person())], dry_run=True)
    assert query(postgres.conninfo(dbname), "SELECT owner FROM ledger.vault") == []


def test_nothing_to_append_is_no_fault(ledger: CaseLedger) -> None:
    assert ledger.append([]) == []
    assert list(ledger.append_stream([])) == []
