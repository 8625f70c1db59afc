"""Jobs that failed for good, as an administrator sees them: which paper of which case, and why; no child's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select, true, update

from app.errors import NotVisible
from app.law.offices import Level
from app.records.cases import cases
from app.records.jobs import jobs
from app.records.offices import offices
from app.records.packets import packets
from app.records.papers import papers
from app.records.scope import in_charge
from app.records.seals import seal_uses
from app.records.students import guardians, students

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from app.law.offices import Actor
    from app.records.database import Db

BINDS, SEALS = "produce_file", "apply_seal"
"""The kinds of jobs whose subject is a bound file, or a use of a seal; that of all others is a paper."""
FAILED, WAITING, DROPPED = "failed", "waiting", "dropped"
QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\d{6,}[Xx]?")


@dataclass(frozen=True)
class Failed:
    """One job that was tried in vain."""

    id: int
    kind: str
    subject_id: int
    since: datetime
    attempts: int
    problem: str
    """In Chinese, with what it quoted and the names of the case's people taken out."""
    title: str
    case_no: str
    office: str


def listed(db: Db, actor: Actor) -> tuple[Failed, ...]:
    """Failed jobs in the actor's charge, oldest first."""
    rows = db.execute(_query(actor).order_by(jobs.c.id)).all()
    names = _names(db, {row.student_id for row in rows if row.student_id})
    return tuple(_failed(row, names.get(row.student_id, ())) for row in rows)


def load(db: Db, actor: Actor, job_id: int) -> Failed:
    """Raises NotVisible when there is no such failed job in charge."""
    row = db.execute(_query(actor).where(jobs.c.id == job_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _failed(row, _names(db, {row.student_id}).get(row.student_id, ()) if row.student_id else ())


def count(db: Db, actor: Actor) -> int:
    return int(db.execute(select(func.count()).select_from(_query(actor).subquery())).scalar_one())


def again(db: Db, job_id: int, now: datetime) -> None:
    """Let the job be tried anew; it is rung for after the commit."""
    db.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state == FAILED)
               .values(state=WAITING, attempts=0, crashes=0, due_at=now, lease_until=None))
    db.jobs.append(job_id)


def drop(db: Db, job_id: int, reason: str, now: datetime) -> None:
    """Nobody is to try again; the reason is kept beside the problem."""
    db.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state == FAILED)
               .values(state=DROPPED, done_at=now, problem=jobs.c.problem + f"　放弃：{reason}"))


def _query(actor: Actor) -> Select[Any]:
    binds = jobs.c.kind == BINDS
    mine: ColumnElement[bool] = true() if actor.level is Level.CITY else in_charge(
        actor, cases.c.school_path, cases.c.township_path)
    return (select(jobs.c.id, jobs.c.kind, jobs.c.subject_id, jobs.c.made_at, jobs.c.attempts, jobs.c.problem,
                   func.coalesce(papers.c.title, packets.c.title, "").label("title"), cases.c.case_no,
                   cases.c.student_id, offices.c.name.label("office"))
            .outerjoin(seal_uses, and_(seal_uses.c.id == jobs.c.subject_id, jobs.c.kind == SEALS))
            .outerjoin(papers, and_(papers.c.id == case((jobs.c.kind == SEALS, seal_uses.c.paper_id),
                                                        else_=jobs.c.subject_id), ~binds))
            .outerjoin(packets, and_(packets.c.id == jobs.c.subject_id, binds))
            .outerjoin(cases, or_(cases.c.id == papers.c.case_id, cases.c.id == packets.c.case_id))
            .outerjoin(offices, or_(offices.c.id == papers.c.office_id, offices.c.id == packets.c.office_id))
            .where(jobs.c.state == FAILED, mine))


def _names(db: Db, ids: set[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {each: [] for each in ids}
    for row in db.execute(select(students.c.id, students.c.name).where(students.c.id.in_(ids))):
        found[row.id].append(row.name)
    for row in db.execute(select(guardians.c.student_id, guardians.c.name).where(guardians.c.student_id.in_(ids))):
        found[row.student_id].append(row.name)
    return {key: tuple(each) for key, each in found.items()}


def _failed(row: Row[Any], names: Iterable[str]) -> Failed:
    return Failed(row.id, row.kind, row.subject_id, row.made_at, row.attempts, nameless(row.problem, names), row.title,
                  row.case_no or "", row.office or "")


def nameless(problem: str, names: Iterable[str]) -> str:
    """The sentence without these names, without what it quotes and without long numbers."""
    for name in names:
        problem = problem.replace(name, "某某")
    return QUOTED.sub("…", problem)
