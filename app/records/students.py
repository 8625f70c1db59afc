"""Pupils and their guardians."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, delete, insert, or_, select, update

from app.errors import NotVisible
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Row, Select

    from app.law.offices import Actor

township = offices.alias("township")

students = Table(
    "students", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("sex", String(1), nullable=False),
    Column("id_number", String(18), nullable=False, index=True),
    Column("birth_date", Date, nullable=False),
    Column("student_status_no", String(19), nullable=False, index=True),
    Column("school_id", ForeignKey("offices.id"), nullable=False, index=True),
    Column("grade", Integer, nullable=False),
    Column("class_name", String(30), nullable=False),
    Column("hukou_address", String(100), nullable=False),
    Column("home_address", String(100), nullable=False),
    Column("township_id", ForeignKey("offices.id"), nullable=False, index=True),
    Column("village", String(40), nullable=False),
    Column("caregiver", String(60), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("pinyin", String(400), nullable=False, server_default=""),
    Column("initials", String(60), nullable=False, server_default="", index=True),
    Column("status", String(12), nullable=False, server_default="enrolled"),
)
guardians = Table(
    "guardians", metadata,
    Column("id", Integer, primary_key=True),
    Column("student_id", ForeignKey("students.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", String(60), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("id_number", String(18), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("address", String(100), nullable=False),
)


@dataclass(frozen=True)
class Guardian:
    """A legal guardian (民法典 27): the party of orders."""

    id: int
    name: str
    relation: str
    id_number: str
    phone: str
    address: str


@dataclass(frozen=True)
class Student:
    """A pupil with the names of school and township."""

    id: int
    public_id: str
    name: str
    sex: str
    id_number: str
    birth_date: date
    student_status_no: str
    school_id: int
    school: str
    school_path: str
    grade: int
    class_name: str
    hukou_address: str
    home_address: str
    township_id: int
    township: str
    township_path: str
    village: str
    caregiver: str
    guardians: tuple[Guardian, ...] = ()


@dataclass(frozen=True)
class NewStudent:
    """What is entered for a pupil; values are parsed already."""

    name: str
    sex: str
    id_number: str
    birth_date: date
    student_status_no: str
    school_id: int
    grade: int
    class_name: str
    hukou_address: str
    home_address: str
    township_id: int
    village: str
    caregiver: str


@dataclass(frozen=True)
class NewGuardian:
    """What is entered for a guardian; values are parsed already."""

    name: str
    relation: str
    id_number: str
    phone: str
    address: str


def fingerprint(student: Student | NewStudent, parents: Sequence[Guardian | NewGuardian]) -> str:
    """SHA-256 over what may be typed of a pupil and the guardians: two who correct at once are told apart by it."""
    known = [[str(getattr(each, one.name)) for one in fields(declared)]
             for each, declared in ((student, NewStudent), *((parent, NewGuardian) for parent in parents))]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


_COLUMNS = [column for column in students.c if column.name not in {"created_at", "pinyin", "initials", "status"}]


def _query(actor: Actor) -> Select[Any]:
    return _everybody().where(in_charge(actor, offices.c.path, township.c.path))


def _everybody() -> Select[Any]:
    return (select(*_COLUMNS, offices.c.name.label("school"), offices.c.path.label("school_path"),
                   township.c.name.label("township"), township.c.path.label("township_path"))
            .join(offices, offices.c.id == students.c.school_id)
            .join(township, township.c.id == students.c.township_id))


def _student(row: Row[Any], found: Sequence[Guardian] = ()) -> Student:
    return Student(**row._mapping, guardians=tuple(found))  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def _guardians(db: Db, student_id: int) -> list[Guardian]:
    return _guardians_of(db, [student_id])[student_id]


def _guardians_of(db: Db, ids: Sequence[int]) -> dict[int, list[Guardian]]:
    found: dict[int, list[Guardian]] = {student_id: [] for student_id in ids}
    rows = db.execute(select(guardians).where(guardians.c.student_id.in_(ids)).order_by(guardians.c.position))
    for row in rows:
        found[row.student_id].append(Guardian(row.id, row.name, row.relation, row.id_number, row.phone, row.address))
    return found


def of_cases(db: Db, ids: Sequence[int]) -> dict[int, Student]:
    """Pupils by key, for cases that the caller has loaded in its own charge (a pupil may have moved since)."""
    parents = _guardians_of(db, ids)
    return {row.id: _student(row, parents[row.id]) for row in db.execute(_everybody().where(students.c.id.in_(ids)))}


def list_students(db: Db, actor: Actor, query: str = "", limit: int = 200) -> tuple[Student, ...]:
    """Pupils in the actor's charge whose name, 学籍号 or last four digits of the ID number match."""
    statement = _query(actor)
    if query:
        statement = statement.where(or_(students.c.name.contains(query, autoescape=True),
                                        students.c.student_status_no == query,
                                        students.c.id_number.endswith(query, autoescape=True) if len(query) == 4  # noqa: PLR2004  (last four)
                                        else students.c.id_number == query))
    rows = db.execute(statement.order_by(offices.c.path, students.c.grade, students.c.class_name, students.c.name)
                      .limit(limit))
    return tuple(_student(row) for row in rows)


def load_student(db: Db, actor: Actor, public_id: str) -> Student:
    """Raises NotVisible for a stranger's pupil as for none."""
    row = db.execute(_query(actor).where(students.c.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _student(row, _guardians(db, row.id))


def load_by_key(db: Db, actor: Actor, student_id: int) -> Student:
    row = db.execute(_query(actor).where(students.c.id == student_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _student(row, _guardians(db, student_id))


def find_in_school(db: Db, actor: Actor, school_id: int, id_number: str) -> Student | None:
    row = db.execute(_query(actor).where(students.c.school_id == school_id,
                                         students.c.id_number == id_number)).one_or_none()
    return None if row is None else _student(row)


def add(db: Db, new: NewStudent, parents: Sequence[NewGuardian], now: datetime) -> str:
    """Enter a pupil and answer the public identifier."""
    public_id = new_public_id()
    student_id = db.insert(insert(students).values(public_id=public_id, created_at=now, **vars(new)))
    for position, parent in enumerate(parents):
        db.execute(insert(guardians).values(student_id=student_id, position=position, **vars(parent)))
    return public_id


def change(db: Db, student_id: int, new: NewStudent) -> None:
    db.execute(update(students).where(students.c.id == student_id).values(**vars(new)))


def same_guardian(known: Guardian, new: NewGuardian) -> bool:
    """Whether it is the same person, one of whose name and number may have been corrected."""
    return known.id_number == new.id_number or known.name == new.name


def replace_guardians(db: Db, student: Student, parents: Sequence[NewGuardian]) -> None:
    """Put these in the place of those that are known; who stays keeps the key that services and receipts go by."""
    left = list(student.guardians)
    for position, parent in enumerate(parents):
        kept = next((each for each in left if same_guardian(each, parent)), None)
        if kept is None:
            db.execute(insert(guardians).values(student_id=student.id, position=position, **vars(parent)))
        else:
            left.remove(kept)
            db.execute(update(guardians).where(guardians.c.id == kept.id).values(position=position, **vars(parent)))
    db.execute(delete(guardians).where(guardians.c.id.in_([each.id for each in left])))
