"""The cases of a simulated year: their numbers, their course, and shares as calibrated."""

from collections import Counter, defaultdict
from datetime import date, datetime
from statistics import median
from typing import Any

import orjson
import pytest

from domain.calendar import WorkingCalendar
from replay.simulation import Simulation

CASES = 5_000
CALENDAR = WorkingCalendar()


@pytest.fixture(scope="module")
def cases():
    """The events of each case by type, in order of their times, each event once."""
    events = {}
    for line in Simulation(CASES, 7).lines():
        event = orjson.loads(line)
        events[event["source"], event["id"]] = event
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for event in sorted(events.values(), key=lambda event: event["time"]):
        if event["subject"].startswith("440306-"):
            found[event["subject"]][event["type"]].append(event)
    return found


def moment(event) -> datetime:
    return datetime.fromisoformat(event["time"])


def day(event) -> date:
    return moment(event).date()


def promised(cases) -> list[Any]:
    return [c for c in cases.values() if c["case.received"][0]["data"]["kind"] == "promised"]


def test_cases_hold_8_to_12_events(cases):
    in_cases = sum(len(found) for case in cases.values() for found in case.values())
    assert len(cases) == CASES
    assert 8 <= in_cases / CASES <= 12


def test_case_numbers_are_gapless_on_each_day(cases):
    days = defaultdict(list)
    for number in cases:
        days[number[7:15]].append(int(number[-6:]))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in days.values())
    received = {n: c["case.received"][0]["time"][:10].replace("-", "") for n, c in cases.items()}
    assert all(number[7:15] == when for number, when in received.items())


def test_kinds_channels_and_items_are_spread_as_calibrated(cases):
    received = [case["case.received"][0]["data"] for case in cases.values()]
    kinds = Counter(data["kind"] for data in received)
    assert 0.52 <= kinds["immediate"] / CASES <= 0.58
    assert 0.40 <= kinds["promised"] / CASES <= 0.46
    assert 0.01 <= (kinds["joint"] + kinds["referred_up"]) / CASES <= 0.03
    channels = Counter(data["channel"] for data in received)
    assert 0.3 <= channels["window"] / CASES <= 0.4
    assert 0.5 <= (channels["web"] + channels["mobile"]) / CASES <= 0.65
    items = Counter(data["item"]["code"] for data in received)
    assert items.most_common(1)[0][1] / CASES > 0.1
    assert len(items) > 400
    applicants = Counter(data["applicant"]["id_no"] for data in received)
    assert max(applicants.values()) > 2


def test_the_first_event_of_a_case_is_its_receipt_and_the_order_makes_sense(cases):
    for case in cases.values():
        events = [event for found in case.values() for event in found]
        [received] = case["case.received"]
        assert moment(received) == min(moment(event) for event in events)
        reopened = bool(case["case.reopened"])
        for earlier, later in (
            ("case.accepted", "decision.made"),
            ("decision.made", "case.closed"),
            ("case.accepted", "case.closed"),
            ("clock.suspended", "clock.resumed"),
            ("case.closed", "rating.submitted"),
            ("deadline.extension_requested", "deadline.extended"),
        ):
            if case[earlier] and case[later] and not reopened:
                assert moment(case[earlier][0]) <= moment(case[later][0]), (earlier, later)
        assert len(case["case.closed"]) <= 1 + reopened


def test_corrections_of_materials_are_as_calibrated(cases):
    rounds = [len(c["correction.requested"]) for c in cases.values() if c["correction.requested"]]
    assert 0.08 <= len(rounds) / CASES <= 0.15
    assert 0.72 <= rounds.count(1) / len(rounds) <= 0.88


def test_special_procedures_and_withdrawals_are_as_calibrated(cases):
    slow = promised(cases)
    assert 0.03 <= sum(bool(c["clock.suspended"]) for c in slow) / len(slow) <= 0.06
    ended = [c["case.closed"][0]["data"]["result"] for c in cases.values() if c["case.closed"]]
    away = ended.count("withdrawn") + ended.count("returned")
    assert 0.03 <= away / CASES <= 0.05
    assert 0.01 <= sum(bool(c["case.declined"]) for c in cases.values()) / CASES <= 0.02


def workdays(case) -> int:
    """Working days from acceptance to closing, less the suspended ones."""
    used = CALENDAR.between(day(case["case.accepted"][0]), day(case["case.closed"][0]))
    if case["clock.suspended"]:
        begin, end = case["clock.suspended"][0], case["clock.resumed"][0]
        used -= CALENDAR.between(day(begin), day(end))
    return used


def test_durations_keep_to_the_promise_but_for_one_to_three_percent(cases):
    ratios = []
    for case in cases.values():
        if case["case.accepted"] and case["case.closed"] and not case["deadline.extended"]:
            limits = case["case.accepted"][0]["data"]["limits"]
            if "promised_unit" not in limits:
                kind = case["case.received"][0]["data"]["kind"]
                ratios.append((kind, workdays(case) / limits["promised"]))
    assert 0.01 <= sum(ratio > 1 for _, ratio in ratios) / len(ratios) <= 0.03
    slow = [ratio for kind, ratio in ratios if kind == "promised"]
    assert 0.3 <= median(slow) <= 0.45
    # a bump in the last tenth of the promise
    assert sum(0.9 < r <= 1 for r in slow) > sum(0.8 < r <= 0.9 for r in slow)


def test_ratings_are_as_calibrated(cases):
    closed = [case for case in cases.values() if case["case.closed"]]
    rated = [case["rating.submitted"][0]["data"] for case in closed if case["rating.submitted"]]
    assert 0.60 <= len(rated) / len(closed) <= 0.68
    active = [data["level"] for data in rated if data["channel"] != "default"]
    assert 0 < len(rated) - len(active) < 0.1 * len(rated)
    assert sum(level >= 3 for level in active) / len(active) > 0.99


def test_online_applications_come_at_any_hour_and_on_holidays(cases):
    online = [
        moment(case["case.received"][0])
        for case in cases.values()
        if case["case.received"][0]["data"]["channel"] in ("web", "mobile")
    ]
    assert {when.hour for when in online} >= set(range(7, 24))
    assert any(not CALENDAR.is_working(when.date()) for when in online)


def test_mondays_and_mornings_are_busiest(cases):
    received = [moment(case["case.received"][0]) for case in cases.values()]
    weekdays = Counter(when.weekday() for when in received)
    assert weekdays.most_common(1)[0][0] == 0
    assert Counter(when.hour for when in received).most_common(1)[0][0] in (9, 10)
    busiest = Counter(when.date() for when in received).most_common(1)[0][1]
    assert 2 <= busiest / (CASES / 365) <= 4


def test_a_handful_of_test_cases_say_so_in_every_event(cases):
    tests = [case for case in cases.values() if case["case.received"][0]["data"].get("test")]
    assert 3 <= len(tests) <= 8
    assert all(e["data"]["test"] for case in tests for found in case.values() for e in found)
