from datetime import date

import pytest

from domain.errors import StoredEventError
from domain.item import ServiceItem, evolve, fold
from tests.domain.history import History

CODE = "12441500196720244T3442199806003"


def publications() -> History:
    return (
        History(CODE)
        .add("item.published", "2026-01-05T09:00:00+08:00", name="甲", effective_from="2026-02-01")
        .add("item.published", "2026-03-02T09:00:00+08:00", name="乙")
        .add("item.published", "2026-03-10T09:00:00+08:00", name="丙", effective_from="2026-02-15")
    )


def in_force(history: History, day: str) -> int | None:
    version = fold(CODE, history.events).in_force(date.fromisoformat(day))
    return None if version is None else version.version


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2025-01-01", 1),
        ("2026-02-01", 1),
        ("2026-02-14", 1),
        ("2026-02-15", 3),
        ("2026-03-01", 3),
        ("2026-03-02", 2),
        ("2030-01-01", 2),
    ],
)
def test_the_greatest_effective_date_on_or_before_the_day_is_in_force(
    day: str, version: int
) -> None:
    assert in_force(publications(), day) == version


def test_an_effective_instant_counts_by_its_date_in_shanghai() -> None:
    history = History(CODE).add("item.published", "2026-01-01T20:00:00Z")
    history.add("item.published", "01-01", effective_from="2026-05-31T17:00:00Z")
    item = fold(CODE, history.events)
    assert [v.effective_from for v in item.versions()] == [date(2026, 1, 2), date(2026, 6, 1)]


def test_of_equal_effective_dates_the_later_version_is_in_force() -> None:
    history = History(CODE)
    for _ in range(2):
        history.add("item.published", effective_from="2026-02-01")
    assert in_force(history, "2026-02-01") == 2


def test_corrections_and_retractions_of_publications_apply() -> None:
    history = publications().correct(2, data={"effective_from": "2026-04-01"}).retract(1)
    assert in_force(history, "2026-02-10") == 2
    assert in_force(history, "2026-03-20") == 3
    assert in_force(history, "2026-04-01") == 2
    assert fold(CODE, history.events).version(1) is None


def test_an_effective_date_that_a_correction_made_unreadable_is_the_date_of_the_time() -> None:
    for value in (7, "soon", "2026-02-30", "2026-01-01T00:00:00"):
        history = publications().correct(1, data={"effective_from": value})
        version = fold(CODE, history.events).version(1)
        assert version is not None
        assert version.effective_from == date(2026, 1, 5)


def test_an_item_that_was_never_published_has_no_version_in_force() -> None:
    assert ServiceItem(CODE).in_force(date(2026, 1, 1)) is None
    assert in_force(publications().retract(1).retract(2).retract(3), "2026-03-01") is None


def test_events_fold_one_by_one_as_all_at_once() -> None:
    events = publications().events
    item = ServiceItem(CODE)
    for event in events:
        item = evolve(item, event)
    assert item == fold(CODE, events)


def test_an_event_of_another_item_is_an_error() -> None:
    with pytest.raises(StoredEventError, match="expected an event of"):
        evolve(ServiceItem("another"), publications().events[0])
