"""A real log, against figures that an independent process-mining tool computed from it."""

import json
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from domain.reading import read_event


@pytest.fixture(scope="module")
def figures(logs_folder):
    return json.loads((logs_folder / "receipt.figures.json").read_text())


@pytest.fixture
def receipt(logs_folder, read):
    return read(logs_folder / "receipt.xes.gz")


@pytest.fixture
def cases(receipt):
    cases: dict[str, list[Any]] = {}
    for event in receipt[0]:
        cases.setdefault(event["subject"], []).append(event)
    return cases


def test_every_event_of_the_log_is_taken(receipt, cases, figures):
    events, faults = receipt
    assert faults == []
    assert len(events) == len({event["id"] for event in events}) == figures["events"] == 8577
    assert len(cases) == figures["cases"] == 1434
    assert events[0]["subject"] == "receipt:case-10011"
    assert {event["source"] for event in events} == {"/import/receipt"}


def test_every_event_of_the_log_is_one_that_the_ledger_reads(receipt):
    for event in receipt[0]:
        assert read_event(event).type.name == "step.completed"


def test_activities_and_resources_are_those_of_the_log(receipt, figures):
    events, _ = receipt
    assert Counter(e["data"]["step"] for e in events) == figures["activity_counts"]
    assert len({e["data"]["actor"]["id"] for e in events}) == figures["resources"]


def test_variants_and_ends_follow_the_order_of_the_file(cases, figures):
    variants = Counter(tuple(e["data"]["step"] for e in events) for events in cases.values())
    expected = figures["file_order"]
    assert len(variants) == expected["variants"]["count"] == 116
    for top in expected["variants"]["top10"]:
        assert variants[tuple(top["activities"])] == top["count"]
    ends = Counter(events[-1]["data"]["step"] for events in cases.values())
    assert ends == expected["end_activities"]


def test_handovers_and_rework_are_those_of_the_independent_tool(cases, figures):
    handovers = sum(
        one["data"]["actor"]["id"] != next_one["data"]["actor"]["id"]
        for events in cases.values()
        for one, next_one in pairwise(events)
    )
    rework = sum(
        max(Counter(e["data"]["step"] for e in events).values()) > 1 for events in cases.values()
    )
    assert handovers == 1208
    assert rework == figures["rework"]["cases_with_any_rework"] == 91


def test_throughput_is_that_of_the_independent_tool(cases, figures):
    seconds = []
    for events in cases.values():
        times = [datetime.fromisoformat(event["time"]) for event in events]
        seconds.append((max(times) - min(times)).total_seconds())
    expected = figures["throughput_seconds"]
    assert (min(seconds), max(seconds)) == (expected["min"], expected["max"])
    assert sum(seconds) == pytest.approx(expected["sum"], rel=1e-12)


def test_a_second_reading_gives_the_same_events(receipt, read, logs_folder):
    assert read(logs_folder / "receipt.xes.gz")[0] == receipt[0]
