"""The editable table of days off and make-up days (domain §7); seeded from what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Date, Integer, String, Table, insert, select

from app.law.working_days import WorkingDays
from app.records.database import metadata

if TYPE_CHECKING:
    from app.records.database import Db

workdays = Table(
    "workdays", metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(4), nullable=False),
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
