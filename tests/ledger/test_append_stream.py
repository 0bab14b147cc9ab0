from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.case_ledger import WRITTEN_TOGETHER, CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.preparation_pool import PreparationPool
from ledger.receipt import Receipt
from tests.ledger.ledger_contents import assert_whole, opened_in, sealed_in, stored
from tests.ledger.sent_events import event, person, received, sent, several, text_of
from tests.ledger.servers import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def pool(ledger: CaseLedger) -> Iterator[PreparationPool]:
    with ledger.preparation_pool(2) as started:
        started.warm_up()
        yield started


def _stream() -> list[bytes]:
    """12,000 events: most are fine, and of every bad kind there are some."""
    raws = several(12_000, subjects=500)
    for place in range(0, 12_000, 40):
        raws[place] = received(person(f"{place % 600}"), subject=f"S{place % 240}", shoe=1.5)
    for place in range(7, 12_000, 400):
        raws[place] = b'{"id": "cut off'
        raws[place + 1] = sent(time="yesterday")
        raws[place + 2] = raws[place - 1]
        raws[place + 3] = sent(data={"unknown": "y" * 66_000})
        raws[place + 4] = text_of(event(id=f"c{place % 3}", data={"place": place}))
        raws[place + 5] = sent("case.prereviewed", {"outcome": "maybe", "reasons": ["x", "y"]})
    return raws


def _plain(ledger: CaseLedger) -> list[dict[str, Any]]:
    """Stored events without what is drawn at random or told by the clock; sealed values open."""
    events = []
    for one in stored(ledger):
        sealed = {path: (value["ref"], value["length"]) for path, value in sealed_in(one["data"])}
        texts = opened_in(ledger, one["data"])
        keys = ("position", "version", "type", "subject", "id", "schemaversion", "time")
        events.append(
            {key: one[key] for key in keys}
            | {"sealed": sealed, "texts": texts, "fields": sorted(one["data"])}
        )
    return events


def _receipts(batches: Iterator[list[Receipt]]) -> list[Receipt]:
    return [receipt for batch in batches for receipt in batch]


def test_a_pool_changes_neither_receipts_nor_what_is_stored(
    ledger: CaseLedger, pool: PreparationPool, postgres: Server, keys: LedgerKeys
) -> None:
    raws = _stream()
    pooled = _receipts(ledger.append_stream(iter(raws), pool=pool))
    assert [receipt.index for receipt in pooled] == list(range(12_000))
    assert len({receipt.status for receipt in pooled}) == 4
    with postgres.cloned() as name, Database(postgres.conninfo(name), keys) as database:
        alone = CaseLedger(database, keys)
        assert _receipts(alone.append_stream(iter(raws))) == pooled
        assert _plain(alone) == _plain(ledger)
        letters, others = alone.dead_letters(1_000), ledger.dead_letters(1_000)
        assert {(one.letter, one.faults, one.raw, one.count) for one in letters} == {
            (one.letter, one.faults, one.raw, one.count) for one in others
        }
    assert_whole(ledger)


def test_a_stream_sent_again_appends_nothing(ledger: CaseLedger, pool: PreparationPool) -> None:
    raws = several(4_000, subjects=300)
    first = _receipts(ledger.append_stream(iter(raws), pool=pool))
    again = _receipts(ledger.append_stream(iter(raws), pool=pool))
    assert [(one.position, one.version) for one in again] == [
        (one.position, one.version) for one in first
    ]
    assert {one.status.value for one in again} == {"duplicate"}
    assert ledger.head()[0] == 4_000


def test_receipts_come_while_the_stream_goes_on(ledger: CaseLedger, pool: PreparationPool) -> None:
    """A stream is never held whole: what was taken is told before what comes much later is read."""
    read = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        for raw in several(6 * WRITTEN_TOGETHER, subjects=999):
            read += 1
            yield raw

    batches = ledger.append_stream(lines(), pool=pool)
    told = len(next(batches))
    assert told >= WRITTEN_TOGETHER
    assert read <= told + 3 * WRITTEN_TOGETHER
    batches.close()  # type: ignore[attr-defined] # the iterator is a generator
    assert ledger.head()[0] == told


def test_a_source_that_fails_loses_nothing_that_was_told(ledger: CaseLedger) -> None:
    def lines() -> Iterator[bytes]:
        yield from several(WRITTEN_TOGETHER)
        raise OSError("the disk of the sender is gone")

    batches = ledger.append_stream(lines())
    assert len(next(batches)) == WRITTEN_TOGETHER
    with pytest.raises(OSError, match="sender"):
        next(batches)
    assert ledger.head()[0] == WRITTEN_TOGETHER
