from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.law.working_days import WorkingDays
from tests.law.days import DAYS

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(("day", "why"), [
    ("2026-09-24", ""), ("2026-09-25", "中秋节"), ("2026-09-26", "中秋节"), ("2026-09-28", ""),
    ("2026-10-10", ""), ("2026-10-11", "周日"), ("2026-10-17", "周六"), ("2027-01-01", ""),
])
def test_a_day_off_says_why_and_a_make_up_saturday_is_worked(day: str, why: str) -> None:
    assert DAYS.why_off(date.fromisoformat(day)) == why
    assert DAYS.is_working(date.fromisoformat(day)) is (why == "")


def test_only_years_with_a_notice_are_published() -> None:
    assert DAYS.published(2026)
    assert not DAYS.published(2027)


def test_a_regional_holiday_is_just_another_row() -> None:
    local = WorkingDays(off={date(2026, 3, 20): "开斋节"}, years=frozenset({2026}))
    assert local.why_off(date(2026, 3, 20)) == "开斋节"


def test_a_day_that_is_both_off_and_work_is_refused() -> None:
    with pytest.raises(Refused, match="2026-03-20"):
        WorkingDays({date(2026, 3, 20): "开斋节"}, {date(2026, 3, 20): "调休"})


def test_a_holiday_without_a_name_is_refused_because_it_would_count_as_worked() -> None:
    with pytest.raises(Refused, match="没有名称"):
        WorkingDays({date(2026, 3, 20): " "})


def test_the_table_cannot_be_changed_from_outside() -> None:
    off = {date(2026, 3, 20): "开斋节"}
    days = WorkingDays(off)
    off.clear()
    assert not days.is_working(date(2026, 3, 20))
    with pytest.raises(TypeError):
        days.off[date(2026, 3, 21)] = "x"  # type: ignore[index]


@given(st.dates())
def test_without_a_table_only_weekends_are_off(day: date) -> None:
    assert WorkingDays().is_working(day) is (day.weekday() < 5)
