from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.law.calendar import (
    ReportKind,
    first_week_friday,
    month_due,
    quarter_due,
    report_dates,
    week_due,
)
from app.law.working_days import WorkingDays
from tests.law.days import DAYS


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("start", "friday"), [
    ("2025-09-01", "2025-09-05"), ("2026-09-01", "2026-09-04"), ("2023-09-01", "2023-09-08"), ("2024-09-01",
                                                                                               "2024-09-06"),
    ("2027-03-01", "2027-03-05"), ("2026-09-02", "2026-09-04"), ("2026-09-03", "2026-09-11"),
])
def test_the_first_week_ends_on_its_friday(start: str, friday: str) -> None:
    assert first_week_friday(d(start)) == d(friday)


def test_the_six_reports_of_2026() -> None:
    found = report_dates(2026, [d("2026-09-01"), d("2026-03-02")], DAYS)
    assert [(each.kind.value, each.due.isoformat()) for each in found] == [
        ("term_first_week", "2026-03-06"), ("mid_term", "2026-04-30"), ("term_end", "2026-06-30"),
        ("term_first_week", "2026-09-04"), ("mid_term", "2026-10-30"), ("term_end", "2026-12-31"),
    ]
    assert found[4].nominal == d("2026-10-31")
    assert all(each.published for each in found)


@pytest.mark.parametrize(("year", "kind", "index", "due"), [
    (2027, ReportKind.MID_TERM, 1, "2027-10-29"), (2024, ReportKind.TERM_END, 0, "2024-06-28"),
])
def test_a_day_off_moves_the_report_back(year: int, kind: ReportKind, index: int, due: str) -> None:
    found = [each for each in report_dates(year, [], WorkingDays()) if each.kind is kind]
    assert found[index].due == d(due)
    assert not found[index].published


@pytest.mark.parametrize("starts", [["2025-09-01"], ["2026-06-01"], ["2026-12-01"], ["2026-09-01",
                                                                                     "2026-08-31"]])
def test_terms_that_cannot_be_are_refused(starts: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        report_dates(2026, [d(start) for start in starts], DAYS)
    assert refused.value.where == "term_start"


@pytest.mark.parametrize("month", range(1, 13))
def test_terms_begin_from_january_to_april_and_from_august_to_october(month: int) -> None:
    if month in {1, 2, 3, 4, 8, 9, 10}:
        assert len(report_dates(2026, [date(2026, month, 2)], DAYS)) == 5
        return
    with pytest.raises(Refused, match="不在春季或秋季"):
        report_dates(2026, [date(2026, month, 2)], DAYS)


@pytest.mark.parametrize(("day", "due"), [
    ("2026-09-16", "2026-09-20"), ("2026-09-21", "2026-09-24"), ("2026-10-01", "2026-09-30"),
    ("2026-10-05", "2026-10-10"), ("2026-02-18", "2026-02-20"),
])
def test_the_weekly_report_is_due_on_the_last_day_worked(day: str, due: str) -> None:
    assert week_due(d(day), DAYS) == d(due)


def test_the_monthly_summary_and_the_bulletin_have_their_days() -> None:
    assert month_due(2026, 2, DAYS) == d("2026-02-28")
    assert month_due(2026, 10, DAYS) == d("2026-10-30")
    assert quarter_due(2026, 3, DAYS) == d("2026-10-20")


@given(st.integers(2000, 2100), st.integers(1, 28), st.integers(1, 28))
def test_reports_are_six_in_order_never_late_and_on_working_days(year: int, spring: int, autumn: int) -> None:
    found = report_dates(year, [date(year, 3, spring), date(year, 9, autumn)], DAYS)
    assert len(found) == 6
    assert [each.due for each in found] == sorted(each.due for each in found)
    assert all(each.due <= each.nominal and DAYS.is_working(each.due) for each in found)
    assert all(each.kind.label for each in found)
