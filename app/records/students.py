"""Pupils and their guardians. A pupil without an ID number yet has "" for it; the 学籍号 may be "" too."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, delete, insert, or_, select, update

from app.errors import NotVisible
from app.law import readings
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

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


ENROLLED, GRADUATED = "enrolled", "graduated"


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
    status: str
    """enrolled or graduated."""
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


def as_kept(student: Student) -> dict[str, Any]:
    """The pupil and the guardians as a batch keeps them, to be put back by `from_kept`."""
    kept = {each.name: getattr(student, each.name) for each in fields(NewStudent)}
    return kept | {"birth_date": student.birth_date.isoformat(),
                   "guardians": [{each.name: getattr(parent, each.name) for each in fields(NewGuardian)}
                                 for parent in student.guardians]}


def from_kept(kept: Mapping[str, Any]) -> tuple[NewStudent, tuple[NewGuardian, ...]]:
    """What `as_kept` has written."""
    values = dict(kept)
    parents = tuple(NewGuardian(**each) for each in values.pop("guardians"))
    return NewStudent(**values | {"birth_date": date.fromisoformat(values["birth_date"])}), parents


_COLUMNS = [column for column in students.c if column.name not in {"created_at", "pinyin", "initials"}]


LAST_FOUR = 4
ORDER = (offices.c.path, students.c.grade, students.c.class_name, students.c.pinyin, students.c.name, students.c.id)
"""Class by class, by sound within a class."""


def _query(actor: Actor) -> Select[Any]:
    return everybody().where(in_charge(actor, offices.c.path, township.c.path))


def everybody() -> Select[Any]:
    """Pupils with their places, before anything is asked of them; whoever asks narrows it to its own charge."""
    return (select(*_COLUMNS, offices.c.name.label("school"), offices.c.path.label("school_path"),
                   township.c.name.label("township"), township.c.path.label("township_path"))
            .join(offices, offices.c.id == students.c.school_id)
            .join(township, township.c.id == students.c.township_id))


def of_row(row: Row[Any], found: Sequence[Guardian] = ()) -> Student:
    """A pupil from a row of `everybody`."""
    return Student(**row._mapping, guardians=tuple(found))  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def _guardians(db: Db, student_id: int) -> list[Guardian]:
    return guardians_of(db, [student_id])[student_id]


def guardians_of(db: Db, ids: Sequence[int]) -> dict[int, list[Guardian]]:
    """Guardians in their order, by the key of pupils whom the caller has loaded."""
    found: dict[int, list[Guardian]] = {student_id: [] for student_id in ids}
    rows = (row for some in slices(ids) for row in db.execute(
        select(guardians).where(guardians.c.student_id.in_(some)).order_by(guardians.c.position)))
    for row in rows:
        found[row.student_id].append(Guardian(row.id, row.name, row.relation, row.id_number, row.phone, row.address))
    return found


def of_cases(db: Db, ids: Sequence[int]) -> dict[int, Student]:
    """Pupils by key, for cases that the caller has loaded in its own charge (a pupil may have moved since)."""
    parents = guardians_of(db, ids)
    return {row.id: of_row(row, parents[row.id]) for row in db.execute(everybody().where(students.c.id.in_(ids)))}


def list_students(db: Db, actor: Actor, query: str = "", limit: int = 200) -> tuple[Student, ...]:
    """Pupils in the actor's charge who match what was typed (see `matching`), school by school, class by class."""
    statement = _query(actor).where(*matching(query)).order_by(*ORDER).limit(limit)
    return tuple(of_row(row) for row in db.execute(statement))


def matching(query: str) -> list[ColumnElement[bool]]:
    """What finds a pupil: part of the name, its sound or initials, the last four of the ID number, a whole number."""
    typed = "".join(query.split())
    if not typed:
        return []
    latin = readings.folded(typed) if not any(each.isdigit() for each in typed) else ""
    found = [students.c.name.contains(typed, autoescape=True)]
    if latin:
        found += [students.c.pinyin.contains(latin), students.c.initials.startswith(latin),
                  students.c.initials.contains(f" {latin}")]
    number = typed.upper()
    if len(number) == LAST_FOUR and number[:3].isdigit():
        found.append(students.c.id_number.endswith(number, autoescape=True))
    if len(number) > LAST_FOUR:
        found += [students.c.id_number == number, students.c.student_status_no == number]
    return [or_(*found)]


def load_student(db: Db, actor: Actor, public_id: str) -> Student:
    """Raises NotVisible for a stranger's pupil as for none."""
    row = db.execute(_query(actor).where(students.c.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible
    return of_row(row, _guardians(db, row.id))


def load_by_key(db: Db, actor: Actor, student_id: int) -> Student:
    row = db.execute(_query(actor).where(students.c.id == student_id)).one_or_none()
    if row is None:
        raise NotVisible
    return of_row(row, _guardians(db, student_id))


def any_enrolled(db: Db, school_id: int) -> bool:
    """Whether anybody goes to a school that the caller has loaded in its own charge."""
    return db.execute(select(students.c.id).where(
        students.c.school_id == school_id, students.c.status == ENROLLED).limit(1)).first() is not None


def find_in_school(db: Db, actor: Actor, school_id: int, id_number: str) -> Student | None:
    """The pupil of this school with this number, if there is one."""
    row = db.execute(_query(actor).where(students.c.school_id == school_id, students.c.id_number == id_number,
                                         students.c.id_number != "")).one_or_none()
    return None if row is None else of_row(row, _guardians(db, row.id))


def find_namesake(db: Db, actor: Actor, new: NewStudent) -> Student | None:
    """The pupil of this school who has this name and birth date, if there is one: one with an ID number first."""
    row = db.execute(_query(actor).where(
        students.c.school_id == new.school_id, students.c.name == new.name, students.c.birth_date == new.birth_date,
        students.c.status == ENROLLED).order_by(students.c.id_number.desc()).limit(1)).one_or_none()
    return None if row is None else of_row(row, _guardians(db, row.id))


@dataclass(frozen=True)
class Elsewhere:
    """The school at which a number is entered; its name is for those in charge of it only."""

    school_id: int
    school: str
    school_path: str


def entered_elsewhere(db: Db, numbers: Collection[str], but_school_id: int) -> dict[str, Elsewhere]:
    """By ID number, the other school at which a pupil with it is enrolled; who has graduated there is none of it."""
    found: dict[str, Elsewhere] = {}
    for some in slices([each for each in numbers if each]):
        rows = db.execute(select(students.c.id_number, offices.c.id, offices.c.name, offices.c.path)
                          .join(offices, offices.c.id == students.c.school_id)
                          .where(students.c.id_number.in_(some), students.c.school_id != but_school_id,
                                 students.c.status == ENROLLED))
        found |= {row.id_number: Elsewhere(row.id, row.name, row.path) for row in rows}
    return found


def slices(values: Sequence[Any], size: int = 1000) -> list[Sequence[Any]]:
    """In parts: a statement takes no more values than the database allows."""
    return [values[start:start + size] for start in range(0, len(values), size)]


def add(db: Db, new: NewStudent, parents: Sequence[NewGuardian], now: datetime) -> str:
    """Enter a pupil and answer the public identifier."""
    public_id = new_public_id()
    student_id = db.insert(insert(students).values(public_id=public_id, created_at=now, **columns_of(new)))
    for position, parent in enumerate(parents):
        db.execute(insert(guardians).values(student_id=student_id, position=position, **vars(parent)))
    return public_id


def change(db: Db, student_id: int, new: NewStudent) -> None:
    db.execute(update(students).where(students.c.id == student_id).values(**columns_of(new)))


def columns_of(new: NewStudent) -> dict[str, Any]:
    """The columns of what was entered, the search keys with them."""
    pinyin, initials = readings.keys(new.name)
    return vars(new) | {"pinyin": pinyin, "initials": initials}


def same_guardian(known: Guardian, new: NewGuardian) -> bool:
    """Whether it is the same person, one of whose name and number may have been corrected."""
    return known.id_number == new.id_number or known.name == new.name


def as_new(known: Guardian) -> NewGuardian:
    """A guardian as typed anew without a change."""
    return NewGuardian(**{each.name: getattr(known, each.name) for each in fields(NewGuardian)})


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
