"""How the tests send one bad event among good ones."""

from __future__ import annotations

from domain.errors import Fault
from ledger.case_ledger import CaseLedger
from ledger.dead_letters import DeadLetter
from ledger.receipt import Status
from tests.ledger.sent_events import sent


def letter_of(ledger: CaseLedger, raw: bytes) -> DeadLetter:
    """The one dead letter that holds these bytes."""
    (letter,) = (one for one in ledger.dead_letters(10_000) if one.raw == raw)
    return letter


def refused(ledger: CaseLedger, raw: bytes) -> dict[str, Fault]:
    """The faults for which `raw` is refused, by path. The events beside it are taken, and it is
    kept as it was sent, once however often it comes."""
    before = ledger.head()[0]
    receipts = ledger.append([sent(), raw, sent()])
    assert [one.status for one in receipts] == [
        Status.APPENDED,
        Status.REJECTED,
        Status.APPENDED,
    ]
    assert ledger.head()[0] == before + 2
    assert (receipts[1].position, receipts[1].version) == (None, None)
    letter = letter_of(ledger, raw)
    assert (letter.status, letter.count) == (Status.REJECTED, 1)
    assert letter.faults == receipts[1].errors
    assert letter.id == receipts[1].id
    ledger.append([raw])
    assert letter_of(ledger, raw).count == 2
    for fault in letter.faults:
        assert fault.expected
        assert fault.found
    return {fault.path: fault for fault in letter.faults}
