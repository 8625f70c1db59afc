"""Cases (一人一案) and the steps done in them, each with the day it was done and the moment it was entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    exists,
    insert,
    select,
    update,
)

from app.errors import NotVisible, Refused
from app.law.steps import Done, Step
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge
from app.records.students import students

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Row, Select

    from app.law.offices import Actor

cases = Table(
    "cases", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("case_no", String(40), nullable=False, unique=True),
    Column("student_id", ForeignKey("students.id"), nullable=False, index=True),
    Column("cycle", Integer, nullable=False, server_default="1"),
    Column("school_id", ForeignKey("offices.id"), nullable=False),
    Column("school_path", String(200), nullable=False, index=True),
    Column("township_id", ForeignKey("offices.id"), nullable=False),
    Column("township_path", String(200), nullable=False, index=True),
    Column("first_absent_on", Date, nullable=False),
    Column("reason_code", String(1), nullable=False),
    Column("returned_on", Date, nullable=True),
    Column("present", Boolean, nullable=True),
    Column("opened_by", ForeignKey("accounts.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    UniqueConstraint("student_id", "cycle"),
)
case_steps = Table(
    "case_steps", metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("step", String(12), nullable=False),
    Column("done_on", Date, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", ForeignKey("accounts.id"), nullable=False),
    Column("paper_id", Integer, nullable=True),
    UniqueConstraint("case_id", "step"),
)


@dataclass(frozen=True)
class StepDone:
    """A step with its two dates, who entered it and the paper that proves it."""

    step: Step
    done_on: date
    entered_at: datetime
    entered_by: int
    paper_id: int | None


@dataclass(frozen=True)
class Case:
    """A case with its pupil's name and its steps in order."""

    id: int
    public_id: str
    case_no: str
    student_id: int
    cycle: int
    school_id: int
    school_path: str
    township_id: int
    township_path: str
    first_absent_on: date
    reason_code: str
    returned_on: date | None
    present: bool | None
    opened_by: int
    opened_at: datetime
    student_name: str
    steps: tuple[StepDone, ...] = ()

    @property
    def done(self) -> tuple[Done, ...]:
        """The steps as the law looks at them."""
        return tuple(Done(each.step, each.done_on) for each in self.steps)

    def day_of(self, step: Step) -> date | None:
        return next((each.done_on for each in self.steps if each.step is step), None)


def _query(actor: Actor) -> Select[Any]:
    return (select(cases, students.c.name.label("student_name"))
            .join(students, students.c.id == cases.c.student_id)
            .where(in_charge(actor, cases.c.school_path, cases.c.township_path)))


def _case(row: Row[Any], steps: tuple[StepDone, ...]) -> Case:
    return Case(**row._mapping, steps=steps)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def _steps(db: Db, ids: list[int]) -> dict[int, list[StepDone]]:
    found: dict[int, list[StepDone]] = {case_id: [] for case_id in ids}
    rows = db.execute(select(case_steps).where(case_steps.c.case_id.in_(ids)).order_by(case_steps.c.id))
    for row in rows:
        found[row.case_id].append(StepDone(Step(row.step), row.done_on, row.entered_at, row.entered_by, row.paper_id))
    return found


def list_cases(db: Db, actor: Actor, query: str = "", limit: int | None = None) -> tuple[Case, ...]:
    """Cases in the actor's charge, newest first; of all of them, or of those that match, no more than `limit`."""
    statement = _query(actor)
    if query:
        statement = statement.where(students.c.name.contains(query, autoescape=True) | (cases.c.case_no == query))
    return _listed(db, statement.order_by(cases.c.id.desc()).limit(limit))


def open_cases(db: Db, actor: Actor) -> tuple[Case, ...]:
    """Every case in the actor's charge that is not closed, oldest first; none is left out, the oldest least of all."""
    closed = exists().where(case_steps.c.case_id == cases.c.id, case_steps.c.step == Step.FILE.value)
    return _listed(db, _query(actor).where(~closed).order_by(cases.c.id))


def of_students(db: Db, actor: Actor, ids: Sequence[int]) -> dict[int, Case]:
    """The last case of each pupil that has one in the actor's charge."""
    found = _listed(db, _query(actor).where(cases.c.student_id.in_(ids)).order_by(cases.c.cycle))
    return {each.student_id: each for each in found}


def holder_of(db: Db, student_id: int) -> str:
    """Name of the township whose case of this pupil is the last, "" where there is none.

    For a pupil whom the caller has loaded in its own charge: one who has moved has the case where the order was made.
    """
    return db.execute(select(offices.c.full_name).join(cases, cases.c.township_id == offices.c.id)
                      .where(cases.c.student_id == student_id)
                      .order_by(cases.c.cycle.desc()).limit(1)).scalar_one_or_none() or ""


def _listed(db: Db, statement: Select[Any]) -> tuple[Case, ...]:
    rows = db.execute(statement).all()
    steps = _steps(db, [row.id for row in rows])
    return tuple(_case(row, tuple(steps[row.id])) for row in rows)


def load_case(db: Db, actor: Actor, public_id: str) -> Case:
    """Raises NotVisible for a stranger's case as for none."""
    return _loaded(db, db.execute(_query(actor).where(cases.c.public_id == public_id)).one_or_none())


def load_by_key(db: Db, actor: Actor, case_id: int) -> Case:
    return _loaded(db, db.execute(_query(actor).where(cases.c.id == case_id)).one_or_none())


def _loaded(db: Db, row: Row[Any] | None) -> Case:
    if row is None:
        raise NotVisible
    return _case(row, tuple(_steps(db, [row.id])[row.id]))


def of_student(db: Db, actor: Actor, student_id: int) -> tuple[Case, ...]:
    return _listed(db, _query(actor).where(cases.c.student_id == student_id).order_by(cases.c.cycle))


def add(db: Db, **values: Any) -> str:
    """Open a case (columns of `cases` without id and public_id) and answer its public identifier."""
    public_id = new_public_id()
    db.execute(insert(cases).values(public_id=public_id, **values))
    return public_id


def add_step(db: Db, case_id: int, step: Step, *, done_on: date, now: datetime, account_id: int,
             paper_id: int | None) -> None:
    """Enter a step. A step stands once in a case; the constraint is the last wall behind law.steps.require_next."""
    db.execute(insert(case_steps).values(case_id=case_id, step=step.value, done_on=done_on, entered_at=now,
                                         entered_by=account_id, paper_id=paper_id))


def remove_step_of_paper(db: Db, case_id: int, paper_id: int) -> Step | None:
    """Take back the step that a void paper proved; refused when a later step stands on it."""
    steps = _steps(db, [case_id])[case_id]
    own = next((each for each in steps if each.paper_id == paper_id), None)
    if own is None:
        return None
    order = list(Step)
    later = next((each for each in steps if order.index(each.step) > order.index(own.step)), None)
    if later is not None:
        raise Refused(f"后面的“{later.step.label}”已经办理，不能作废。", advice="请先作废后面的文书。")
    db.execute(case_steps.delete().where(case_steps.c.case_id == case_id, case_steps.c.step == own.step.value))
    return own.step


def remove_step(db: Db, case_id: int, step: Step) -> None:
    """Take a step back that no longer holds (the caller has looked for later ones)."""
    db.execute(case_steps.delete().where(case_steps.c.case_id == case_id, case_steps.c.step == step.value))


def set_presence(db: Db, case_id: int, *, present: bool | None, returned_on: date | None) -> None:
    """Result of the check: at school again, still absent, or (None) not known because the check is void."""
    db.execute(update(cases).where(cases.c.id == case_id).values(present=present, returned_on=returned_on))
