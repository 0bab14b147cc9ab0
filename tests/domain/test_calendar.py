from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_spring_festival_of_2026_is_off_and_its_make_up_saturdays_are_worked() -> None:
    assert not any(CALENDAR.is_working(date(2026, 2, day)) for day in range(15, 24))
    assert CALENDAR.is_working(date(2026, 2, 14))
    assert CALENDAR.is_working(date(2026, 2, 28))


@pytest.mark.parametrize(
    ("start", "workdays", "due"),
    [
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 2, 13), 20, date(2026, 3, 19)),
        (date(2026, 2, 13), 30, date(2026, 4, 2)),
        (date(2026, 2, 13), 45, date(2026, 4, 24)),
        (date(2026, 9, 29), 5, date(2026, 10, 12)),
        (date(2025, 12, 30), 5, date(2026, 1, 7)),
        (date(2026, 2, 15), 5, date(2026, 2, 28)),
        (date(2026, 2, 15), 0, date(2026, 2, 24)),
        (date(2026, 2, 14), 0, date(2026, 2, 14)),
    ],
)
def test_a_due_date_is_the_nth_working_day_after_the_start(
    start: date, workdays: int, due: date
) -> None:
    assert CALENDAR.add(start, workdays) == due


def test_every_day_of_the_published_years_is_as_published() -> None:
    day, end = date(2004, 1, 1), date(2026, 12, 31)
    while day <= end:
        assert CALENDAR.covers(day)
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day)
        day += timedelta(days=1)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 1)])
def test_beyond_the_published_years_only_weekends_are_off(day: date) -> None:
    assert not CALENDAR.covers(day)
    assert CALENDAR.is_working(day) == (day.weekday() < 5)


@given(DAYS, st.integers(1, 400))
def test_add_and_between_agree(day: date, workdays: int) -> None:
    due = CALENDAR.add(day, workdays)
    assert CALENDAR.is_working(due)
    assert CALENDAR.between(day, due) == workdays
    assert CALENDAR.between(due, day) == 0


@given(DAYS)
def test_the_running_number_grows_by_one_on_working_days_only(day: date) -> None:
    step = CALENDAR.number(day) - CALENDAR.number(day - timedelta(days=1))
    assert step == int(CALENDAR.is_working(day))


def test_a_negative_number_of_workdays_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        CALENDAR.add(date(2026, 2, 13), -1)


def test_the_version_names_the_package_and_its_years() -> None:
    assert CALENDAR.version.startswith("chinese_calendar ")
    assert CALENDAR.version.endswith(" 2004-2026")
