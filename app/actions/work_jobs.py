"""Which action does which kind of job, and how a job row is worked off: claim, do, finish or fail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.actions import produce_file, produce_paper
from app.actions.compile_file import BIND
from app.actions.heartbeat import heartbeat
from app.actions.submit_paper import PRODUCE
from app.errors import FanxiaoError, NeedsPerson
from app.outside.faults import frames_of
from app.records import jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.actions.desk import Desk
    from app.records.jobs import Job

log = logging.getLogger(__name__)
TASKS: dict[str, Callable[[Desk, int], None]] = {
    PRODUCE: produce_paper.produce_paper,
    BIND: produce_file.produce_file,
}
GIVE_UP: dict[str, Callable[[Desk, int, NeedsPerson], None]] = {
    PRODUCE: produce_paper.give_up,
    BIND: produce_file.give_up,
}


def work_off(desk: Desk, job_id: int) -> bool:
    """Do one job if it is free; answers whether it was done. The row stays the truth whatever happens here."""
    with desk.register.transaction() as db:
        job = jobs.claim(db, job_id, desk.clock.now())
    if job is None:
        return False
    if job.attempts > jobs.MAX_ATTEMPTS:
        _fail(desk, job, NeedsPerson("制作时后台程序多次中断。", advice=f"请把任务号{job.id}告诉管理员。"))
        return False
    try:
        with heartbeat(desk, job_id):
            TASKS[job.kind](desk, job.subject_id)
    except Exception as error:  # noqa: BLE001  (a worker outlives every job; the fault is kept in the row and shown)
        log.error("job %s (%s) failed, attempt %s: %s",  # noqa: TRY400  (never the message)
                  job.id, job.kind, job.attempts, frames_of(error))
        _fail(desk, job, error)
        return False
    with desk.register.transaction() as db:
        jobs.finish(db, job_id, desk.clock.now())
    return True


def _fail(desk: Desk, job: Job, error: Exception) -> None:
    problem = error if isinstance(error, FanxiaoError) else NeedsPerson(
        "制作时程序出错。", advice=f"请把任务号{job.id}告诉管理员。")
    if job.attempts >= jobs.MAX_ATTEMPTS:
        # the page is told first: killed between the two, the job is claimed again and finds nothing left to do
        GIVE_UP[job.kind](desk, job.subject_id, problem if isinstance(problem, NeedsPerson) else NeedsPerson(
            problem.what, where=problem.where, advice=problem.advice))
    with desk.register.transaction() as db:
        jobs.fail(db, job, str(problem), desk.clock.now())


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
