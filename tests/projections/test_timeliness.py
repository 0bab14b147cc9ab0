from datetime import date
from typing import Any

import pytest

from projections.read_model import ReadModel
from projections.statistics import statistics
from tests.projections.stored_events import Stored


def figures(ledger: Stored, **asked: Any) -> dict[str, Any]:
    """The one row of timeliness without groups."""
    (row,) = rows(ledger, **asked)
    return row


def rows(ledger: Stored, **asked: Any) -> list[dict[str, Any]]:
    with ReadModel() as model:
        model.take(ledger.batch())
        return statistics(model, "timeliness", **asked).rows


def day(month: int, number: int = 1) -> str:
    return f"2026-{month:02}-{number:02}T09:00:00+08:00"


@pytest.fixture
def year() -> Stored:
    """Four cases: closed, reopened and closed again, withdrawn, and one without a receipt."""
    ledger = Stored()
    ledger.add("case.received", day(1), "C1", channel="web")
    ledger.add("case.accepted", day(1, 5), "C1")
    ledger.add("case.closed", day(2), "C1", result="issued")
    ledger.add("case.received", day(1), "C2", channel="window")
    ledger.add("case.closed", day(2, 5), "C2", result="refused")
    ledger.add("case.reopened", day(3), "C2", reason="x")
    ledger.add("case.closed", day(5), "C2", result="completed")
    ledger.add("case.received", day(2), "C3", channel="mobile")
    ledger.add("case.withdrawn", day(3), "C3", reason="x")
    ledger.add("case.accepted", day(3), "C4")
    return ledger


def test_flows_and_stocks_of_a_month_add_up(year: Stored) -> None:
    row = figures(year, from_=date(2026, 2, 1), to=date(2026, 3, 1))
    names = ("open_start", "received", "reopened", "closed", "open_end")
    assert [row[name] for name in names] == [2, 1, 0, 2, 1]
    row = figures(year, from_=date(2026, 3, 1), to=date(2026, 4, 1))
    assert [row[name] for name in names] == [1, 1, 1, 1, 2]
    assert (row["received_assumed"], row["accepted_reported"]) == (1, 1)
    assert (row["closed_withdrawn"], row["finished"]) == (1, 0)
    row = figures(year)
    assert [row[name] for name in names] == [0, 4, 1, 4, 1]
    assert (row["closed_issued"], row["closed_refused"], row["closed_completed"]) == (1, 1, 1)


@pytest.mark.parametrize("groups", [("month",), ("quarter",), ("month", "channel"), ("channel",)])
def test_they_add_up_in_every_group(year: Stored, groups: tuple[str, ...]) -> None:
    found = rows(year, group_by=groups)
    assert found
    for row in found:
        opened = row["open_start"] + row["received"] + row["reopened"]
        assert opened == row["closed"] + row["open_end"], row


def test_a_closing_before_its_receipt_adds_up_too() -> None:
    ledger = Stored()
    ledger.add("case.received", day(3), "C1")
    ledger.add("case.closed", day(1), "C1", result="issued")
    for from_, to in ((1, 2), (2, 3), (3, 4)):
        row = figures(ledger, from_=date(2026, from_, 1), to=date(2026, to, 1))
        opened = row["open_start"] + row["received"] + row["reopened"]
        assert opened == row["closed"] + row["open_end"]


def test_a_second_closing_without_reopening_changes_nothing() -> None:
    ledger = Stored()
    ledger.add("case.received", day(1))
    ledger.add("case.closed", day(3), result="issued")
    ledger.add("case.closed", day(2), result="refused")
    row = figures(ledger)
    assert (row["closed"], row["closed_issued"]) == (1, 1)


def test_visits_are_distinct_dates_with_presence() -> None:
    ledger = Stored()
    # At the window; served twice that day; fetched at the counter: two dates, four assumptions.
    ledger.add("case.received", day(1), "C1", channel="window", kind="immediate")
    ledger.add("ticket.served", day(1), "ticket/1", hall="H", case="C1")
    ledger.add("ticket.served", day(1), "ticket/2", hall="H", case="C1")
    ledger.add("result.delivered", day(1, 9), "C1", method="counter")
    ledger.add("case.closed", day(1, 9), "C1", result="issued")
    # Said to be absent, though at a kiosk.
    ledger.add("case.received", day(1), "C2", channel="kiosk", presence=False)
    ledger.add("case.closed", day(1, 2), "C2", result="issued")
    # Online, and said to be there for the survey.
    ledger.add("case.received", day(1), "C3", channel="web")
    ledger.add("step.completed", day(1, 2), "C3", step="survey", presence=True)
    ledger.add("correction.requested", day(1, 2), "C3", items=[], reason="x")
    ledger.add("case.closed", day(1, 3), "C3", result="returned")
    # Not finished: in no mean.
    ledger.add("case.received", day(1), "C4", channel="window")
    row = figures(ledger)
    assert row["finished"] == 3
    assert row["visits_mean"] == 1
    assert row["presence_assumed"] == 4
    assert (row["contactless_rate_num"], row["contactless_rate_den"]) == (1, 3)
    assert (row["one_visit_rate_num"], row["one_visit_rate_den"]) == (1, 3)
    assert (row["immediate_kind_rate_num"], row["immediate_kind_rate_den"]) == (1, 3)
    assert (row["online_rate_num"], row["online_rate_den"]) == (1, 4)
    assert (row["return_rate_num"], row["correction_rate_num"]) == (1, 1)


def test_an_applicant_who_applies_again_within_ninety_days_resubmits() -> None:
    ledger = Stored()

    def apply(case: str, time: str, who: str, item: str = "I1") -> None:
        applicant = {"id_no": {"sealed": "A256GCM", "ref": who}}
        ledger.add("case.received", time, case, applicant=applicant, item={"code": item})

    apply("C1", "2026-01-01T09:00:00+08:00", "again")
    apply("C2", "2026-04-01T09:00:00+08:00", "again")
    apply("C3", "2026-01-01T09:00:00+08:00", "later")
    apply("C4", "2026-04-01T09:00:01+08:00", "later")
    apply("C5", "2026-01-01T09:00:00+08:00", "other")
    apply("C6", "2026-01-02T09:00:00+08:00", "other", "I2")
    ledger.add("case.received", subject="C7", item={"code": "I1"})
    row = figures(ledger)
    assert (row["resubmission_rate_num"], row["resubmission_rate_den"]) == (1, 3)
    april = figures(ledger, from_=date(2026, 4, 1))
    assert (april["resubmission_rate_num"], april["resubmission_rate_den"]) == (1, 2)


def test_items_declared_contactless_are_those_in_force() -> None:
    ledger = Stored()

    def publish(item: str, month: int, contactless: bool, **data: Any) -> None:
        ledger.add(
            "item.published", day(month), item, code=item, nature="licence",
            declared={"contactless": contactless}, **data,
        )  # fmt: skip

    publish("I1", 1, contactless=False)
    publish("I1", 2, contactless=True)
    publish("I2", 1, contactless=False)
    publish("I3", 1, contactless=True, effective_from="2026-06-01")
    row = figures(ledger, as_of=date(2026, 3, 1))
    assert (row["declared_contactless_rate_num"], row["declared_contactless_rate_den"]) == (1, 2)
    row = figures(ledger, as_of=date(2026, 1, 15))
    assert (row["declared_contactless_rate_num"], row["declared_contactless_rate_den"]) == (0, 2)
    row = figures(ledger, as_of=date(2026, 6, 1))
    assert (row["declared_contactless_rate_num"], row["declared_contactless_rate_den"]) == (2, 3)
