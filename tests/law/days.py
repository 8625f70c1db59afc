"""A small working-day table for the tests of law: 2026 as announced, no other year."""

from __future__ import annotations

from datetime import date, timedelta

from app.law.working_days import WorkingDays


def _span(first: str, last: str, name: str) -> dict[date, str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=offset): name for offset in range((end - start).days + 1)}


OFF = (
    _span("2026-01-01", "2026-01-03", "元旦") | _span("2026-02-15", "2026-02-23", "春节")
    | _span("2026-04-04", "2026-04-06", "清明节") | _span("2026-05-01", "2026-05-05", "劳动节")
    | _span("2026-06-19", "2026-06-21", "端午节") | _span("2026-09-25", "2026-09-27", "中秋节")
    | _span("2026-10-01", "2026-10-07", "国庆节")
)
WORK = {
    date.fromisoformat(day): f"{name}调休上班" for day, name in {
        "2026-01-04": "元旦", "2026-02-14": "春节", "2026-02-28": "春节", "2026-05-09": "劳动节",
        "2026-09-20": "国庆节", "2026-10-10": "国庆节",
    }.items()
}
DAYS = WorkingDays(OFF, WORK, frozenset({2026}))
