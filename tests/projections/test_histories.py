"""Whatever the history and however it arrives: live rows are the rows that a rebuild gives."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.read_model import ReadModel
from projections.statistics import statistics
from tests.projections.stored_events import Stored

pytestmark = pytest.mark.slow

# Each example opens databases and rebuilds them: a third of what the profile asks for.
fewer = settings(max_examples=settings().max_examples // 3)

CASES = ("C1", "C2", "C3")
TIMES = st.integers(1, 28).map(lambda day: f"2026-02-{day:02}T09:00:00+08:00")

FACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "case.received": {
        "channel": st.sampled_from(["web", "window"]),
        "item": st.fixed_dictionaries({"code": st.sampled_from(["I1", "I2"])}),
        "test": st.sampled_from([None, None, True]),
    },
    "case.accepted": {},
    "case.handed_off": {"to": st.fixed_dictionaries({"department": st.sampled_from("XY")})},
    "step.completed": {"step": st.sampled_from(["review", "approve"])},
    "correction.requested": {"round": st.sampled_from([None, 1, 2])},
    "decision.made": {"outcome": st.just("granted")},
    "case.closed": {"result": st.sampled_from(["issued", "voided", "returned"])},
    "case.reopened": {},
    "case.withdrawn": {},
    "trial.opened": {},
    "rating.submitted": {
        "level": st.integers(1, 5),
        "channel": st.sampled_from(["qr", "default"]),
    },
    "warning.raised": {"level": st.just("red")},
    "complaint.filed": {"channel": st.just("web")},
}
ELSEWHERE = {
    "ticket.served": "ticket",
    "inquiry.logged": "call",
    "inquiry.dispatched": "call",
    "complaint.filed": "call",
    "source.registered": "source",
}
ANSWERS = ("record.corrected", "record.retracted", "rating.rectified", "inquiry.closed",
           "warning.revoked")  # fmt: skip


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """One event that answers none, of a case or of something that names a case."""
    time = draw(TIMES)
    if draw(st.integers(0, 4)) == 0:
        type, prefix = draw(st.sampled_from(sorted(ELSEWHERE.items())))
        named = draw(st.sampled_from([*CASES, None]))
        data: dict[str, Any] = {"case": named, "hall": "H", "kind": "consult", "area": "440306"}
        data |= {"source": "/440306/scjg"} if prefix == "source" else {}
        subject = f"{prefix}/{draw(st.integers(1, 2))}"
        return {"type": type, "time": time, "subject": subject, "data": data}
    type = draw(st.sampled_from(sorted(FACTS)))
    data = {name: draw(values) for name, values in FACTS[type].items()}
    data["actor"] = {"id": draw(st.sampled_from("ABC")), "department": "D"}
    subject = draw(st.sampled_from(CASES))
    return {"type": type, "time": time, "subject": subject, "data": data}


@st.composite
def patches(draw: st.DrawFn) -> dict[str, Any]:
    """What a correction changes, of the event or of another correction."""
    data = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "channel": st.sampled_from(["web", "window", None]),
                "case": st.sampled_from([*CASES, None]),
                "step": st.just("survey"),
                "result": st.just("refused"),
                "test": st.sampled_from([True, None]),
                "patch": st.fixed_dictionaries({"data": st.just({"step": "approve"})}),
            },
        )
    )
    patch: dict[str, Any] = {"data": data}
    if draw(st.booleans()):
        patch["time"] = draw(TIMES | st.just("never"))
    return patch


@st.composite
def histories(draw: st.DrawFn) -> Stored:
    """Facts in any order of arrival, with answers before and after what they answer."""
    drafts = draw(st.lists(facts(), min_size=1, max_size=16))
    drafts = [{**draft, "id": f"f{number}"} for number, draft in enumerate(drafts)]
    for number in range(draw(st.integers(0, 8))):
        target = draw(st.sampled_from(drafts))
        type = draw(st.sampled_from(ANSWERS))
        data: dict[str, Any] = {"ref": {"source": "/440306/scjg", "id": target["id"]}}
        if type == "record.corrected":
            data["patch"] = draw(patches())
        elif type == "rating.rectified":
            data["outcome"] = draw(st.sampled_from(["fixed", "voided"]))
        elif type == "inquiry.closed":
            data["handling"] = draw(st.sampled_from(["direct", "dispatched"]))
        drafts.append(
            {
                "type": type,
                "time": draw(TIMES),
                "subject": target["subject"],
                "data": data,
                "id": f"a{number}",
            }
        )
    ledger = Stored()
    for draft in draw(st.permutations(drafts)):
        ledger.add(
            draft["type"],
            draft["time"],
            draft["subject"],
            id=draft["id"],
            recordedat=f"2026-03-01T00:00:{len(ledger.events):02}.000000Z",
            **draft["data"],
        )
    return ledger


@fewer
@given(histories(), st.data())
def test_any_split_and_any_redelivery_gives_the_rows_of_a_rebuild(
    ledger: Stored, data: st.DataObject
) -> None:
    with ReadModel() as model:
        taken = 0
        while taken < len(ledger.events):
            start = data.draw(st.integers(0, taken), label="redelivered from")
            taken = data.draw(st.integers(taken + 1, len(ledger.events)), label="up to")
            parts = [ledger.batch(start, taken), ledger.batch(start, (start + taken) // 2)]
            assert model.take(pa.concat_tables(parts)) == taken
        found = model.compare([ledger.batch()])
        assert found["equal"], found


@fewer
@given(histories(), st.data())
def test_a_position_in_the_past_gives_the_figures_of_that_time(
    ledger: Stored, data: st.DataObject
) -> None:
    """And what opened and ended adds up in every group, whatever the history."""
    until = data.draw(st.integers(1, len(ledger.events)))
    with ReadModel() as now, ReadModel() as then:
        now.take(ledger.batch())
        then.take(ledger.batch(until=until))
        for view in ("traceability", "satisfaction", "timeliness"):
            past = statistics(now, view, position=until, group_by=("department", "month"))
            assert past == statistics(then, view, group_by=("department", "month"))
        for row in past.rows:
            opened = row["open_start"] + row["received"] + row["reopened"]
            assert opened == row["closed"] + row["open_end"], row


@fewer
@given(st.lists(facts(), min_size=1, max_size=12), st.data())
def test_figures_of_facts_at_different_times_do_not_depend_on_the_order_of_arrival(
    drafts: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Without corrections, repeated milestones and equal times, which the order decides about."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for number, draft in enumerate(drafts):
        key = (draft["subject"], draft["type"])
        if key not in seen and draft["type"] not in ("case.reopened", "inquiry.dispatched"):
            seen.add(key)
            kept.append({**draft, "time": f"2026-02-02T09:{number:02}:00+08:00"})
    answers = []
    for order in (kept, data.draw(st.permutations(kept))):
        ledger = Stored()
        for draft in order:
            ledger.add(
                draft["type"], draft["time"], draft["subject"], **draft["data"],
                recordedat="2026-03-01T00:00:00.000000Z",
            )  # fmt: skip
        with ReadModel() as model:
            model.take(ledger.batch())
            answers.append(
                [
                    statistics(model, view, group_by=("channel",)).rows
                    for view in ("traceability", "satisfaction", "timeliness")
                ]
            )
    assert answers[0] == answers[1]
