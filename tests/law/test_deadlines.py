from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.law import deadlines
from tests.law.days import DAYS

ANY_DAY = st.dates(date(2000, 1, 1), date(2100, 1, 1))
DAY = timedelta(days=1)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("start", "days", "working", "due"), [
    ("2026-09-18", 7, False, "2026-09-28"),
    ("2026-04-28", 7, False, "2026-05-06"),
    ("2026-09-25", 7, False, "2026-10-08"),
    ("2026-09-16", 2, False, "2026-09-18"),
    ("2026-09-23", 10, True, "2026-10-14"),
    ("2026-09-18", 60, False, "2026-11-17"),
    ("2026-09-18", 1, True, "2026-09-20"),
])
def test_a_term_ends_on_the_day_that_the_law_reckons(
    start: str, days: int, *, working: bool, due: str,
) -> None:
    assert deadlines.due(d(start), days, DAYS, working=working).due == d(due)


def test_the_notes_say_day_by_day_why_the_end_moved() -> None:
    term = deadlines.due(d("2026-09-18"), 7, DAYS)
    assert [(note.date.isoformat(), note.why) for note in term.notes] == [
        ("2026-09-25", "期满日为法定休假日（中秋节）"),
        ("2026-09-26", "仍为法定休假日（中秋节），顺延"),
        ("2026-09-27", "仍为法定休假日（中秋节），顺延"),
        ("2026-09-28", "顺延至休假日结束的次日，期满"),
    ]


def test_the_strip_numbers_each_day_that_counts() -> None:
    term = deadlines.due(d("2026-09-18"), 7, DAYS)
    strip = deadlines.day_strip(term, DAYS)
    assert [mark.count for mark in strip] == [None, 1, 2, 3, 4, 5, 6, 7, None, None, None]
    assert strip[0].why == "起算当日，不计入"
    assert strip[1].why == "周六"
    assert strip[-1].date == term.due


def test_the_strip_of_working_days_leaves_days_off_without_a_number() -> None:
    term = deadlines.due(d("2026-09-23"), 10, DAYS, working=True)
    strip = {mark.date.isoformat(): mark for mark in deadlines.day_strip(term, DAYS)}
    assert strip["2026-09-25"] == deadlines.DayMark(d("2026-09-25"), None, "中秋节，不计入")
    assert strip["2026-10-10"].count == 7
    assert strip["2026-10-10"].why == "国庆节调休上班，计入"
    assert strip["2026-10-14"].count == 10
    assert strip["2026-10-14"].why == "期满"


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_a_length_out_of_reason_is_refused(days: int) -> None:
    with pytest.raises(Refused, match="期限应为"):
        deadlines.due(d("2026-09-18"), days, DAYS)


def test_the_longest_term_and_the_outermost_years_are_still_reckoned() -> None:
    assert deadlines.due(d("1949-01-01"), 3660, DAYS).due == d("1959-01-09")
    assert deadlines.due(d("2199-12-31"), 1, DAYS).due == d("2200-01-01")


@pytest.mark.parametrize("start", ["1948-12-31", "2200-01-01", "9999-12-31"])
def test_a_year_that_can_only_be_a_slip_is_refused(start: str) -> None:
    for reckon in (lambda: deadlines.due(d(start), 7, DAYS), lambda: deadlines.suit_until(d(start), DAYS)):
        with pytest.raises(Refused, match="不在可计算的年份"):
            reckon()


@pytest.mark.parametrize(("start", "months", "due"), [
    ("2026-08-31", 1, "2026-09-30"), ("2026-09-18", 6, "2027-03-18"), ("2025-11-30", 3, "2026-02-28"),
    ("2026-08-25", 1, "2026-09-28"), ("2025-12-31", 12, "2026-12-31"),
])
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(
    start: str, months: int, due: str,
) -> None:
    assert deadlines.add_months(d(start), months, DAYS).due == d(due)


def test_a_date_in_a_year_without_notice_is_marked() -> None:
    assert deadlines.due(d("2026-09-18"), 7, DAYS).published
    assert not deadlines.due(d("2026-12-28"), 7, DAYS).published
    assert not deadlines.due(d("2026-12-28"), 10, DAYS, working=True).published
    assert not deadlines.suit_until(d("2026-09-18"), DAYS).published


def test_the_order_of_18_september_has_the_known_limits() -> None:
    served = d("2026-09-18")
    assert deadlines.review_until(served, DAYS).due == d("2026-11-17")
    limit = deadlines.suit_until(served, DAYS).due
    assert limit == d("2027-03-18")
    assert deadlines.enforcement_window(limit) == deadlines.Window(d("2027-03-19"), d("2027-06-18"))


def test_after_a_decision_on_review_the_limits_run_anew() -> None:
    limit = deadlines.suit_after_review(d("2027-01-12"), DAYS).due
    assert limit == d("2027-01-27")
    assert deadlines.enforcement_window(limit) == deadlines.Window(d("2027-01-28"), d("2027-04-27"))


def test_a_demand_opens_the_court_on_the_working_day_after_the_tenth() -> None:
    assert deadlines.demand_until(d("2026-09-23"), DAYS).due == d("2026-10-14")
    assert deadlines.earliest_filing(d("2026-09-23"), DAYS) == d("2026-10-15")


def test_an_announcement_is_complete_on_its_thirtieth_day() -> None:
    assert deadlines.announced_effective(d("2026-09-21")) == d("2026-10-21")


def test_the_other_days_of_a_case() -> None:
    assert deadlines.statement_until(d("2026-09-18"), DAYS).due == d("2026-09-22")
    assert deadlines.first_check_day(d("2026-09-28"), DAYS) == d("2026-09-29")
    assert deadlines.previous_working_day(d("2026-10-31"), DAYS) == d("2026-10-30")


def test_dates_are_printed_without_zeros() -> None:
    assert deadlines.chinese_date(date(2026, 9, 8)) == "2026年9月8日"
    afternoon = datetime(2026, 9, 18, 15, 30)  # noqa: DTZ001  (local time of law)
    assert deadlines.chinese_moment(afternoon) == "2026年9月18日15时30分"
    assert deadlines.chinese_moment(afternoon.replace(hour=9, minute=5)) == "2026年9月18日9时05分"


@given(start=ANY_DAY, days=st.integers(1, 400), working=st.booleans())
def test_a_term_ends_on_a_working_day_never_early(start: date, days: int, *, working: bool) -> None:
    term = deadlines.due(start, days, DAYS, working=working)
    assert DAYS.is_working(term.due)
    assert term.due >= start + days * DAY
    assert deadlines.due(start, days + 1, DAYS, working=working).due >= term.due


@given(start=ANY_DAY, days=st.integers(1, 120), working=st.booleans())
def test_the_strip_counts_up_to_the_length_of_the_term(start: date, days: int, *, working: bool) -> None:
    term = deadlines.due(start, days, DAYS, working=working)
    strip = deadlines.day_strip(term, DAYS)
    assert [mark.count for mark in strip if mark.count] == list(range(1, days + 1))
    assert [mark.date for mark in strip] == [start + DAY * n for n in range((term.due - start).days + 1)]


@given(ANY_DAY, st.integers(1, 60))
def test_a_calendar_term_only_moves_over_days_off(start: date, days: int) -> None:
    term = deadlines.due(start, days, DAYS)
    last = start + days * DAY
    assert not any(DAYS.is_working(last + DAY * n) for n in range((term.due - last).days))


@given(ANY_DAY, st.integers(1, 24))
def test_the_corresponding_day_has_the_same_number_or_ends_its_month(start: date, months: int) -> None:
    day = deadlines.corresponding_day(start, months)
    assert (day.year * 12 + day.month) - (start.year * 12 + start.month) == months
    assert day.day == start.day or ((day + DAY).day == 1 and day.day < start.day)
