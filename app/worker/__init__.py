"""The door for work that happens after the commit: a Huey consumer, and a healer that rings again."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from app.actions.work_jobs import work_off
from app.outside.faults import frames_of
from app.records import jobs, schema

if TYPE_CHECKING:
    from app.actions.desk import Desk

log = logging.getLogger(__name__)
HEAL_SECONDS = 5.0
INITIAL_DELAY, MAX_DELAY = 0.02, 0.1


def run(desk: Desk, workers: int) -> None:
    """Work until SIGINT or SIGTERM. Raises Refused when the register is of another version."""
    schema.require_head(desk.register)
    desk.doorbell.answer = lambda job_id: void(work_off(desk, job_id))
    over = threading.Event()
    healer = threading.Thread(target=_heal, args=(desk, over), name="healer", daemon=True)
    healer.start()
    consumer = desk.doorbell.huey.create_consumer(workers=workers, initial_delay=INITIAL_DELAY, max_delay=MAX_DELAY,
                                                  periodic=False, check_worker_health=True)
    try:
        consumer.run()
    finally:
        over.set()


def void(_answer: bool) -> None:  # noqa: FBT001  (the queue keeps no answers: a stored one would never be read)
    """Throw a task's answer away."""


def _heal(desk: Desk, over: threading.Event) -> None:
    """Ring for rows that are undone: a lost ring, a worker that died, a try that waited."""
    while not over.wait(HEAL_SECONDS):
        try:
            with desk.register.reading() as db:
                due = jobs.due(db, desk.clock.now())
        except Exception as error:  # noqa: BLE001  (what kept the register from answering may be over at the next look)
            log.error("the healer could not look: %s", frames_of(error))  # noqa: TRY400  (never the message)
            continue
        desk.doorbell.ring(due)
