"""Huey as a doorbell: it carries job ids and nothing else (decision 3).

Huey drops a message before it runs it; therefore a lost ring is harmless, because the worker's healer rings again for
every row that is still undone. The same holds for a Redis that dies with all that was rung: nothing is kept in it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from huey import RedisHuey, SqliteHuey
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.errors import Refused
from app.outside.faults import frames_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)
LONGEST_WAIT_S = 3
"""A Redis that does not answer holds up a person no longer; more than the second for which a worker listens at once."""


class Doorbell:
    """One queue for one installation. `answer` is what a consumer does with a job id."""

    def __init__(self, folder: Path, queue_url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.kind = "Redis" if queue_url else "内置"
        self.huey: Any = _open(folder, queue_url)
        self.answer: Callable[[int], None] | None = None
        self._task = self.huey.task(name="job")(self._came)

    def ring(self, jobs: Sequence[int]) -> None:
        """Tell the workers of these rows. A bell that cannot be rung is logged; the healer makes up for it."""
        for job in jobs:
            try:
                self._task(job)
            except Exception as error:  # noqa: BLE001  (any queue fault is harmless by design; the row is the truth)
                log.error("doorbell not rung for job %s: %s", job, frames_of(error))  # noqa: TRY400  (never the message)
                return

    def pending(self) -> int:
        """How many rings nobody has heard yet."""
        return len(self.huey)

    def hangs(self) -> bool:
        """Whether it could be rung now."""
        try:
            self.pending()
        except Exception as error:  # noqa: BLE001  (whatever keeps it from ringing is the answer)
            log.error("no doorbell: %s", frames_of(error))  # noqa: TRY400  (never the message)
            return False
        return True

    def _came(self, job: int) -> None:
        if self.answer is not None:
            self.answer(job)


def _open(folder: Path, queue_url: str) -> Any:
    if not queue_url:
        return SqliteHuey("fanxiao", filename=str(folder / "queue.db"), fsync=True)
    try:
        pool = ConnectionPool.from_url(queue_url, socket_connect_timeout=LONGEST_WAIT_S, socket_timeout=LONGEST_WAIT_S,
                                       retry=Retry(NoBackoff(), 0))
    except ValueError:
        raise Refused("queue_url 应写作 redis://…、rediss://… 或 unix://…。", where="queue_url") from None
    return RedisHuey("fanxiao", connection_pool=pool)
