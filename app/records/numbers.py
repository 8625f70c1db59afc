"""Counters that give each number once and skip none.

A counter row per organ, series and year; taken in the transaction that uses the number: a rollback gives it back. The
row stays locked to the commit (one statement makes it or counts on, so that two first takers cannot both make it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint, insert, select, update

from app.errors import Refused
from app.records.database import metadata

if TYPE_CHECKING:
    from app.records.database import Db

counters = Table(
    "counters", metadata,
    Column("id", Integer, primary_key=True),
    Column("organ", String(40), nullable=False),
    Column("series", String(40), nullable=False),
    Column("year", Integer, nullable=False),
    Column("next", Integer, nullable=False),
    UniqueConstraint("organ", "series", "year"),
)


def take(db: Db, organ: str, series: str, year: int) -> int:
    """The next number; the first of a year is 1 unless `start_at` said otherwise."""
    first = db.insert_into(counters).values(organ=organ, series=series, year=year, next=2)
    taken = db.execute(first.on_conflict_do_update(
        index_elements=["organ", "series", "year"], set_={"next": counters.c.next + 1}).returning(counters.c.next))
    return int(taken.scalar_one()) - 1


def peek(db: Db, organ: str, series: str, year: int) -> int:
    """The number that would be taken now; shown as a preview, promised to nobody."""
    place = (counters.c.organ == organ) & (counters.c.series == series) & (counters.c.year == year)
    found = db.execute(select(counters.c.next).where(place)).scalar_one_or_none()
    return 1 if found is None else int(found)


def start_at(db: Db, organ: str, series: str, year: int, first: int, borne: int | None = None) -> None:
    """Let a series begin at `first` (numbers before it were given on paper).

    Refused where a number that is used would come again: `borne` is the highest that a paper bears; without it all that
    the counter has passed are taken for used.
    """
    if first < 1:
        raise Refused("起始号应是大于0的整数。", where=series)
    used = peek(db, organ, series, year) - 1 if borne is None else borne
    if used >= first:
        raise Refused(f"{year}年“{series}”已经用到{used}号，不能从{first}号开始。", where=series,
                      advice=f"起始号至少是{used + 1}。")
    place = (counters.c.organ == organ) & (counters.c.series == series) & (counters.c.year == year)
    if db.execute(update(counters).where(place).values(next=first)).rowcount == 0:
        db.execute(insert(counters).values(organ=organ, series=series, year=year, next=first))
