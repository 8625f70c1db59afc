"""The door for work that happens after the commit: a Huey consumer, a healer that rings again, a nightly sweep."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions import set_up
from app.actions.forget_passing import forget_passing
from app.actions.sweep_files import sweep
from app.actions.work_jobs import free_jobs_of_the_dead, work_off
from app.outside.faults import frames_of
from app.records import jobs

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.outside.clock import Clock

log = logging.getLogger(__name__)
HEAL_SECONDS = 5.0
INITIAL_DELAY, MAX_DELAY = 0.02, 0.1
SWEEP_HOUR = 3
"""Local hour at which every file is read."""


def run(desk: Desk, workers: int) -> None:
    """Work until SIGINT or SIGTERM. Raises Refused when the register is of another version."""
    set_up.require_ready(desk)
    desk.doorbell.answer = lambda job_id: void(work_off(desk, job_id))
    over = threading.Event()
    for name, minds in (("healer", _heal), ("sweeper", _sweep)):
        threading.Thread(target=minds, args=(desk, over), name=name, daemon=True).start()
    consumer = desk.doorbell.huey.create_consumer(workers=workers, initial_delay=INITIAL_DELAY, max_delay=MAX_DELAY,
                                                  periodic=False, check_worker_health=True)
    try:
        consumer.run()
    finally:
        over.set()


def void(_answer: bool) -> None:  # noqa: FBT001  (the queue keeps no answers: a stored one would never be read)
    """Throw a task's answer away."""


def _heal(desk: Desk, over: threading.Event) -> None:
    """Ring for rows that are undone: a lost ring, a worker that died, a try that waited. At once, then ever again."""
    while not over.is_set():
        try:
            free_jobs_of_the_dead(desk)
            with desk.register.reading() as db:
                due = jobs.due(db, desk.clock.now())
            if desk.doorbell.pending() < len(due):  # else all of them are rung for, and the workers are at it
                desk.doorbell.ring(due)
        except Exception as error:  # noqa: BLE001  (what kept the register from answering may be over at the next look)
            log.error("the healer could not look: %s", frames_of(error))  # noqa: TRY400  (never the message)
        over.wait(HEAL_SECONDS)


def _sweep(desk: Desk, over: threading.Event) -> None:
    """Files and rows are compared when a worker starts, and every night with every file read."""
    deep = False
    while not over.is_set():
        try:
            forget_passing(desk)
            found = sweep(desk, deep=deep)
            if found.lost:
                log.error("sweep: %d files are missing or altered; see flask doctor", len(found.lost))
        except Exception as error:  # noqa: BLE001  (the next sweep does what this one could not)
            log.error("the sweep ended early: %s", frames_of(error))  # noqa: TRY400  (never the message)
        deep = True
        over.wait(until_sweep(desk.clock, desk.clock.now()).total_seconds())


def until_sweep(clock: Clock, now: datetime) -> timedelta:
    """How long until the next nightly sweep."""
    local = clock.local(now)
    at = local.replace(hour=SWEEP_HOUR, minute=0, second=0, microsecond=0)
    return (at if at > local else at + timedelta(days=1)) - local
