"""Work to be done after the commit: rows are the truth, the queue only rings (decision 3).

A job is claimed by compare-and-set with a lease and the name of its holder. One whose lease ran out, or whose holder is
known to be dead, is claimed again, so every job may run twice; only who still holds it may say how it ended
(decision 23).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, String, Table, Text, and_, case, insert, or_, select, update

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

LEASE = timedelta(seconds=45)
"""So long nobody else touches a job that a worker has not been heard of; a living one is heard of every third of it."""
MAX_ATTEMPTS = 3
"""So many tries that ended in an answer, which was a failure."""
MAX_CRASHES = 5
"""So many times may whoever worked on the job die with it in hand, before the job is held to be the reason."""
AGAIN = timedelta(seconds=5)

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
    Column("holder", String(160), nullable=False, server_default=""),
    Column("crashes", Integer, nullable=False, server_default="0"),
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
    holder: str
    crashes: int


def _job(row: Row[Any]) -> Job:
    return Job(row.id, row.kind, row.subject_id, row.state, row.attempts, row.problem, row.made_at, row.holder,
               row.crashes)


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


def claim(db: Db, job_id: int, now: datetime, holder: str) -> Job | None:
    """Take the job if it is free; None when somebody else has it or it is done.

    `holder` names this one claim. A job that is taken over goes on with the same try: its worker's death is counted
    among the crashes.
    """
    taken_over = jobs.c.state == "running"
    row = db.execute(update(jobs).where(jobs.c.id == job_id, _claimable(now))
                     .values(state="running", lease_until=now + LEASE, holder=holder,
                             attempts=jobs.c.attempts + case((taken_over, 0), else_=1),
                             crashes=jobs.c.crashes + case((taken_over, 1), else_=0))
                     .returning(jobs)).one_or_none()
    return None if row is None else _job(row)


def _held(job: Job) -> ColumnElement[bool]:
    return and_(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.holder == job.holder)


def keep(db: Db, job: Job, now: datetime) -> bool:
    """Heartbeat: the lease goes on while the work does. False when the job is no longer this holder's."""
    return db.execute(update(jobs).where(_held(job)).values(lease_until=now + LEASE)).rowcount == 1


def finish(db: Db, job: Job, now: datetime) -> bool:
    """Done. Changes nothing and answers False when the job is no longer this holder's; so do the three below."""
    return _end(db, job, state="done", done_at=now, problem="")


def fail(db: Db, job: Job, problem: str, now: datetime, *, for_good: bool) -> bool:
    """Try again later, or wait for a person."""
    return _end(db, job, state="failed" if for_good else "waiting", problem=problem,
                due_at=now + AGAIN * max(job.attempts, 1))


def put_back(db: Db, job: Job, problem: str, now: datetime) -> bool:
    """The work could not be begun, and not because of the job: the try does not count."""
    return _end(db, job, state="waiting", problem=problem, due_at=now + AGAIN, attempts=job.attempts - 1)


def interrupt(db: Db, job: Job, problem: str, now: datetime) -> bool:
    """What did the work died with it in hand: counted as a crash, not as a try."""
    return _end(db, job, state="waiting", problem=problem, due_at=now + AGAIN, attempts=job.attempts - 1,
                crashes=job.crashes + 1)


def _end(db: Db, job: Job, **values: Any) -> bool:
    return db.execute(update(jobs).where(_held(job)).values(lease_until=None, **values)).rowcount == 1


def running(db: Db) -> tuple[Job, ...]:
    return tuple(_job(row) for row in db.execute(select(jobs).where(jobs.c.state == "running")))


def set_free(db: Db, job: Job, now: datetime) -> bool:
    """The holder is known to be dead: the job need not wait for the end of the lease."""
    return db.execute(update(jobs).where(_held(job)).values(lease_until=now - LEASE)).rowcount == 1


def held_up(db: Db, since: datetime) -> Job | None:
    """The oldest job older than `since` that no try of was ever begun; its `problem` says what it waits for.

    That is a sentence of ours about an outside part and holds no name.
    """
    row = db.execute(select(jobs).where(jobs.c.state == "waiting", jobs.c.attempts == 0, jobs.c.problem != "",
                                        jobs.c.made_at < since).order_by(jobs.c.id).limit(1)).one_or_none()
    return None if row is None else _job(row)


def failed(db: Db) -> tuple[Job, ...]:
    return tuple(_job(row) for row in db.execute(select(jobs).where(jobs.c.state == "failed").order_by(jobs.c.id)))


def open_count(db: Db) -> int:
    return len(db.execute(select(jobs.c.id).where(jobs.c.state.in_(("waiting", "running")))).all())
