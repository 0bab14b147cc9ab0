from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from domain.errors import ProjectionError
from projections.read_model import ReadModel
from projections.statistics import statistics
from projections.view import KEYS
from tests.projections.stored_events import Stored, table, to_bytes


@pytest.fixture
def model() -> Iterator[ReadModel]:
    with ReadModel() as read_model:
        yield read_model


def rows(model: ReadModel, query: str) -> list[tuple[Any, ...]]:
    with model.reader() as cursor:
        return cursor.execute(query).fetchall()


def test_a_batch_lands_in_the_trace_and_in_every_view(model: ReadModel, stored: Stored) -> None:
    assert model.take(stored.batch()) == len(stored.events) == model.projected
    for name in KEYS:
        count = f"SELECT count(*) FROM {name}"  # a name of the closed list
        assert rows(model, count)[0][0] > 0, name


def test_an_event_is_flattened_as_sent(model: ReadModel) -> None:
    ledger = Stored()
    ledger.add(
        "case.received",
        "2026-03-02T07:30:00.123456-01:00",
        recordedat="2026-03-02T16:00:00.000001Z",
        actor={"id": "B1", "role": {"value": "window", "raw": "1", "system": "s"}},
        item={"code": "I1", "version": 2},
        kind={"value": "joint", "raw": "3"},
        applicant={"kind": "person", "id_no": {"sealed": "A256GCM", "ref": "aa"}},
        unknown={"deep": [1, 2]},
    )
    model.take(ledger.batch())
    assert rows(
        model,
        "SELECT epoch_us(time), CAST(day AS VARCHAR), epoch_us(recordedat), "
        "CAST(recorded_day AS VARCHAR), actor_id, actor_role, item, item_version, kind, "
        "applicant_kind, applicant_ref, test, step, data ->> '$.unknown.deep[1]' FROM trace",
    ) == [
        (
            1772440200123456, "2026-03-02", 1772467200000001, "2026-03-03", "B1", "window", "I1",
            2, "joint", "person", "aa", False, "case.received", "2",
        )
    ]  # fmt: skip


def test_a_day_before_1992_is_that_of_shanghai_with_its_summer_time(model: ReadModel) -> None:
    ledger = Stored()
    ledger.add("case.received", "1988-07-01T15:30:00+00:00")
    ledger.add("case.received", "1988-12-01T15:30:00+00:00")
    model.take(ledger.batch())
    days = rows(model, "SELECT CAST(day AS VARCHAR) FROM trace ORDER BY position")
    assert days == [("1988-07-02",), ("1988-12-01",)]


def test_types_that_are_not_known_still_land_in_the_trace(model: ReadModel) -> None:
    ledger = Stored()
    ledger.add("future.invented", step=["no", "text"], level={"value": "x"})
    model.take(ledger.batch())
    assert rows(model, "SELECT type, level FROM trace") == [("future.invented", None)]


def test_the_case_of_an_event_is_its_subject_or_the_one_it_names(model: ReadModel) -> None:
    ledger = Stored()
    ledger.add("case.received", subject="C1")
    ledger.add("ticket.issued", subject="ticket/1", case="C2")
    ledger.add("window.opened", subject="window/1")
    ledger.add("item.published", subject="I1")
    ledger.add("access.logged", subject="audit/1", case="C1")
    model.take(ledger.batch())
    cases = rows(model, "SELECT case_no FROM trace ORDER BY position")
    assert cases == [("C1",), ("C2",), (None,), (None,), (None,)]


def test_redelivery_is_harmless(model: ReadModel, stored: Stored) -> None:
    model.take(stored.batch(until=6))
    doubled = pa.concat_tables([stored.batch(), stored.batch(after=3)])
    assert model.take(doubled) == 10
    assert model.take(stored.batch()) == 10
    assert model.compare([stored.batch()])["equal"]


def test_a_gap_is_refused_and_nothing_moves(model: ReadModel, stored: Stored) -> None:
    model.take(stored.batch(until=3))
    with pytest.raises(ProjectionError, match="expected position 4 next, found 5") as stopped:
        model.take(stored.batch(after=4))
    assert (stopped.value.view, stopped.value.position) == ("trace", 4)
    holed = [event for event in stored.events if event["position"] != 6]
    with pytest.raises(ProjectionError, match="expected position 6 next, found 7"):
        model.take(table(holed))
    assert model.projected == 3
    assert rows(model, "SELECT max(position) FROM trace") == [(3,)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"\xff\xfe", "no JSON"),
        (b'{"position":2', "no JSON"),
        (b"[]", "no JSON object|another position"),
        (to_bytes({"position": 3}), "another position"),
        (to_bytes({"position": 2, "version": 1, "subject": "C"}), "no source"),
    ],
)
def test_an_event_that_cannot_be_read_stops_the_batch(
    model: ReadModel, stored: Stored, bad: bytes, reason: str
) -> None:
    batch = stored.batch()
    spoilt = [bad if n == 1 else value for n, value in enumerate(batch["bytes"].to_pylist())]
    with pytest.raises(ProjectionError, match=reason) as stopped:
        model.take(pa.table({"position": batch["position"], "bytes": spoilt}))
    assert (stopped.value.view, stopped.value.position) == ("trace", 2)
    assert model.projected == 0
    assert rows(model, "SELECT count(*) FROM trace") == [(0,)]


def test_a_view_that_fails_stops_and_moves_nothing(model: ReadModel, stored: Stored) -> None:
    whole = "SELECT CAST(t AS VARCHAR) FROM traceability AS t ORDER BY case_no"
    model.take(stored.batch(until=4))
    before = rows(model, whole)
    rows(model, "ALTER TABLE spell RENAME COLUMN result TO lost")
    with pytest.raises(ProjectionError, match="result") as stopped:
        model.take(stored.batch(after=4))
    assert (stopped.value.view, stopped.value.position) == ("spell", 5)
    assert model.projected == 4
    assert rows(model, whole) == before
    assert rows(model, "SELECT max(position) FROM trace") == [(4,)]
    rows(model, "ALTER TABLE spell RENAME COLUMN lost TO result")
    model.take(stored.batch(after=4))
    assert model.compare([stored.batch()])["equal"]


def test_a_rebuild_makes_every_row_anew(model: ReadModel, stored: Stored) -> None:
    model.take(stored.batch())
    with model.reader() as cursor:
        cursor.execute("DELETE FROM satisfaction")
        cursor.execute("UPDATE trace SET step = 'other'")
    assert not model.compare([stored.batch()])["equal"]
    model.rebuild()
    assert model.compare([stored.batch()])["equal"]


def test_a_rebuild_from_the_ledger_may_stop_early_and_goes_on_from_there(
    model: ReadModel, stored: Stored
) -> None:
    model.take(stored.batch())
    halves = [stored.batch(until=5), stored.batch(after=5)]
    assert model.rebuild_from(halves, until=7) == 7 == model.projected
    assert model.compare(halves)["equal"]
    assert model.take(stored.batch()) == 10
    assert model.compare(halves)["equal"]


def test_a_rebuild_that_fails_changes_nothing(model: ReadModel, stored: Stored) -> None:
    model.take(stored.batch())
    with pytest.raises(ProjectionError):
        model.rebuild_from([stored.batch(until=3), stored.batch(after=4)])
    assert model.projected == 10
    assert model.compare([stored.batch()])["equal"]


def test_readers_see_one_state_while_a_batch_is_taken(model: ReadModel, stored: Stored) -> None:
    model.take(stored.batch(until=4))
    with model.reader() as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT position FROM projected").fetchone()
        model.take(stored.batch())
        assert reader.execute("SELECT position FROM projected").fetchone() == before == (4,)
        assert reader.execute("SELECT max(position) FROM trace").fetchone() == (4,)
    assert model.projected == 10


def test_many_threads_read_and_look_back_while_batches_are_taken(tmp_path: Path) -> None:
    ledger = Stored()
    for number in range(60):
        ledger.add("case.received", subject=f"C{number % 7}")
        ledger.add("case.closed", subject=f"C{number % 7}", result="issued")
    with ReadModel(tmp_path / "read.duckdb") as model, ThreadPoolExecutor(4) as threads:
        asked: list[Future[Any]] = []
        for start in range(0, 120, 20):
            model.take(ledger.batch(start, start + 20))
            asked.append(threads.submit(statistics, model, "traceability"))
            asked.append(threads.submit(statistics, model, "traceability", position=start + 10))
            asked.append(threads.submit(model.compare, [ledger.batch()]))
        for number, future in enumerate(asked):
            found = future.result()
            if isinstance(found, dict):
                assert found["equal"]
            else:
                assert found.rows[0]["events"] == found.position, number
        redelivered = list(threads.map(model.take, [ledger.batch()] * 4))
        assert redelivered == [120] * 4
