import pytest

from domain.case import fold, state
from domain.case_status import Status
from domain.recorded import instant
from tests.domain.history import History, moment


def status(history: History, as_of: str | None = None) -> Status | None:
    at = instant("2026-03-31T18:00:00+08:00")
    point = None if as_of is None else instant(moment(as_of))
    return state(fold(history.subject, history.events), at=at, as_of=point).status


def test_a_case_goes_from_receipt_to_its_end() -> None:
    history = History()
    for type, expected in (
        ("case.received", "received"),
        ("correction.requested", "correcting"),
        ("correction.received", "received"),
        ("case.accepted", "accepted"),
        ("correction.requested", "accepted"),
        ("step.completed", "accepted"),
        ("decision.made", "decided"),
        ("certificate.issued", "decided"),
        ("case.closed", "closed"),
        ("result.delivered", "closed"),
        ("case.reopened", "accepted"),
        ("decision.made", "decided"),
        ("case.voided", "voided"),
    ):
        history.add(type)
        assert status(history) == expected, type


@pytest.mark.parametrize("end", ["declined", "withdrawn", "voided"])
def test_a_case_may_end_otherwise(end: str) -> None:
    history = History().add("case.received").add(f"case.{end}", reason="x")
    assert status(history) == end
    assert status(history.add("case.accepted", "10:00")) == end
    assert status(history.add("case.closed", "11:00", result=end, reason="x")) == "closed"


def test_incomplete_materials_leave_a_case_correcting() -> None:
    history = History().add("case.received").add("correction.requested")
    assert status(history.add("correction.received", complete=False)) == "correcting"
    assert status(history.add("correction.received", complete=True)) == "received"


def test_a_case_is_suspended_while_a_special_procedure_is_open() -> None:
    history = History().add("case.accepted", "03-02").add("clock.suspended", "03-03", seq=1)
    history.add("clock.suspended", "03-04", seq=2).add("clock.resumed", "03-06", seq=1)
    assert status(history) == "suspended"
    history.add("clock.resumed", "03-10", seq=2)
    assert status(history) == "accepted"
    assert status(history, as_of="03-09") == "suspended"
    assert status(history, as_of="03-02T12:00") == "accepted"
    history.add("clock.suspended", "03-11", seq=3).add("decision.made", "03-12")
    assert status(history) == "decided"


def test_a_special_procedure_of_before_a_reopening_does_not_suspend() -> None:
    history = History().add("case.accepted").add("clock.suspended", seq=1)
    history.add("case.closed", "10:00", result="issued").add("case.reopened", "11:00", reason="x")
    assert status(history) == "accepted"


def test_what_is_no_procedure_gives_no_status() -> None:
    history = History().add("rating.submitted", level=5, channel="qr")
    assert status(history) is None
    assert status(history.add("step.completed", step="review")) == "received"


def test_every_event_of_an_imported_log_is_procedure() -> None:
    assert status(History(source="/import/receipt").add("complaint.filed")) == "received"
