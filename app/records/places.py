"""Villages of a township and classes of a school: names that forms offer and imports check against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint, delete, insert, select

from app.records.database import Db, metadata

if TYPE_CHECKING:
    from collections.abc import Collection

villages = Table(
    "villages", metadata,
    Column("id", Integer, primary_key=True),
    Column("township_id", ForeignKey("offices.id"), nullable=False),
    Column("name", String(40), nullable=False),
    UniqueConstraint("township_id", "name"),
)
classes = Table(
    "classes", metadata,
    Column("id", Integer, primary_key=True),
    Column("school_id", ForeignKey("offices.id"), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("name", String(30), nullable=False),
    UniqueConstraint("school_id", "grade", "name"),
)


@dataclass(frozen=True, order=True)
class SchoolClass:
    """A class of a school: grade 1–9 and what it is called there, e.g. （2）班."""

    grade: int
    name: str


def villages_of(db: Db, township_id: int) -> tuple[str, ...]:
    """Names of the villages of a township, in the order in which they were entered."""
    return tuple(db.execute(select(villages.c.name).where(villages.c.township_id == township_id)
                            .order_by(villages.c.id)).scalars())


def classes_of(db: Db, school_id: int) -> tuple[SchoolClass, ...]:
    """Classes of a school, grade by grade."""
    rows = db.execute(select(classes.c.grade, classes.c.name).where(classes.c.school_id == school_id)
                      .order_by(classes.c.grade, classes.c.id))
    return tuple(SchoolClass(row.grade, row.name) for row in rows)


def all_villages(db: Db, township_ids: Collection[int]) -> frozenset[tuple[int, str]]:
    """(township, name) of every village of these townships."""
    rows = db.execute(select(villages.c.township_id, villages.c.name).where(villages.c.township_id.in_(township_ids)))
    return frozenset((row.township_id, row.name) for row in rows)


def all_classes(db: Db, school_ids: Collection[int]) -> frozenset[tuple[int, SchoolClass]]:
    """(school, class) of every class of these schools."""
    rows = db.execute(select(classes).where(classes.c.school_id.in_(school_ids)))
    return frozenset((row.school_id, SchoolClass(row.grade, row.name)) for row in rows)


def add_village(db: Db, township_id: int, name: str) -> None:
    db.execute(insert(villages).values(township_id=township_id, name=name))


def add_class(db: Db, school_id: int, found: SchoolClass) -> None:
    db.execute(insert(classes).values(school_id=school_id, grade=found.grade, name=found.name))


def remove_village(db: Db, township_id: int, name: str) -> bool:
    """Take a name off the list (pupils keep the words they were entered with); answers whether it was there."""
    done = db.execute(delete(villages).where(villages.c.township_id == township_id, villages.c.name == name))
    return bool(done.rowcount)


def remove_class(db: Db, school_id: int, found: SchoolClass) -> bool:
    """Take a class off the list; answers whether it was there."""
    done = db.execute(delete(classes).where(
        classes.c.school_id == school_id, classes.c.grade == found.grade, classes.c.name == found.name))
    return bool(done.rowcount)
