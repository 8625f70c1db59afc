"""Keep the calendar: days off and make-up days from the yearly notices, and the schools' vacations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import Refused
from app.records import audit, workdays

if TYPE_CHECKING:
    from datetime import date

    from app.actions.desk import Desk


def set_day(desk: Desk, day: date, kind: str, name: str) -> None:
    """Enter a day as `off`, `work` or `plain`; what was issued before keeps its dates."""
    if kind != "plain" and not name.strip():
        raise Refused("请写明这一天的名称，例如：古尔邦节。", where="name")
    now = desk.clock.now()
    with desk.change() as db:
        workdays.put_day(db, day, kind, name.strip())
        audit.append(db, None, "set_day", "calendar", day.toordinal(), now, day=day.isoformat(), kind=kind)


def publish_year(desk: Desk, year: int) -> None:
    """Say that a year's notice is entered, so that its terms are no longer marked as reckoned by weekends only."""
    now = desk.clock.now()
    with desk.change() as db:
        workdays.publish(db, year)
        audit.append(db, None, "publish_year", "calendar", year, now)


def set_vacation(desk: Desk, first: date, last: date, name: str) -> None:
    """Enter a vacation; the clock of absence stands still in it, and no order's term may end in it."""
    if last < first:
        raise Refused("假期的结束日早于开始日。", where="last", advice="请核对起止日期。")
    now = desk.clock.now()
    with desk.change() as db:
        for known_first, known_last in workdays.load_vacations(db):
            if known_first != first and known_first <= last and first <= known_last:
                raise Refused(f"与已录入的假期（{known_first}至{known_last}）重叠。", where="first")
        workdays.put_vacation(db, first, last, name)
        audit.append(db, None, "set_vacation", "calendar", first.toordinal(), now, first=first.isoformat(),
                     last=last.isoformat())
