from collections.abc import Iterator

import pytest

from projections.read_model import ReadModel
from projections.view import KEYS
from tests.projections.stored_events import Stored


@pytest.fixture
def model(stored: Stored) -> Iterator[ReadModel]:
    with ReadModel() as read_model:
        read_model.take(stored.batch())
        yield read_model


CHANGES = {
    "calendar": "working = NOT working",
    "trace": "actor_id = 'somebody'",
    "amendment": "channel = 'mail'",
    "amended_subject": "subject_key = 1",
    "case_dimension": "department = 'nowhere'",
    "traceability": "handovers = handovers + 1",
    "satisfaction": "level = 1",
    "spell": "result = 'refused'",
    "timeliness": "visits = visits + 1",
    "inquiry": "dispatched = NOT dispatched",
    "complaint": "channel = 'web'",
    "item_version": "nature = 'penalty'",
    "source_registration": "area = 'elsewhere'",
}


def change(model: ReadModel, table: str, statement: str) -> None:
    """Change the table by hand; in the statement it is called TABLE, its first row FIRST."""
    first = "rowid = (SELECT min(rowid) FROM TABLE)"
    with model.reader() as cursor:
        cursor.execute(statement.replace("FIRST", first).replace("TABLE", table))


def test_live_and_rebuilt_are_equal(model: ReadModel, stored: Stored) -> None:
    found = model.compare([stored.batch()])
    assert found["equal"]
    assert found["position"] == 10
    assert list(found["views"]) == list(KEYS)
    assert found["views"]["trace"] == {
        "equal": True, "rows": 10, "missing": 0, "extra": 0, "changed": 0, "examples": []
    }  # fmt: skip


def test_every_table_is_compared() -> None:
    assert set(CHANGES) == set(KEYS) - {"projected"}


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_row_changed_by_hand_is_found_and_named(
    model: ReadModel, stored: Stored, name: str
) -> None:
    key = KEYS[name]
    change(model, name, "UPDATE TABLE SET CHANGE WHERE FIRST".replace("CHANGE", CHANGES[name]))
    found = model.compare([stored.batch()])
    assert not found["equal"]
    assert [other for other, view in found["views"].items() if not view["equal"]] == [name]
    view = found["views"][name]
    assert (view["missing"], view["extra"], view["changed"]) == (0, 0, 1)
    example = view["examples"][0]
    assert set(example["key"]) == set(key)
    column = CHANGES[name].split(" ")[0]
    assert list(example["columns"]) == [column]
    values = example["columns"][column]
    assert values["live"] != values["rebuilt"]


def test_a_projected_position_changed_by_hand_is_found(model: ReadModel, stored: Stored) -> None:
    change(model, "projected", "UPDATE TABLE SET position = position - 1, recordedat = NULL")
    found = model.compare([stored.batch()])
    assert not found["equal"]
    assert found["views"]["trace"]["extra"] == 1


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_row_taken_away_is_missing_and_a_doubled_one_is_extra(
    model: ReadModel, stored: Stored, name: str
) -> None:
    if name != "amended_subject":
        change(model, name, "INSERT INTO TABLE FROM TABLE WHERE FIRST")
        assert model.compare([stored.batch()])["views"][name]["extra"] == 1
        change(model, name, "DELETE FROM TABLE WHERE rowid = (SELECT max(rowid) FROM TABLE)")
    change(model, name, "DELETE FROM TABLE WHERE FIRST")
    view = model.compare([stored.batch()])["views"][name]
    assert (view["missing"], view["extra"], view["changed"]) == (1, 0, 0)
    assert view["examples"][0]["only"] == "rebuilt"


def test_counts_are_exact_and_examples_few(model: ReadModel, stored: Stored) -> None:
    change(model, "trace", "UPDATE TABLE SET source = 'x'")
    view = model.compare([stored.batch()], examples=2)["views"]["trace"]
    assert view["changed"] == 10
    assert [example["key"]["position"] for example in view["examples"]] == [1, 2]


def test_a_ledger_that_is_shorter_leaves_extra_rows(model: ReadModel, stored: Stored) -> None:
    found = model.compare([stored.batch(until=8)])
    assert found["views"]["trace"]["extra"] == 2


def test_comparing_leaves_nothing_behind(model: ReadModel, stored: Stored) -> None:
    model.compare([stored.batch()])
    with model.reader() as cursor:
        names = cursor.execute("SELECT database_name FROM duckdb_databases()").fetchall()
    assert {name for (name,) in names} == {"memory", "read_model", "system", "temp"}
    assert model.take(stored.batch()) == 10
