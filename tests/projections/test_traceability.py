from datetime import date
from typing import Any

import pytest

from projections.read_model import ReadModel
from projections.statistics import statistics
from tests.projections.stored_events import Stored


def figures(ledger: Stored, **asked: Any) -> dict[str, Any]:
    """The one row of traceability without groups."""
    with ReadModel() as model:
        model.take(ledger.batch())
        (row,) = statistics(model, "traceability", **asked).rows
        return row


def at(hour: str, day: int = 2) -> str:
    return f"2026-03-{day:02}T{hour}+08:00"


def test_an_empty_ledger_gives_one_row_of_nothing() -> None:
    row = figures(Stored())
    assert (row["cases"], row["events"], row["variants"], row["handovers"]) == (0, 0, 0, 0)
    assert row["throughput_seconds_p50"] is None
    assert (row["complete_rate"], row["complete_rate_num"], row["complete_rate_den"]) == (
        None, 0, 0,
    )  # fmt: skip


def test_steps_handovers_and_rework_are_those_of_procedure_events_in_order() -> None:
    ledger = Stored()
    ledger.add("case.received", at("09:00:00"), actor={"id": "A"})
    ledger.add("step.completed", at("11:00:00"), step="review", actor={"id": "C"})
    # Recorded later, happened earlier.
    ledger.add("step.completed", at("10:00:00"), step="review", actor={"id": "B"})
    ledger.add("step.started", at("09:30:00"), step="review", actor={"id": "B"})
    ledger.add("rating.submitted", at("10:30:00"), level=5, channel="qr", actor={"id": "Z"})
    ledger.add("certificate.issued", at("11:30:00"), certificate_no="1")
    ledger.add("case.closed", at("12:00:00"), result="issued", actor={"id": "A"})
    ledger.add("case.received", at("09:00:00"), "C2")
    ledger.add("case.received", at("09:00:00"), "C3")
    row = figures(ledger)
    assert (row["cases"], row["events"]) == (3, 8)
    # A-B, B-C; the certificate has no actor, so neither of its neighbours hands over to it.
    assert row["handovers"] == 2
    assert row["variants"] == 2
    assert row["rework_cases"] == 1
    assert row["throughput_seconds_min"] == 0
    assert row["throughput_seconds_p50"] == 0
    assert row["throughput_seconds_mean"] == 3600
    assert row["throughput_seconds_max"] == 10800


def test_equal_times_keep_the_order_of_appending() -> None:
    ledger = Stored(source="/import/log")
    for step in ("b", "a", "c"):
        ledger.add("step.completed", step=step)
    with ReadModel() as model:
        model.take(ledger.batch())
        with model.reader() as cursor:
            found = cursor.execute("SELECT steps FROM traceability").fetchall()
    assert found == [(["b", "a", "c"],)]


def test_of_an_imported_log_every_event_is_one_step_under_its_own_name() -> None:
    ledger = Stored(source="/import/log")
    ledger.add("step.completed", subject="log:1", step="A", raw={"lifecycle:transition": "start"})
    ledger.add("step.started", subject="log:1", step="A")
    ledger.add("rating.submitted", subject="log:1", step="Rated", level=5, channel="qr")
    ledger.add("case.closed", subject="log:1", step="Closed", result="issued")
    row = figures(ledger)
    assert (row["events"], row["variants"], row["rework_cases"]) == (4, 1, 1)
    assert (row["late_recorded"], row["missing_received"]) == (0, 1)


def test_an_actor_that_is_not_known_is_equal_to_nobody() -> None:
    ledger = Stored()
    for actor in ({"id": "A"}, {}, {"id": "B"}, {"id": "B"}, {"id": "A"}):
        ledger.add("step.completed", step="s", actor=actor)
    assert figures(ledger)["handovers"] == 1


def test_what_is_missing_and_the_complete_rate() -> None:
    ledger = Stored()
    for case in ("whole", "unreceived", "unaccepted"):
        if case != "unreceived":
            ledger.add("case.received", subject=case)
        if case != "unaccepted":
            ledger.add("case.accepted", subject=case)
        ledger.add("case.closed", subject=case, result="issued")
    for number, type in enumerate(("decision.made", "certificate.issued", "result.delivered")):
        ledger.add("case.received", subject=f"open{number}")
        ledger.add("case.accepted", subject=f"open{number}")
        ledger.add(type, subject=f"open{number}", outcome="granted")
    ledger.add("case.received", subject="declined")
    ledger.add("case.closed", subject="declined", result="declined")
    row = figures(ledger)
    assert (row["missing_received"], row["missing_accepted"], row["missing_closed"]) == (1, 1, 3)
    assert (row["complete_rate_num"], row["complete_rate_den"]) == (2, 4)
    assert row["complete_rate"] == 0.5


@pytest.mark.parametrize(
    ("happened", "recorded", "late"),
    [
        # Friday 13 February 2026: the next working day is Saturday the 14th, then the 24th.
        ("2026-02-13T09:00:00+08:00", "2026-02-14T15:59:59.999999Z", 0),
        ("2026-02-13T09:00:00+08:00", "2026-02-14T16:00:00.000000Z", 1),
        ("2026-02-14T09:00:00+08:00", "2026-02-24T15:59:59.999999Z", 0),
        ("2026-02-14T09:00:00+08:00", "2026-02-24T16:00:00.000000Z", 1),
        ("2026-02-16T09:00:00+08:00", "2026-02-24T15:59:59.999999Z", 0),
        # 00:30 in Shanghai is the next date there, whatever the offset.
        ("2026-02-13T16:30:00+00:00", "2026-02-24T15:59:59.999999Z", 0),
    ],
)
def test_late_recorded_is_after_the_first_working_day_after_the_fact(
    happened: str, recorded: str, late: int
) -> None:
    ledger = Stored()
    ledger.add("case.received", happened, recordedat=recorded)
    row = figures(ledger)
    assert (row["late_recorded"], row["late_recorded_cases"]) == (late, late)


def test_future_dated_is_more_than_five_minutes_after_the_recording() -> None:
    ledger = Stored()
    ledger.add("case.received", at("09:05:00"), recordedat="2026-03-02T01:00:00.000000Z")
    ledger.add("case.accepted", at("09:05:00.000001"), recordedat="2026-03-02T01:00:00.000000Z")
    assert figures(ledger)["future_dated"] == 1


def test_lags_interpolate_linearly_over_procedure_events() -> None:
    ledger = Stored()
    for second in (0, 10, 20, 30):
        ledger.add("step.completed", at("09:00:00"), step="s",
                   recordedat=f"2026-03-02T01:00:{second:02}.000000Z")  # fmt: skip
    ledger.add("fee.charged", at("09:00:00"), amount=1, recordedat="2026-03-02T03:00:00.000000Z")
    row = figures(ledger)
    assert row["lag_seconds_p50"] == 15
    assert row["lag_seconds_p95"] == pytest.approx(28.5)


def test_corrections_of_the_record_and_of_materials_are_counted_apart() -> None:
    ledger = Stored()
    received = ledger.add("case.received", channel="web")
    first = ledger.add("record.corrected", ref=received, patch={"data": {"channel": "mobile"}})
    ledger.add("record.corrected", ref=received, patch={"data": {"channel": "web"}})
    ledger.add("record.retracted", ref=first, reason="x")
    ledger.add("correction.requested", items=[], reason="x")
    ledger.add("case.received", subject="C2")
    row = figures(ledger)
    assert (row["record_corrections"], row["corrected_cases"]) == (1, 1)
    assert row["supplement_rounds"] == 1


def test_a_corrected_event_counts_once_at_its_corrected_time() -> None:
    ledger = Stored()
    ledger.add("case.received", at("09:00:00"))
    closed = ledger.add("case.closed", at("12:00:00"), result="issued")
    ledger.add("record.corrected", at("13:00:00"), ref=closed, patch={"time": at("10:00:00")})
    row = figures(ledger)
    assert (row["events"], row["throughput_seconds_max"]) == (2, 3600)


def test_a_retracted_event_is_in_no_figure() -> None:
    ledger = Stored()
    ledger.add("case.received", at("09:00:00"))
    wrong = ledger.add("case.closed", at("12:00:00"), result="issued")
    ledger.add("record.retracted", at("13:00:00"), ref=wrong, reason="x")
    row = figures(ledger)
    assert (row["events"], row["complete_rate_den"]) == (1, 0)


def test_warnings_and_those_revoked() -> None:
    ledger = Stored()
    ledger.add("case.received")
    red = ledger.add("warning.raised", level="red", by="/ledger")
    ledger.add("warning.raised", level="yellow", by="/ledger")
    ledger.add("warning.revoked", ref=red, reason="x")
    ledger.add("warning.revoked", ref=red, reason="again")
    row = figures(ledger)
    assert (row["warnings"], row["warnings_revoked"], row["warnings_contested"]) == (2, 1, None)
    assert row["events"] == 1


def test_tests_and_trials_are_counted_apart() -> None:
    ledger = Stored()
    ledger.add("case.received", subject="real")
    ledger.add("case.received", subject="test", test=True)
    ledger.add("trial.opened", subject="trial")
    ledger.add("trial.opened", subject="converted")
    ledger.add("trial.converted", subject="converted", case="converted")
    ledger.add("trial.opened", subject="renumbered")
    ledger.add("trial.converted", subject="renumbered", case="real")
    row = figures(ledger)
    assert (row["cases"], row["test_cases"], row["trial_cases"]) == (2, 1, 2)


def test_a_period_chooses_by_the_first_procedure_event_in_shanghai() -> None:
    ledger = Stored()
    ledger.add("case.received", "2026-02-28T23:59:59+08:00", "C1")
    ledger.add("case.received", "2026-02-28T16:00:00+00:00", "C2")
    ledger.add("case.received", "2026-03-31T23:59:59.999999+08:00", "C3")
    ledger.add("case.received", "2026-03-31T16:00:00+00:00", "C4")
    assert figures(ledger, from_=date(2026, 3, 1), to=date(2026, 4, 1))["cases"] == 2
