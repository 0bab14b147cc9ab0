"""What a simulated year looks like: every event can be read, and the shares are as calibrated."""

from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import Any

import orjson
import pytest

from domain.calendar import WorkingCalendar
from domain.reading import read_event
from domain.registry import EVENT_TYPES
from replay.simulation import Simulation

CASES = 5_000
CALENDAR = WorkingCalendar()
NOT_SIMULATED = {
    # what people do about findings and persons, and what the ledger writes itself
    "warning.raised", "warning.answered", "warning.appealed", "warning.revoked",
    "responsibility.assigned", "finding.recorded", "finding.explained", "finding.closed",
    "task.opened", "task.closed", "access.logged", "contact.logged", "person.erased",
    "person.restricted", "hold.placed", "hold.lifted", "trial.opened", "trial.concluded",
    "trial.converted", "authority.ended", "intermediary.sanctioned", "decision.revoked",
}  # fmt: skip
RARE = {"remedy.filed", "remedy.decided", "case.reopened", "record.retracted", "case.voided"}
NOBODY_ACTS = {"rating.submitted", "complaint.filed", "share.called", "licence.used"}


@pytest.fixture(scope="module")
def delivered():
    """The events in order of delivery, a repeated one as often as it came."""
    return [orjson.loads(line) for line in Simulation(CASES, 7).lines()]


@pytest.fixture(scope="module")
def events(delivered):
    """Each event once."""
    return list({(e["source"], e["id"]): e for e in delivered}.values())


def moment(event) -> datetime:
    return datetime.fromisoformat(event["time"])


def day(event) -> date:
    return moment(event).date()


def test_every_event_is_read_without_a_warning(delivered):
    for event in delivered:
        assert read_event(event, simulated=True).warnings == ()


def test_lines_stand_in_order_of_delivery_in_utc_with_six_digits(delivered):
    stamps = [event["deliveredat"] for event in delivered]
    assert stamps == sorted(stamps)
    assert {len(stamp) for stamp in stamps} == {27}
    assert {stamp[-1] for stamp in stamps} == {"Z"}


def test_nothing_is_delivered_before_it_happened(delivered):
    assert all(datetime.fromisoformat(event["deliveredat"]) >= moment(event) for event in delivered)


def test_half_to_one_percent_come_twice_unchanged_but_for_the_delivery(delivered):
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    again = 0
    for event in delivered:
        content = {**event, "deliveredat": ""}
        again += (event["source"], event["id"]) in seen
        assert seen.setdefault((event["source"], event["id"]), content) == content
    assert 0.005 <= again / len(delivered) <= 0.01


def test_one_to_two_percent_come_after_a_later_one_of_their_subject(events):
    latest: dict[str, str] = {}
    behind = 0
    for event in sorted(events, key=lambda event: event["deliveredat"]):
        behind += event["time"] < latest.get(event["subject"], "")
        latest[event["subject"]] = max(event["time"], latest.get(event["subject"], ""))
    assert 0.01 <= behind / len(events) <= 0.02


def test_backflow_sources_lag_and_landed_ones_do_not(events):
    integration = {
        e["data"]["source"]: e["data"]["integration"]
        for e in events
        if e["type"] == "source.registered"
    }
    assert {event["source"] for event in events} <= integration.keys()
    lags = defaultdict(list)
    for event in events:
        lag = datetime.fromisoformat(event["deliveredat"]) - moment(event)
        lags[integration[event["source"]]].append(lag.total_seconds())
    assert median(lags["landed"]) < 10
    assert median(lags["backflow"]) > 200
    assert max(lags["backflow"]) > 10 * 86_400


def test_an_outage_is_declared_and_its_events_come_after_it(events):
    outages = [event["data"] for event in events if event["type"] == "source.outage"]
    assert outages
    for outage in outages:
        begin, end = (datetime.fromisoformat(outage[key]) for key in ("from", "to"))
        during = [e for e in events if e["source"] == outage["source"] and begin <= moment(e) < end]
        assert during
        assert all(datetime.fromisoformat(e["deliveredat"]) >= end for e in during)


def test_what_is_published_comes_before_the_first_case(delivered):
    names = [event["type"] for event in delivered]
    first = names.index("case.received")
    before = Counter(names[:first])
    items = {e["subject"] for e in delivered[:first] if e["type"] == "item.published"}
    assert len(items) == 756
    assert before["hall.published"] >= 7
    assert before["source.registered"] >= 21
    assert before["duty.recorded"] > 0
    assert before["authority.granted"] > 0


def test_every_type_that_people_cause_in_a_year_occurs(events):
    found = {event["type"] for event in events}
    assert EVENT_TYPES.keys() - NOT_SIMULATED - RARE <= found
    assert not found & NOT_SIMULATED


def test_windows_receive_on_open_days_only(events):
    for event in events:
        data = event["data"]
        if data.get("channel") != "window" and not event["type"].startswith(("ticket.", "window.")):
            continue
        when = moment(event)
        hall = data.get("hall")
        assert CALENDAR.is_working(when.date()) or (when.weekday() == 5 and hall == "440306-H00"), (
            event
        )
        assert 8 <= when.hour < 22, event


def test_officers_work_in_office_hours_on_working_days(events):
    for event in events:
        actor = event["data"].get("actor")
        if event["type"] == "step.completed" and actor["role"] in ("operator", "reviewer"):
            assert CALENDAR.is_working(day(event)), event
            assert "08:30" <= event["time"][11:16] <= "17:35", event


def test_nobody_sits_at_two_windows_on_one_day(events):
    seats = defaultdict(set)
    for event in events:
        if event["type"] == "window.opened":
            data = event["data"]
            seats[data["officer"], day(event)].add((data["hall"], data["window"]))
    assert seats
    assert {len(places) for places in seats.values()} == {1}


def test_tickets_are_called_after_they_are_drawn_and_one_at_a_time(events):
    tickets: dict[str, dict[str, Any]] = defaultdict(dict)
    for event in events:
        if event["subject"].startswith("ticket/"):
            tickets[event["subject"]][event["type"][7:]] = event
    busy = defaultdict(list)
    for found in tickets.values():
        assert moment(found["issued"]) <= moment(found["called"])
        end = found.get("served") or found["abandoned"]
        data = found["called"]["data"]
        busy[data["hall"], data["window"]].append((moment(found["called"]), moment(end)))
    for spans in busy.values():
        spans.sort()
        assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def test_whoever_acts_is_known_by_id_and_absent_officers_do_not_act(events):
    leaves: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event["type"] == "duty.recorded" and event["data"]["kind"] == "leave":
            data = event["data"]
            first, last = (date.fromisoformat(data[key]).toordinal() for key in ("from", "to"))
            leaves[data["officer"]] |= set(range(first, last + 1))
    acts = [event for event in events if "actor" in event["data"]]
    assert all(set(e["data"]["actor"]) >= {"id", "role", "rank", "department"} for e in acts)
    absent = sum(day(e).toordinal() in leaves[e["data"]["actor"]["id"]] for e in acts)
    assert absent / len(acts) < 0.005  # the few who come in where all of a pool are away
    assert any("delegated_by" in event["data"]["actor"] for event in acts)


def test_ratings_and_other_acts_of_applicants_have_no_actor(events):
    assert all("actor" not in e["data"] for e in events if e["type"] in NOBODY_ACTS)


def test_numbers_of_persons_are_none_that_anybody_has(events):
    for event in events:
        applicant = event["data"].get("applicant")
        if applicant is None:
            continue
        if applicant["kind"] == "person":
            assert applicant["id_no"][:6] == "999306"
        else:
            assert applicant["id_no"][2:8] == "990306"
        assert applicant["phone"][:3] == "100"


def test_nothing_personal_stands_in_ids_and_subjects(events):
    names = {e["data"]["applicant"]["name"] for e in events if "applicant" in e["data"]}
    names |= {e["data"]["applicant"]["id_no"] for e in events if "applicant" in e["data"]}
    texts = {part for e in events for part in (e["id"], e["subject"])}
    assert all(text.isascii() for text in texts)
    assert not names & texts


def test_references_name_events_that_exist(events):
    known = {(event["source"], event["id"]): event for event in events}
    for event in events:
        ref = event["data"].get("ref")
        if ref is not None:
            target = known[ref["source"], ref["id"]]
            assert target["subject"] == event["subject"]
            assert target["time"] <= event["time"]


def test_items_come_in_new_versions_and_some_become_immediate(events):
    items = defaultdict(list)
    for event in sorted(events, key=lambda event: event["time"]):
        if event["type"] == "item.published":
            items[event["subject"]].append(event["data"])
    changed = [versions for versions in items.values() if len(versions) > 1]
    assert len(changed) == 63
    kinds = [(old["kind"], new["kind"]) for old, new in changed]
    assert kinds.count(("promised", "immediate")) == 18
    for event in events:
        if event["type"] == "case.received":
            item = event["data"]["item"]
            version = items[item["code"]][item["version"] - 1]
            assert version["effective_from"] <= event["time"][:10]
            assert version["kind"] == event["data"]["kind"]


def test_a_year_of_many_cases_holds_8_to_12_events_for_each():
    assert 8 <= sum(1 for _ in Simulation(4 * CASES, 7).lines()) / (4 * CASES) <= 12
