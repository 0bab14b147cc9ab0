"""The parts of which a simulated year is made: office time, numbers, distributions, memory."""

import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar
from replay.simulation import Simulation
from replay.simulation.chance import Chance, Weighted, log_normal
from replay.simulation.demand import days_of
from replay.simulation.instants import DAY, stamp, utc_stamp
from replay.simulation.numbers import credit_number, identity_number
from replay.simulation.working_time import OFFICE_DAY, WorkingTime

TIME = WorkingTime(2025)
CALENDAR = WorkingCalendar()
FIRST, LAST = date(2024, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
DAYS = st.integers(FIRST, LAST)
SECONDS = st.integers(FIRST * DAY, LAST * DAY)


@given(DAYS, st.integers(0, 60))
def test_working_days_are_those_of_the_national_calendar(day, workdays):
    assert TIME.is_working(day) == CALENDAR.is_working(date.fromordinal(day))
    assert TIME.after(day, workdays) == CALENDAR.add(date.fromordinal(day), workdays).toordinal()


@given(SECONDS)
def test_office_time_goes_on_where_it_stood(second):
    office = TIME.office(second)
    later = TIME.instant(office)
    assert TIME.office(later) == office
    assert later >= second
    assert TIME.is_working(later // DAY)


@given(SECONDS, st.integers(0, 40 * OFFICE_DAY))
def test_office_time_never_runs_backwards(second, length):
    assert TIME.office(second + length) >= TIME.office(second)
    begin = TIME.office(second)
    assert TIME.instant(begin + length) >= TIME.instant(begin)


@given(DAYS)
def test_a_working_day_holds_seven_hours_and_another_day_none(day):
    passed = TIME.office((day + 1) * DAY) - TIME.office(day * DAY)
    assert passed == (OFFICE_DAY if TIME.is_working(day) else 0)


def test_instants_are_written_in_shanghai_and_in_utc():
    second = date(2025, 3, 2).toordinal() * DAY + 7 * 3600 + 5 * 60 + 9
    assert stamp(second) == "2025-03-02T07:05:09+08:00"
    assert utc_stamp(second * 10**6 + 42) == "2025-03-01T23:05:09.000042Z"


@given(st.integers(0, 2**44))
def test_identity_numbers_hold_their_check_digit(bits):
    number = identity_number(bits)
    assert len(number) == 18
    digits = [10 if digit == "X" else int(digit) for digit in number]
    # ISO 7064 MOD 11-2 over the whole number
    assert sum(digit * pow(2, 17 - place, 11) for place, digit in enumerate(digits)) % 11 == 1


@given(st.integers(0, 2**44))
def test_credit_numbers_hold_their_check_characters(bits):
    number = credit_number(bits)
    assert len(number) == 18
    places = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(places.index(sign) * pow(3, place, 31) for place, sign in enumerate(number[:17]))
    assert (total + places.index(number[17])) % 31 == 0


def test_a_place_has_its_own_draws_whatever_was_drawn_before():
    chance = Chance(7, 1, 1)
    first = chance.draw()
    chance.draw()
    chance.begin(7, 1, 1)
    assert chance.draw() == first
    assert Chance(7, 1, 2).draw() != first
    assert Chance(8, 1, 1).draw() != first


def test_weights_and_quantiles_give_what_they_say():
    values = Weighted({"a": 1, "b": 3})
    assert [values.at(share) for share in (0.0, 0.249, 0.25, 0.999999)] == ["a", "a", "b", "b"]
    lengths = log_normal(0.35, 0.55, 0.02, 0.88)
    assert lengths.at(0.5) == pytest.approx(0.35, rel=0.01)
    assert 0.02 <= lengths.at(0.0) < lengths.at(0.25) < lengths.at(0.999999) <= 0.88


@given(st.integers(1, 400_000))
def test_the_cases_of_the_days_add_up(cases):
    counts = [count for _, count in days_of(2025, cases, TIME)]
    assert len(counts) == 365
    assert min(counts) >= 0
    assert sum(counts) == cases


def peak(cases: int) -> tuple[int, int]:
    """The most memory that Python held at once, and the bytes of all lines."""
    tracemalloc.start()
    try:
        written = sum(len(line) for line in Simulation(cases, 7).lines())
        return tracemalloc.get_traced_memory()[1], written
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_four_times_the_cases_take_hardly_more_memory():
    small, _ = peak(3_000)
    large, written = peak(12_000)
    assert written > 50 * 2**20
    assert large - small < 6 * 2**20
