"""The editable table of days off and make-up days; seeded from what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Date, Integer, String, Table, delete, insert, select

from app.law.working_days import WorkingDays
from app.records.database import metadata

if TYPE_CHECKING:
    from datetime import date

    from app.records.database import Db

workdays = Table(
    "workdays", metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(4), nullable=False),
    Column("name", String(40), nullable=False),
)
vacations = Table(
    "vacations", metadata,
    Column("first", Date, primary_key=True),
    Column("last", Date, nullable=False),
    Column("name", String(40), nullable=False),
)
workday_years = Table("workday_years", metadata, Column("year", Integer, primary_key=True, autoincrement=False))


def seed(db: Db, days: WorkingDays) -> None:
    """Enter the shipped table where the register has none."""
    for year in sorted(days.years):
        db.execute(insert(workday_years).values(year=year))
    for kind, table in (("off", days.off), ("work", days.work)):
        for day, name in sorted(table.items()):
            db.execute(insert(workdays).values(day=day, kind=kind, name=name))


def load(db: Db) -> WorkingDays:
    rows = db.execute(select(workdays)).all()
    return WorkingDays(
        off={row.day: row.name for row in rows if row.kind == "off"},
        work={row.day: row.name for row in rows if row.kind == "work"},
        years=frozenset(row.year for row in db.execute(select(workday_years.c.year))),
    )


def put_day(db: Db, day: date, kind: str, name: str) -> None:
    """Enter a day off (`off`), a make-up workday (`work`), or take the day's entry out (`plain`)."""
    db.execute(delete(workdays).where(workdays.c.day == day))
    if kind != "plain":
        db.execute(insert(workdays).values(day=day, kind=kind, name=name))


def publish(db: Db, year: int) -> None:
    """Say that the holiday notice of a year is entered in full."""
    if not db.execute(select(workday_years).where(workday_years.c.year == year)).one_or_none():
        db.execute(insert(workday_years).values(year=year))


def put_vacation(db: Db, first: date, last: date, name: str) -> None:
    """Enter a vacation by its first and last day, in the place of one with the same first day."""
    db.execute(delete(vacations).where(vacations.c.first == first))
    db.execute(insert(vacations).values(first=first, last=last, name=name))


def load_vacations(db: Db) -> tuple[tuple[date, date], ...]:
    """First and last day of each vacation, in order."""
    return tuple((row.first, row.last) for row in db.execute(select(vacations).order_by(vacations.c.first)))
