"""A simulated ledger, whose clock is the delivery time that events carry."""

from __future__ import annotations

import pytest

from ledger.case_ledger import CaseLedger
from ledger.database import Database
from ledger.keys import LedgerKeys
from ledger.receipt import Status
from tests.ledger.ledger_contents import assert_whole, stored
from tests.ledger.sent_events import sent


@pytest.fixture
def simulated(database: Database, keys: LedgerKeys) -> CaseLedger:
    return CaseLedger(database, keys, simulated=True)


def _times(ledger: CaseLedger) -> list[str]:
    return [event["recordedat"][:19] for event in assert_whole(ledger)]


def test_the_record_time_is_the_greater_of_delivery_and_last_record_time(
    simulated: CaseLedger,
) -> None:
    for moment in ("2026-03-02T10:00:00+08:00", "2026-03-02T01:00:00Z", "2026-03-02T03:00:00Z"):
        simulated.append([sent(deliveredat=moment)])
    assert _times(simulated) == [
        "2026-03-02T02:00:00",
        "2026-03-02T02:00:00",
        "2026-03-02T03:00:00",
    ]


def test_an_event_without_delivery_takes_the_latest_time_and_the_first_its_own(
    simulated: CaseLedger,
) -> None:
    simulated.append([sent(time="2026-03-02T09:30:00.25+08:00"), sent(time="2026-05-01T00:00:00Z")])
    simulated.append([sent(deliveredat="2026-03-03T00:00:00Z"), sent(time="2026-05-01T00:00:00Z")])
    assert _times(simulated) == ["2026-03-02T01:30:00"] * 2 + ["2026-03-03T00:00:00"] * 2
    assert stored(simulated)[0]["recordedat"] == "2026-03-02T01:30:00.250000Z"


def test_the_delivery_time_is_not_stored(simulated: CaseLedger) -> None:
    simulated.append([sent(deliveredat="2026-03-02T10:00:00Z", zone="B"), sent()])
    assert all("deliveredat" not in event for event in stored(simulated))


@pytest.mark.parametrize("bad", ["unknown", "type"])
def test_what_is_refused_does_not_move_the_clock(simulated: CaseLedger, bad: str) -> None:
    late = "2027-01-01T00:00:00Z"
    refused = (
        sent(data={"unknown": "y" * 66_000}, deliveredat=late)
        if bad == "unknown"
        else sent("no.type", deliveredat=late)
    )
    receipts = simulated.append([refused, sent(deliveredat="2026-03-02T10:00:00Z")])
    assert [receipt.status for receipt in receipts] == [Status.REJECTED, Status.APPENDED]
    assert _times(simulated) == ["2026-03-02T10:00:00"]


def test_what_is_known_does_not_move_the_clock(simulated: CaseLedger) -> None:
    raws = [sent(deliveredat="2026-03-02T10:00:00Z")]
    simulated.append(raws)
    again = [raws[0].replace(b"2026-03-02T10", b"2027-03-02T10"), sent()]
    statuses = [receipt.status for receipt in simulated.append(again)]
    assert statuses == [Status.DUPLICATE, Status.APPENDED]
    assert _times(simulated) == ["2026-03-02T10:00:00"] * 2


def test_the_same_events_give_the_same_positions_and_times_in_any_batches(
    simulated: CaseLedger,
) -> None:
    raws = [sent(deliveredat=f"2026-03-{day:02}T10:00:00Z") for day in (3, 5, 4, 6, 6, 2)]
    simulated.append(raws[:1])
    simulated.append(raws[1:5])
    simulated.append(raws[5:])
    days = ["03", "05", "05", "06", "06", "06"]
    assert _times(simulated) == [f"2026-03-{day}T10:00:00" for day in days]
    assert {receipt.status for receipt in simulated.append(raws)} == {Status.DUPLICATE}
    assert _times(simulated) == [f"2026-03-{day}T10:00:00" for day in days]
