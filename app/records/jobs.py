"""Work to be done after the commit: rows are the truth, the queue only rings (decision 3).

A job is claimed by compare-and-set with a lease; one whose lease ran out is claimed again, so every job may run twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, String, Table, Text, and_, insert, or_, select, update

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3

jobs = Table(
    "jobs", metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=True),
    Column("problem", Text, nullable=False, server_default=""),
    Column("made_at", Instant, nullable=False),
    Column("done_at", Instant, nullable=True),
)


@dataclass(frozen=True)
class Job:
    """One piece of work: `kind` names the action, `subject_id` the row it is about."""

    id: int
    kind: str
    subject_id: int
    state: str
    attempts: int
    problem: str
    made_at: datetime


def _job(row: Row[Any]) -> Job:
    return Job(row.id, row.kind, row.subject_id, row.state, row.attempts, row.problem, row.made_at)


def add(db: Db, kind: str, subject_id: int, now: datetime) -> int:
    """Write a job in the transaction of the action that wants it; it is rung for after the commit."""
    key = db.insert(insert(jobs).values(kind=kind, subject_id=subject_id, state="waiting", due_at=now, made_at=now))
    db.jobs.append(key)
    return key


def due(db: Db, now: datetime) -> tuple[int, ...]:
    """Jobs that wait, or whose worker died (lease over)."""
    rows = db.execute(select(jobs.c.id).where(_claimable(now)).order_by(jobs.c.id).limit(1000))
    return tuple(row.id for row in rows)


def _claimable(now: datetime) -> Any:
    return or_(and_(jobs.c.state == "waiting", jobs.c.due_at <= now),
               and_(jobs.c.state == "running", jobs.c.lease_until < now))


def claim(db: Db, job_id: int, now: datetime) -> Job | None:
    """Take the job if it is free; None when somebody else has it or it is done."""
    row = db.execute(update(jobs).where(jobs.c.id == job_id, _claimable(now))
                     .values(state="running", attempts=jobs.c.attempts + 1, lease_until=now + LEASE)
                     .returning(jobs)).one_or_none()
    return None if row is None else _job(row)


def keep(db: Db, job_id: int, now: datetime) -> None:
    """Heartbeat: the lease goes on while the work does."""
    db.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.state == "running").values(lease_until=now + LEASE))


def finish(db: Db, job_id: int, now: datetime) -> None:
    db.execute(update(jobs).where(jobs.c.id == job_id).values(state="done", done_at=now, lease_until=None, problem=""))


def fail(db: Db, job: Job, problem: str, now: datetime) -> bool:
    """Try again later, or give up and wait for a person; answers whether it gave up."""
    over = job.attempts >= MAX_ATTEMPTS
    db.execute(update(jobs).where(jobs.c.id == job.id).values(
        state="failed" if over else "waiting", problem=problem, lease_until=None,
        due_at=now + timedelta(seconds=10 * job.attempts)))
    return over


def failed(db: Db) -> tuple[Job, ...]:
    return tuple(_job(row) for row in db.execute(select(jobs).where(jobs.c.state == "failed").order_by(jobs.c.id)))


def open_count(db: Db) -> int:
    return len(db.execute(select(jobs.c.id).where(jobs.c.state.in_(("waiting", "running")))).all())
