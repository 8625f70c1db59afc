"""While a job runs its lease goes on, so that only a dead worker's job is taken by another."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.records import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.actions.desk import Desk

EVERY_SECONDS = jobs.LEASE.total_seconds() / 5


@contextmanager
def heartbeat(desk: Desk, job_id: int) -> Iterator[None]:
    """Renew the lease from a thread of its own until the block ends."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(EVERY_SECONDS):
            with desk.register.transaction() as db:
                jobs.keep(db, job_id, desk.clock.now())

    thread = threading.Thread(target=beat, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
