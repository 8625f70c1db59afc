"""Pupils by the hundred: pages of the ledger, whole schools, what an import writes and an undo takes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from app.law import readings
from app.law.steps import Step
from app.records.cases import case_steps, cases
from app.records.database import Db, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge
from app.records.students import (
    ORDER,
    Student,
    columns_of,
    everybody,
    guardians,
    guardians_of,
    matching,
    of_row,
    slices,
    students,
    township,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from app.law.offices import Actor
    from app.records.students import NewGuardian, NewStudent


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which pupils of the ledger: every condition that is set must hold."""

    query: str = ""
    school_id: int | None = None
    grade: int | None = None
    class_name: str = ""
    township_id: int | None = None
    village: str = ""
    status: str = ""
    """enrolled or graduated."""
    only: frozenset[int] | None = None
    """Keys of pupils to whom it is narrowed (those whose case is at a step, say)."""
    without: frozenset[int] = frozenset()


def count(db: Db, actor: Actor, wanted: Wanted) -> int:
    """How many there are in the actor's charge."""
    return int(db.execute(select(func.count()).select_from(_narrowed(actor, wanted).subquery())).scalar_one())


def page(db: Db, actor: Actor, wanted: Wanted, first: int, most: int, *, parents: bool = False) -> tuple[Student, ...]:
    """Pupils in the actor's charge from the place `first` (0: the first), class by class, by sound within a class."""
    rows = db.execute(_narrowed(actor, wanted).order_by(*ORDER).offset(first).limit(most)).all()
    found = guardians_of(db, [row.id for row in rows]) if parents else {}
    return tuple(of_row(row, found.get(row.id, ())) for row in rows)


def of_school(db: Db, actor: Actor, school_ids: Collection[int]) -> tuple[Student, ...]:
    """Every pupil of these schools with guardians, in the actor's charge."""
    rows = db.execute(everybody().where(in_charge(actor, offices.c.path, township.c.path),
                                        students.c.school_id.in_(school_ids)).order_by(*ORDER)).all()
    found = guardians_of(db, [row.id for row in rows])
    return tuple(of_row(row, found[row.id]) for row in rows)


def by_keys(db: Db, ids: Sequence[int]) -> dict[int, Student]:
    """Pupils of a batch that the caller has loaded in its own charge, with guardians; who has gone is left out."""
    found = guardians_of(db, ids)
    rows = (row for some in slices(ids) for row in db.execute(everybody().where(students.c.id.in_(some))))
    return {row.id: of_row(row, found[row.id]) for row in rows}


def classes(db: Db, actor: Actor, school_id: int) -> tuple[tuple[int, str], ...]:
    """(grade, name) of the classes in which the school has pupils in the actor's charge."""
    rows = db.execute(_joined(select(students.c.grade, students.c.class_name).distinct())
                      .where(in_charge(actor, offices.c.path, township.c.path), students.c.school_id == school_id)
                      .order_by(students.c.grade, students.c.class_name))
    return tuple((row.grade, row.class_name) for row in rows)


def villages(db: Db, actor: Actor, township_id: int) -> tuple[str, ...]:
    """Villages of the township in which pupils of the actor's charge live."""
    rows = db.execute(_joined(select(students.c.village).distinct())
                      .where(in_charge(actor, offices.c.path, township.c.path), students.c.township_id == township_id)
                      .order_by(students.c.village))
    return tuple(rows.scalars())


def _joined(statement: Select[Any]) -> Select[Any]:
    return (statement.join(offices, offices.c.id == students.c.school_id)
            .join(township, township.c.id == students.c.township_id))


def _narrowed(actor: Actor, wanted: Wanted) -> Select[Any]:
    exact: list[tuple[ColumnElement[Any], Any]] = [
        (students.c.school_id, wanted.school_id), (students.c.grade, wanted.grade),
        (students.c.class_name, wanted.class_name), (students.c.township_id, wanted.township_id),
        (students.c.village, wanted.village), (students.c.status, wanted.status)]
    clauses = [column == value for column, value in exact if value not in (None, "")]
    if wanted.only is not None:
        clauses.append(students.c.id.in_(wanted.only))
    if wanted.without:
        clauses.append(students.c.id.not_in(wanted.without))
    return everybody().where(in_charge(actor, offices.c.path, township.c.path), *matching(wanted.query), *clauses)


def add_many(db: Db, entries: Sequence[tuple[NewStudent, Sequence[NewGuardian]]], now: datetime) -> list[int]:
    """Enter pupils with their guardians; answers their keys in the same order."""
    public_ids = [new_public_id() for _ in entries]
    keys: dict[str, int] = {}
    for some in slices(list(zip(public_ids, entries, strict=True))):
        db.execute(insert(students), [{"public_id": public_id, "created_at": now, **columns_of(new)}
                                      for public_id, (new, _) in some])
        rows = db.execute(select(students.c.public_id, students.c.id)
                          .where(students.c.public_id.in_([public_id for public_id, _ in some])))
        keys |= {row.public_id: row.id for row in rows}
        parents = [{"student_id": keys[public_id], "position": position, **vars(parent)}
                   for public_id, (_, found) in some for position, parent in enumerate(found)]
        if parents:
            db.execute(insert(guardians), parents)
    return [keys[public_id] for public_id in public_ids]


def remove(db: Db, ids: Sequence[int]) -> None:
    """Take pupils out whom nothing refers to, with their guardians (an import undone)."""
    for some in slices(ids):
        db.execute(delete(guardians).where(guardians.c.student_id.in_(some)))
        db.execute(delete(students).where(students.c.id.in_(some)))


def with_cases(db: Db, ids: Sequence[int], *, still_open: bool = False) -> frozenset[int]:
    """Which of these pupils, loaded by the caller, have a case; `still_open`: one that is not closed."""
    found: set[int] = set()
    for some in slices(ids):
        statement = select(cases.c.student_id).where(cases.c.student_id.in_(some))
        if still_open:
            statement = statement.where(~select(case_steps.c.id).where(
                case_steps.c.case_id == cases.c.id, case_steps.c.step == Step.FILE.value).exists())
        found.update(db.execute(statement).scalars())
    return frozenset(found)


def move(db: Db, ids: Sequence[int], **values: Any) -> None:
    """Set grade or status of pupils whom the caller has loaded in its own charge."""
    for some in slices(ids):
        db.execute(update(students).where(students.c.id.in_(some)).values(**values))


def fill_keys(db: Db) -> int:
    """Write the search keys of pupils entered before there were any; answers of how many."""
    rows = db.execute(select(students.c.id, students.c.name)
                      .where(students.c.initials == "", students.c.pinyin == "")).all()
    found: Iterable[tuple[int, tuple[str, str]]] = ((row.id, readings.keys(row.name)) for row in rows)
    filled = [(key, pinyin, initials) for key, (pinyin, initials) in found if pinyin or initials]
    for key, pinyin, initials in filled:
        db.execute(update(students).where(students.c.id == key).values(pinyin=pinyin, initials=initials))
    return len(filled)
