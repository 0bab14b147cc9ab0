from datetime import date
from typing import Any

import pytest

from projections.figures import wilson
from projections.read_model import ReadModel
from projections.statistics import statistics
from tests.projections.stored_events import Stored


def figures(ledger: Stored, **asked: Any) -> dict[str, Any]:
    """The one row of satisfaction without groups."""
    with ReadModel() as model:
        model.take(ledger.batch())
        (row,) = statistics(model, "satisfaction", **asked).rows
        return row


def closed(ledger: Stored, case: str, result: str = "issued") -> None:
    ledger.add("case.received", subject=case)
    ledger.add("case.closed", subject=case, result=result)


def rate(ledger: Stored, case: str, level: int, channel: str = "qr", **data: Any) -> dict[str, str]:
    return ledger.add("rating.submitted", subject=case, level=level, channel=channel, **data)


def test_levels_are_those_of_the_first_active_rating_of_the_first_round() -> None:
    ledger = Stored()
    for number in range(1, 10):
        closed(ledger, f"C{number}")
    for number, level in enumerate((5, 4, 3, 2, 1), start=1):
        rate(ledger, f"C{number}", level)
    rate(ledger, "C1", 1)
    rate(ledger, "C2", 1, round="follow_up")
    rate(ledger, "C6", 5, "default")
    rate(ledger, "C7", 5, {"value": "default", "raw": "7"})  # type: ignore[arg-type]
    rate(ledger, "C7", 2, "tablet")
    rate(ledger, "C8", 5, "phone", round="follow_up")
    row = figures(ledger)
    assert (row["ratable"], row["rated"]) == (9, 7)
    assert (row["actively_rated"], row["default_ratings"]) == (6, 1)
    levels = [row[name] for name in ("very_good", "good", "fair", "bad", "very_bad")]
    assert levels == [1, 1, 1, 2, 1]
    assert (row["good_rate"], row["good_rate_num"], row["good_rate_den"]) == (0.5, 3, 6)
    assert (row["good_rate_low"], row["good_rate_high"]) == pytest.approx(
        (0.18761, 0.81239), abs=1e-5
    )
    assert (row["good_rate_with_default_num"], row["good_rate_with_default_den"]) == (4, 7)
    assert (row["satisfied_share_of_all_num"], row["satisfied_share_of_all_den"]) == (6, 9)
    assert (row["active_rating_rate_num"], row["active_rating_rate_den"]) == (6, 9)
    assert row["score_mean"] == (10 + 8 + 6 + 3 + 3 + 0) / 6
    assert row["bad_rated"] == 3


def test_the_first_rating_is_the_first_in_fact_time() -> None:
    ledger = Stored()
    closed(ledger, "C1")
    ledger.add("rating.submitted", "2026-03-03T10:00:00+08:00", level=1, channel="qr")
    ledger.add("rating.submitted", "2026-03-03T09:00:00+08:00", level=5, channel="qr")
    assert figures(ledger)["very_good"] == 1


@pytest.mark.parametrize(
    ("result", "ratable"), [("issued", 1), ("withdrawn", 1), ("voided", 0), ("deleted", 0)]
)
def test_what_is_voided_or_deleted_is_not_ratable(result: str, ratable: int) -> None:
    ledger = Stored()
    closed(ledger, "C1", result)
    assert figures(ledger)["ratable"] == ratable


def test_a_case_is_ratable_while_closed_and_not_voided() -> None:
    ledger = Stored()
    for case in ("open", "reopened", "again", "voided"):
        ledger.add("case.received", subject=case)
    for case in ("reopened", "again", "voided"):
        ledger.add("case.closed", subject=case, result="issued")
    ledger.add("case.reopened", subject="reopened", reason="x")
    ledger.add("case.reopened", subject="again", reason="x")
    ledger.add("case.closed", subject="again", result="refused")
    ledger.add("case.voided", subject="voided", reason="x")
    assert figures(ledger)["ratable"] == 1


def test_voided_ratings_stay_in_the_good_rate_and_leave_the_one_after_voiding() -> None:
    ledger = Stored()
    for case in ("C1", "C2", "C3"):
        closed(ledger, case)
    rate(ledger, "C1", 5)
    rate(ledger, "C2", 1)
    false = rate(ledger, "C3", 1)
    ledger.add("rating.rectified", subject="C3", ref=false, outcome="voided")
    row = figures(ledger)
    assert (row["good_rate_num"], row["good_rate_den"]) == (1, 3)
    assert (row["good_rate_after_voiding_num"], row["good_rate_after_voiding_den"]) == (1, 2)
    assert (row["bad_rated"], row["bad_voided"]) == (2, 1)


def test_bad_ratings_are_rectified_by_the_fifteenth_working_day() -> None:
    ledger = Stored()
    rated = "2026-02-13T10:00:00+08:00"
    answers = {
        # 14, 24–28 February, 2–6 and 9–12 March are the fifteen working days.
        "in time": "2026-03-12T23:59:59+08:00",
        "late": "2026-03-13T00:00:00+08:00",
        "never": None,
        "voided": None,
    }
    for case, answered in answers.items():
        ledger.add("case.received", rated, case)
        ledger.add("case.closed", rated, case, result="issued")
        bad = ledger.add("rating.submitted", rated, case, level=2, channel="sms")
        if answered:
            ledger.add("rating.rectified", answered, case, ref=bad, outcome="fixed")
        if case == "voided":
            ledger.add("rating.rectified", rated, case, ref=bad, outcome="voided")
    before = figures(ledger, as_of=date(2026, 3, 12))
    assert (before["bad_rated"], before["bad_voided"]) == (4, 1)
    assert before["bad_rectified_on_time_rate_num"] == 1
    assert before["bad_rectified_on_time_rate_den"] == 1
    after = figures(ledger, as_of=date(2026, 3, 13))
    assert after["bad_rectified_on_time_rate_num"] == 1
    assert after["bad_rectified_on_time_rate_den"] == 3


def test_complaints_are_per_thousand_closed() -> None:
    ledger = Stored()
    for number in range(4):
        closed(ledger, f"C{number}")
    ledger.add("complaint.filed", subject="C0", channel="12345")
    ledger.add("complaint.filed", subject="call/1", channel="12345")
    ledger.add("complaint.filed", subject="call/2", channel="12345", test=True)
    row = figures(ledger)
    assert (row["complaints_per_1000_closed_num"], row["complaints_per_1000_closed_den"]) == (2, 4)
    assert row["complaints_per_1000_closed"] == 500


def test_calls_are_direct_or_dispatched_and_closed_by_reference() -> None:
    ledger = Stored()
    calls = [ledger.add("inquiry.logged", subject=f"call/{n}", kind="help") for n in range(4)]
    ledger.add("inquiry.closed", subject="call/0", ref=calls[0], handling="direct")
    ledger.add("inquiry.dispatched", subject="call/1", to={"department": "D"})
    ledger.add("inquiry.closed", subject="call/1", ref=calls[1], handling="dispatched")
    ledger.add("inquiry.dispatched", subject="call/2", to={"department": "D"})
    second = ledger.add("inquiry.logged", subject="call/3", kind="help")
    ledger.add("inquiry.closed", subject="call/3", ref=second, handling="direct")
    row = figures(ledger)
    assert (row["inquiries"], row["inquiries_direct"], row["inquiries_dispatched"]) == (5, 2, 2)
    assert (row["inquiries_closed_rate_num"], row["inquiries_closed_rate_den"]) == (3, 5)


def test_a_case_counts_in_the_period_of_its_closing() -> None:
    ledger = Stored()
    ledger.add("case.received", "2026-02-10T09:00:00+08:00")
    ledger.add("case.closed", "2026-03-10T09:00:00+08:00", result="issued")
    ledger.add("rating.submitted", "2026-04-10T09:00:00+08:00", level=5, channel="pc")
    assert figures(ledger, from_=date(2026, 3, 1), to=date(2026, 4, 1))["very_good"] == 1
    assert figures(ledger, from_=date(2026, 4, 1))["ratable"] == 0


def test_the_wilson_interval_stays_between_nothing_and_everything() -> None:
    assert wilson(0, 0) == (None, None)
    assert wilson(0, 10) == pytest.approx((0, 0.27753), abs=1e-5)
    assert wilson(10, 10) == pytest.approx((0.72247, 1), abs=1e-5)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
