"""Which action does which kind of job, and how a job row is worked off: claim, do, finish or fail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.actions import produce_file, produce_paper, use_seal
from app.actions.compile_file import BIND
from app.actions.heartbeat import heartbeat
from app.actions.submit_paper import PRODUCE
from app.errors import FanxiaoError, Interrupted, NotNow
from app.outside import disk, living
from app.outside.faults import frames_of
from app.records import jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.actions.desk import Desk
    from app.records.database import Db
    from app.records.jobs import Job

log = logging.getLogger(__name__)
TASKS: dict[str, Callable[[Desk, int], None]] = {
    PRODUCE: produce_paper.produce_paper,
    BIND: produce_file.produce_file,
    use_seal.APPLY: use_seal.apply_seal,
}
GIVE_UP: dict[str, Callable[[Db, int, str, datetime], None]] = {
    PRODUCE: produce_paper.give_up,
    BIND: produce_file.give_up,
    use_seal.APPLY: use_seal.give_up,
}


def work_off(desk: Desk, job_id: int) -> bool:
    """Do one job if it is free; answers whether it was done. The row stays the truth whatever happens here.

    Below the disk's floor nothing is begun: the job waits. What could not reach its outside part waits as well, and its
    try does not count; what died with the job in hand is counted apart, because the job may or may not be the reason.
    """
    if disk.low(desk.settings.instance):
        log.error("job %s waits: the disk is nearly full", job_id)
        return False
    with desk.register.transaction() as db:
        job = jobs.claim(db, job_id, desk.clock.now(), living.hold())
    if job is None:
        return False
    if job.crashes > jobs.MAX_CRASHES:
        _fail(desk, job, f"制作时后台程序多次中断。 请把任务号{job.id}告诉管理员。", for_good=True)
        return False
    try:
        with heartbeat(desk, job):
            TASKS[job.kind](desk, job.subject_id)
    except (NotNow, Interrupted) as error:
        log.error("job %s (%s) waits: %s", job.id, job.kind, frames_of(error))  # noqa: TRY400  (never the message)
        with desk.register.transaction() as db:
            (jobs.put_back if isinstance(error, NotNow) else jobs.interrupt)(db, job, str(error), desk.clock.now())
        return False
    except Exception as error:  # noqa: BLE001  (a worker outlives every job; the fault is kept in the row and shown)
        log.error("job %s (%s) failed, attempt %s: %s",  # noqa: TRY400  (never the message)
                  job.id, job.kind, job.attempts, frames_of(error))
        _fail(desk, job, str(error) if isinstance(error, FanxiaoError) else
              f"制作时程序出错。 请把任务号{job.id}告诉管理员。", for_good=job.attempts >= jobs.MAX_ATTEMPTS)
        return False
    with desk.register.transaction() as db:
        return jobs.finish(db, job, desk.clock.now())


def _fail(desk: Desk, job: Job, problem: str, *, for_good: bool) -> None:
    """The row and, for good, the page say so in one transaction; not at all when the job is another's by now."""
    now = desk.clock.now()
    with desk.change() as db:
        if jobs.fail(db, job, problem, now, for_good=for_good) and for_good:
            GIVE_UP[job.kind](db, job.subject_id, problem, now)


def free_jobs_of_the_dead(desk: Desk) -> int:
    """Let go of what workers of this machine held when they died; answers how many. Others' leases run out."""
    with desk.register.reading() as db:
        dead = [job for job in jobs.running(db) if living.known_dead(job.holder)]
    if not dead:
        return 0
    with desk.register.transaction() as db:
        return sum(jobs.set_free(db, job, desk.clock.now()) for job in dead)


def work_all(desk: Desk) -> int:
    """Do everything that is due, until nothing is; answers how many were done (tests, demo, healer)."""
    done = 0
    while True:
        with desk.register.reading() as db:
            due = jobs.due(db, desk.clock.now())
        results = [work_off(desk, job_id) for job_id in due]
        done += sum(results)
        if not any(results):
            return done
