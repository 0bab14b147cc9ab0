from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.errors import WrongUse
from projections.read_model import ReadModel
from projections.statistics import FAMILIES, statistics
from tests.projections.stored_events import Stored


@pytest.fixture
def ledger() -> Stored:
    """Three cases of two months; the second is corrected, late and into another channel."""
    stored = Stored()
    stored.add("item.published", "2026-01-01T09:00:00+08:00", "I1", code="I1", nature="licence")
    stored.add(
        "item.published", "2026-03-01T09:00:00+08:00", "I1", code="I1", nature="confirmation"
    )
    stored.add(
        "source.registered", "2026-01-01T09:00:00+08:00", "source/a", source="/440306/a",
        area="440300",
    )  # fmt: skip
    stored.add(
        "case.received", "2026-02-10T09:00:00+08:00", "C1", by="/440306/a", channel="web",
        item={"code": "I1"}, applicant={"kind": "person"}, kind="promised", hall="H",
        actor={"id": "A", "department": "D1"},
    )  # fmt: skip
    second = stored.add(
        "case.received", "2026-03-10T09:00:00+08:00", "C2", by="/440307/b", channel="web",
        item={"code": "I1"}, actor={"id": "B", "department": "D1"},
    )  # fmt: skip
    stored.add(
        "case.handed_off", "2026-03-11T09:00:00+08:00", "C2", by="/440307/b",
        to={"department": "D2", "officer": "X"},
    )  # fmt: skip
    stored.add(
        "case.received", "2026-03-12T09:00:00+08:00", "C3", by="/440307/b", channel="mobile",
        item={"code": "I1", "version": 1},
    )  # fmt: skip
    stored.add(
        "record.corrected", "2026-04-01T09:00:00+08:00", "C2", by="/440307/b", ref=second,
        patch={"time": "2026-02-20T09:00:00+08:00", "data": {"channel": "kiosk"}},
    )  # fmt: skip
    return stored


@pytest.fixture
def model(ledger: Stored) -> Iterator[ReadModel]:
    with ReadModel() as read_model:
        read_model.take(ledger.batch())
        yield read_model


def counted(model: ReadModel, *group_by: str, **asked: Any) -> dict[tuple[Any, ...], int]:
    found = statistics(model, "traceability", group_by=group_by, **asked).rows
    return {tuple(row[group] for group in group_by): row["cases"] for row in found}


def test_figures_are_grouped_by_any_key(model: ReadModel) -> None:
    assert counted(model, "item") == {("I1",): 3}
    # C1 and C2 fall under the version of January, C3 names it: the one of March holds for none.
    assert counted(model, "nature") == {("licence",): 3}
    assert counted(model, "kind") == {("promised",): 1, (None,): 2}
    assert counted(model, "department") == {("D1",): 1, ("D2",): 1, (None,): 1}
    assert counted(model, "hall", "zone") == {("H", None): 1, (None, None): 2}
    assert counted(model, "channel") == {("web",): 1, ("kiosk",): 1, ("mobile",): 1}
    assert counted(model, "source") == {("/440306/a",): 1, ("/440307/b",): 2}
    assert counted(model, "applicant_kind") == {("person",): 1, (None,): 2}
    assert counted(model, "area") == {("440300",): 1, ("440307",): 2}
    assert counted(model, "month") == {("2026-02",): 2, ("2026-03",): 1}
    assert counted(model, "quarter", "area") == {("2026-Q1", "440300"): 1, ("2026-Q1", "440307"): 2}


def test_an_item_version_holds_from_its_first_day(model: ReadModel) -> None:
    before = counted(model, "nature", "month", position=7)
    assert before == {
        ("licence", "2026-02"): 1,
        ("confirmation", "2026-03"): 1,
        ("licence", "2026-03"): 1,
    }


def test_a_position_shows_what_was_recorded_by_then(model: ReadModel) -> None:
    assert counted(model, "channel", position=7) == {("web",): 2, ("mobile",): 1}
    assert counted(model, "channel", position=6) == {("web",): 2}
    found = statistics(model, "traceability", position=6)
    assert found.position == 6
    assert found.at == datetime(2026, 3, 11, 1, 0, 1, tzinfo=UTC)


def test_a_record_time_shows_what_was_known_by_then(model: ReadModel) -> None:
    correction_known = datetime(2026, 4, 1, 1, 0, 1, tzinfo=UTC)
    assert counted(model, "month", known_at=date(2026, 3, 31)) == {
        ("2026-02",): 1, ("2026-03",): 2,
    }  # fmt: skip
    assert counted(model, "month", known_at=correction_known) == counted(model, "month")
    found = statistics(model, "traceability", known_at=date(2026, 3, 31))
    assert found.as_json()["at"] == "2026-03-31T23:59:59.999999+08:00"


def test_a_fact_time_hides_later_facts_and_no_corrections(model: ReadModel) -> None:
    # Corrected to 20 February by a correction of April, so it had happened by 1 March.
    assert counted(model, "channel", as_of=date(2026, 2, 28)) == {("web",): 1, ("kiosk",): 1}
    assert counted(model, "channel", as_of=date(2026, 2, 28), known_at=date(2026, 3, 31)) == {
        ("web",): 1
    }
    (row,) = statistics(model, "traceability", as_of=date(2026, 2, 20)).rows
    assert (row["cases"], row["events"], row["record_corrections"]) == (2, 2, 1)


def test_bounds_are_inclusive(model: ReadModel) -> None:
    exact = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
    assert sum(counted(model, as_of=exact).values()) == 3
    recorded = datetime(2026, 3, 12, 1, 0, 1, tzinfo=UTC)
    assert sum(counted(model, known_at=recorded).values()) == 3
    assert sum(counted(model, from_=exact, known_at=recorded).values()) == 1
    assert sum(counted(model, to=exact, known_at=recorded).values()) == 2


def test_as_of_hides_an_effective_event_without_raising_another() -> None:
    stored = Stored()
    stored.add("case.received", "2026-03-01T09:00:00+08:00")
    stored.add("case.closed", "2026-03-10T09:00:00+08:00", result="issued")
    # A second closing, back-dated: it never takes effect.
    stored.add("case.closed", "2026-03-05T09:00:00+08:00", result="refused")
    with ReadModel() as model:
        model.take(stored.batch())
        (row,) = statistics(model, "satisfaction", as_of=date(2026, 3, 7)).rows
        assert row["ratable"] == 0
        (row,) = statistics(model, "satisfaction").rows
        assert row["ratable"] == 1


def test_the_present_is_judged_at_the_clock_handed_in(model: ReadModel) -> None:
    clock = datetime(2026, 5, 1, tzinfo=UTC)
    assert statistics(model, "traceability", at=clock).at == clock
    assert statistics(model, "traceability").at == datetime(2026, 4, 1, 1, 0, 1, tzinfo=UTC)
    past = datetime(2026, 2, 1, tzinfo=UTC)
    assert statistics(model, "traceability", at=clock, as_of=past, position=5).at == past


def test_a_cohort_is_chosen_by_acceptance(model: ReadModel, ledger: Stored) -> None:
    ledger.add("case.accepted", "2026-03-15T09:00:00+08:00", "C1")
    ledger.add("case.closed", "2026-05-15T09:00:00+08:00", "C1", result="issued")
    model.take(ledger.batch())
    march = {"from_": date(2026, 3, 1), "to": date(2026, 4, 1), "basis": "cohort"}
    assert counted(model, "month", **march) == {("2026-03",): 1}
    (row,) = statistics(model, "timeliness", **march).rows  # type: ignore[arg-type]
    assert (row["received"], row["closed"], row["open_start"], row["open_end"]) == (1, 1, 0, 0)


def test_every_rate_has_its_parts(model: ReadModel) -> None:
    for view in FAMILIES:
        (row,) = statistics(model, view).rows
        for name in [name for name in row if name.endswith("_num")]:
            rate = name.removesuffix("_num")
            assert {rate, f"{rate}_den"} <= set(row)


def test_the_answer_carries_what_it_rests_on(model: ReadModel) -> None:
    found = statistics(model, "satisfaction", group_by=("month",)).as_json()
    assert list(found) == ["view", "position", "at", "definition", "group_by", "rows"]
    assert (found["view"], found["position"], found["group_by"]) == ("satisfaction", 8, ["month"])
    assert found["definition"]["id"] == "satisfaction"
    assert found["rows"] == []
    other = statistics(model, "traceability").definition
    assert other["version"] != found["definition"]["version"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"view": "speed"}, "view"),
        ({"group_by": ("colour",)}, "group_by"),
        ({"group_by": ("item", "item")}, "group_by"),
        ({"basis": "guess"}, "basis"),
        ({"position": -1}, "position"),
        ({"as_of": datetime(2026, 1, 1)}, "as_of"),  # noqa: DTZ001 # the fault that is tested
    ],
)
def test_what_makes_no_sense_is_named(model: ReadModel, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongUse) as refused:
        statistics(model, asked.pop("view", "traceability"), **asked)
    assert refused.value.field == field


def test_looking_back_leaves_nothing_behind(model: ReadModel) -> None:
    counted(model, position=3)
    with model.reader() as cursor:
        names = cursor.execute("SELECT database_name FROM duckdb_databases()").fetchall()
    assert {name for (name,) in names} == {"memory", "read_model", "system", "temp"}
