"""While a job runs its lease goes on, so that only a dead worker's job is taken by another."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.outside.faults import frames_of
from app.records import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.actions.desk import Desk
    from app.records.jobs import Job

log = logging.getLogger(__name__)
EVERY_SECONDS = jobs.LEASE.total_seconds() / 3
"""Two beats may fail before the lease is over."""


@contextmanager
def heartbeat(desk: Desk, job: Job) -> Iterator[None]:
    """Renew the lease from a thread of its own until the block ends or the job is another's."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(EVERY_SECONDS):
            try:
                with desk.register.transaction() as db:
                    held = jobs.keep(db, job, desk.clock.now())
            except Exception as error:  # noqa: BLE001  (a register that was busy may answer at the next beat)
                log.error("no heartbeat for job %s: %s", job.id, frames_of(error))  # noqa: TRY400  (never the message)
                continue
            if not held:
                log.error("job %s was taken over while it was worked on", job.id)
                return

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
