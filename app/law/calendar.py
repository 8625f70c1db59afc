"""When the counties report: 《办法》二（二）和附件1填表说明4.

Six times a year: Friday of the first week of each term, the end of April and October, the end of June and
December. These are internal dates: one that falls on a day off moves back, so that the report is never late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.deadlines import corresponding_day, due, previous_working_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.law.working_days import WorkingDays

FRIDAY, WEDNESDAY, WEEK = 4, 2, 7
MONTHS_OF_QUARTER, BULLETIN_WORKING_DAYS = 3, 10
FIRST_TERM_MONTHS, SECOND_TERM_MONTHS = range(1, 5), range(8, 11)


class ReportKind(StrEnum):
    """Why a report is due."""

    TERM_FIRST_WEEK = "term_first_week"
    MID_TERM = "mid_term"
    TERM_END = "term_end"

    @property
    def label(self) -> str:
        return {"term_first_week": "开学第一周", "mid_term": "学期中", "term_end": "学期末"}[self.value]


@dataclass(frozen=True)
class ReportDate:
    """One report. `nominal` is the day of the 办法, `due` the working day on which it must be in."""

    kind: ReportKind
    nominal: date
    due: date
    published: bool


def first_week_friday(term_start: date) -> date:
    """Friday of the first week of teaching: a term that starts Thursday or later has its first week after."""
    monday = term_start - timedelta(days=term_start.weekday())
    weeks = 0 if term_start.weekday() <= WEDNESDAY else 1
    return monday + timedelta(days=FRIDAY + WEEK * weeks)


def report_dates(year: int, term_starts: Sequence[date], working_days: WorkingDays) -> tuple[ReportDate, ...]:
    """The reports of a year in date order, six when both terms' first teaching days are given.

    Raises Refused.
    """
    _require_terms(year, term_starts)
    nominal = [(ReportKind.TERM_FIRST_WEEK, first_week_friday(start)) for start in term_starts]
    nominal += [(ReportKind.MID_TERM, _month_end(year, month)) for month in (4, 10)]
    nominal += [(ReportKind.TERM_END, _month_end(year, month)) for month in (6, 12)]
    return tuple(sorted(
        (ReportDate(kind, day, previous_working_day(day, working_days), working_days.published(day.year))
         for kind, day in nominal),
        key=lambda each: each.due,
    ))


def week_due(day: date, working_days: WorkingDays) -> date:
    """周上报: last working day of the week of `day`; the Friday itself when the whole week is off."""
    monday = day - timedelta(days=day.weekday())
    worked = [monday + timedelta(days=offset) for offset in range(WEEK)
              if working_days.is_working(monday + timedelta(days=offset))]
    return worked[-1] if worked else monday + timedelta(days=FRIDAY)


def month_due(year: int, month: int, working_days: WorkingDays) -> date:
    """月汇总: last working day of the month."""
    return previous_working_day(_month_end(year, month), working_days)


def quarter_due(year: int, quarter: int, working_days: WorkingDays) -> date:
    """季通报: tenth working day after the quarter has ended (our default; the 办法 sets no day)."""
    end = _month_end(year, quarter * MONTHS_OF_QUARTER)
    return due(end, BULLETIN_WORKING_DAYS, working_days, working=True).due


def _month_end(year: int, month: int) -> date:
    return corresponding_day(date(year, 1, 31), month - 1)


def _require_terms(year: int, term_starts: Sequence[date]) -> None:
    for start in term_starts:
        if start.year != year:
            raise Refused(f"开学日{start.isoformat()}不在{year}年。", where="term_start",
                          advice="请核对年份。")
        if start.month not in FIRST_TERM_MONTHS and start.month not in SECOND_TERM_MONTHS:
            raise Refused(f"开学日{start.isoformat()}不在春季或秋季开学的月份。", where="term_start",
                          advice="春季学期在1至4月开学，秋季学期在8至10月开学。")
    seasons = [start.month in FIRST_TERM_MONTHS for start in term_starts]
    if len(seasons) != len(set(seasons)):
        raise Refused("同一学期给了两个开学日。", where="term_start", advice="春季、秋季各给一个。")
