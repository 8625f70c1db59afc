"""Terms of law.

民法典第二百零一条至第二百零四条; 民事诉讼法第八十五条; 行政强制法第六十九条 (十日以内为工作日).

The day on which a term begins does not count; when the last day is a 法定休假日 (holiday or weekend, not a
make-up workday) the term ends on the first working day after it. Months end on the corresponding day, or the
month's last day.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.errors import Refused

if TYPE_CHECKING:
    from app.law.working_days import WorkingDays

ONE_DAY = timedelta(days=1)
MOST_DAYS = 3660
FIRST_YEAR, LAST_YEAR = 1949, 2199
REVIEW_DAYS = 60
SUIT_MONTHS = 6
SUIT_AFTER_REVIEW_DAYS = 15
DEMAND_WORKING_DAYS = 10
ENFORCEMENT_MONTHS = 3
ANNOUNCEMENT_DAYS = 30
STATEMENT_WORKING_DAYS = 3
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class DayNote:
    """Why one day of a term was not an ordinary day."""

    date: date
    why: str


@dataclass(frozen=True)
class DayMark:
    """One day of a term: its number in the count, or None with the reason why it does not count."""

    date: date
    count: int | None
    why: str


@dataclass(frozen=True)
class Term:
    """A term reckoned from `start` (not counted). `due` is the last day on which the act is in time.

    `published` is False when a day that mattered lies in a year whose holiday notice is not in the table.
    """

    start: date
    due: date
    days: int
    working: bool
    notes: tuple[DayNote, ...]
    published: bool


@dataclass(frozen=True)
class Window:
    """First and last day on which something may be done."""

    opens: date
    closes: date


def chinese_date(day: date) -> str:
    """2026年9月28日, Arabic figures without zeros (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_weekday(day: date) -> str:
    """星期三."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def chinese_moment(moment: datetime) -> str:
    """2026年9月18日15时30分."""
    return f"{chinese_date(moment)}{moment.hour}时{moment.minute:02d}分"


def due(start: date, days: int, working_days: WorkingDays, *, working: bool = False) -> Term:
    """The term of `days` (calendar days, or working days) after `start`.

    Raises Refused for a length out of reason.
    """
    require_reckonable(start)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"期限应为1到{MOST_DAYS}日，现为{days}日。", where="days", advice="请核对期限。")
    return _working_term(start, days, working_days) if working else _calendar_term(start, days, working_days)


def add_months(day: date, months: int, working_days: WorkingDays) -> Term:
    """The term of `months` after `day` (民法典第二百零二条、第二百零三条)."""
    return _calendar_term(day, (corresponding_day(day, months) - day).days, working_days)


def corresponding_day(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month (民法典第二百零二条); not moved by holidays."""
    require_reckonable(day)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def require_reckonable(day: date) -> None:
    """Pass for a day of our time; else raise Refused (a slip in the year would give a term of no use to anyone)."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"{chinese_date(day)}不在可计算的年份（{FIRST_YEAR}至{LAST_YEAR}年）内。", where="date",
                      advice="请核对年份。")


def day_strip(term: Term, working_days: WorkingDays) -> tuple[DayMark, ...]:
    """Every day from the start to the last, so that a reader sees how the date was reached."""
    marks = [DayMark(term.start, None, "起算当日，不计入")]
    why = {note.date: note.why for note in term.notes}
    count = 0
    for offset in range(1, (term.due - term.start).days + 1):
        day = term.start + offset * ONE_DAY
        counts = working_days.is_working(day) if term.working else count < term.days
        count += counts
        reason = why.get(day) or ("期满" if day == term.due else working_days.why_off(day))
        marks.append(DayMark(day, count if counts else None, reason))
    return tuple(marks)


def next_working_day(day: date, working_days: WorkingDays) -> date:
    """The first working day after `day`."""
    day += ONE_DAY
    while not working_days.is_working(day):
        day += ONE_DAY
    return day


def previous_working_day(day: date, working_days: WorkingDays) -> date:
    """`day` itself if it is worked, else the last working day before it."""
    while not working_days.is_working(day):
        day -= ONE_DAY
    return day


def review_until(effective_on: date, working_days: WorkingDays) -> Term:
    """Last day to apply for review: 60 days (行政复议法第二十条)."""
    return due(effective_on, REVIEW_DAYS, working_days)


def suit_until(effective_on: date, working_days: WorkingDays) -> Term:
    """Last day to sue without review: six months (行政诉讼法第四十六条)."""
    return add_months(effective_on, SUIT_MONTHS, working_days)


def suit_after_review(received_on: date, working_days: WorkingDays) -> Term:
    """Last day to sue after review: 15 days (行政诉讼法第四十五条).

    They begin when the decision was received, or when its time limit passed without one.
    """
    return due(received_on, SUIT_AFTER_REVIEW_DAYS, working_days)


def statement_until(effective_on: date, working_days: WorkingDays,
                    days: int = STATEMENT_WORKING_DAYS) -> Term:
    """Last day for statement and defence.

    No law sets its length, so it is ours (default three working days).
    """
    return due(effective_on, days, working_days, working=True)


def announced_effective(last_posted_on: date) -> date:
    """The day on which service by announcement is complete: day 30 after the *last* posting.

    民事诉讼法第九十五条; 民诉解释第一百三十八条.
    """
    return last_posted_on + ANNOUNCEMENT_DAYS * ONE_DAY


def demand_until(served_on: date, working_days: WorkingDays) -> Term:
    """The tenth working day after the 催告书 was served (行政强制法第五十四条、第六十九条)."""
    return due(served_on, DEMAND_WORKING_DAYS, working_days, working=True)


def earliest_filing(demand_served_on: date, working_days: WorkingDays) -> date:
    """First day to apply to the court: the working day *after* the tenth (行政强制法第五十四条)."""
    return next_working_day(demand_until(demand_served_on, working_days).due, working_days)


def enforcement_window(suit_limit: date) -> Window:
    """Three months from the actual suit limit of this guardian.

    行政强制法第五十三条; 行诉解释第一百五十六条.

    The last day is the organ's own and is never moved by a holiday: filing earlier is always in time.
    """
    return Window(suit_limit + ONE_DAY, corresponding_day(suit_limit, ENFORCEMENT_MONTHS))


def first_check_day(deadline: date, working_days: WorkingDays) -> date:
    """The day of the 限期复查: first working day after the deadline."""
    return next_working_day(deadline, working_days)


def _calendar_term(start: date, days: int, working_days: WorkingDays) -> Term:
    last = start + days * ONE_DAY
    if working_days.is_working(last):
        return Term(start, last, days, False, (), working_days.published(last.year))
    end = next_working_day(last, working_days)
    notes = [DayNote(last, f"期满日为法定休假日（{working_days.why_off(last)}）")]
    notes += [
        DayNote(day, f"仍为法定休假日（{working_days.why_off(day)}），顺延")
        for day in _days_between(last, end)
    ]
    notes.append(DayNote(end, "顺延至休假日结束的次日，期满"))
    return Term(start, end, days, False, tuple(notes), _all_published(last, end, working_days))


def _working_term(start: date, days: int, working_days: WorkingDays) -> Term:
    day, notes = start, []
    for _ in range(days):
        following = next_working_day(day, working_days)
        skipped = _days_between(day, following)
        notes += [DayNote(off, f"{working_days.why_off(off)}，不计入") for off in skipped]
        if name := working_days.work.get(following):
            notes.append(DayNote(following, f"{name}，计入"))
        day = following
    return Term(start, day, days, True, tuple(notes), _all_published(start + ONE_DAY, day, working_days))


def _days_between(first: date, last: date) -> list[date]:
    return [first + offset * ONE_DAY for offset in range(1, (last - first).days)]


def _all_published(first: date, last: date, working_days: WorkingDays) -> bool:
    return all(working_days.published(year) for year in range(first.year, last.year + 1))
