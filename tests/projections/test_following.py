from collections.abc import Iterator

import psycopg
import pytest

from domain.errors import PartUnavailable, ProjectionError
from projections.following import Follower
from projections.read_model import ReadModel
from tests.projections.stored_events import Stored, to_bytes


@pytest.fixture
def model() -> Iterator[ReadModel]:
    with ReadModel() as read_model:
        yield read_model


def append(events: psycopg.Connection, ledger: Stored, after: int = 0) -> None:
    with events.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger.event (position, bytes) VALUES (%s, %s)",
            [(event["position"], to_bytes(event)) for event in ledger.events[after:]],
        )


@pytest.fixture
def ledger() -> Stored:
    stored = Stored()
    for number in range(23):
        stored.add("case.received", subject=f"C{number}")
    return stored


def test_a_follower_catches_up_in_batches_and_says_how_far_it_is(
    postgres: str, events: psycopg.Connection, model: ReadModel, ledger: Stored
) -> None:
    append(events, ledger)
    follower = Follower(postgres, model, batch=10)
    told: list[tuple[int, int]] = []
    assert follower.catch_up(progress=lambda at, goal: told.append((at, goal))) == 23
    assert told == [(10, 23), (20, 23), (23, 23)]
    assert follower.head() == model.projected == 23
    assert model.compare(follower.batches())["equal"]


def test_it_goes_on_from_where_it_stands(
    postgres: str, events: psycopg.Connection, model: ReadModel, ledger: Stored
) -> None:
    append(events, ledger)
    follower = Follower(postgres, model)
    assert follower.catch_up(until=7) == 7
    assert follower.catch_up(until=3) == 7
    assert follower.catch_up() == 23
    ledger.add("case.accepted", subject="C1")
    append(events, ledger, after=23)
    assert follower.catch_up(until=99) == 24
    assert follower.catch_up() == 24


def test_an_empty_ledger_is_nothing_to_do(
    postgres: str, events: psycopg.Connection, model: ReadModel
) -> None:
    follower = Follower(postgres, model)
    assert follower.catch_up() == 0
    assert list(follower.batches()) == []
    assert model.rebuild_from(follower.batches()) == 0


def test_a_rebuild_reads_the_ledger_anew(
    postgres: str, events: psycopg.Connection, model: ReadModel, ledger: Stored
) -> None:
    append(events, ledger)
    follower = Follower(postgres, model, batch=5)
    assert model.rebuild_from(follower.batches(until=12)) == 12
    assert follower.catch_up() == 23
    with model.reader() as cursor:
        cursor.execute("UPDATE trace SET subject = 'x' WHERE position = 12")
    found = model.compare(follower.batches())
    assert found["views"]["trace"]["examples"][0]["key"] == {"position": 12}


@pytest.mark.parametrize("gone", [1, 12, 15, 23])
def test_a_hole_in_the_ledger_stops_the_follower(
    postgres: str, events: psycopg.Connection, model: ReadModel, ledger: Stored, gone: int
) -> None:
    append(events, ledger)
    events.execute("DELETE FROM ledger.event WHERE position = %s", (gone,))
    follower = Follower(postgres, model, batch=10)
    if gone == 23:
        assert follower.catch_up() == 22
        return
    with pytest.raises(ProjectionError, match="expected"):
        follower.catch_up()
    assert model.projected == (gone - 1) // 10 * 10


def test_an_event_that_cannot_be_read_stops_the_follower_there(
    postgres: str, events: psycopg.Connection, model: ReadModel, ledger: Stored
) -> None:
    append(events, ledger)
    events.execute("UPDATE ledger.event SET bytes = '\\x00' WHERE position = 15")
    with pytest.raises(ProjectionError) as stopped:
        Follower(postgres, model, batch=10).catch_up()
    assert (stopped.value.view, stopped.value.position) == ("trace", 15)
    assert model.projected == 10


def test_a_server_that_is_away_is_named(model: ReadModel) -> None:
    with pytest.raises(PartUnavailable, match="database"):
        Follower("postgresql://nobody@127.0.0.1:1/nothing", model).catch_up()


def test_a_table_that_is_not_there_is_named(
    postgres: str, events: psycopg.Connection, model: ReadModel
) -> None:
    events.execute("DROP SCHEMA ledger CASCADE")
    with pytest.raises(PartUnavailable, match=r"ledger\.event"):
        Follower(postgres, model).catch_up()
