"""Jobs that failed for good: try one again after its cause was mended, or give it up and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.compile_file import BIND
from app.actions.submit_paper import PRODUCE
from app.law import powers, reasons
from app.law.lives import Production
from app.records import audit, failed, packets, papers

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db

SHORTEST_REASON, LONGEST_REASON = 5, 200


def retry_job(desk: Desk, actor: Actor, job_id: int) -> None:
    """重做: the same row once more from its first try; the page it is for says 制作中 again."""
    powers.require(actor, powers.Power.MANAGE_JOBS)
    now = desk.clock.now()
    with desk.change() as db:
        job = failed.load(db, actor, job_id)
        if job.kind in _WAIT_AGAIN:
            _WAIT_AGAIN[job.kind](db, job.subject_id)
        failed.again(db, job_id, now)
        audit.append(db, actor, "retry_job", "job", job_id, now, kind=job.kind)


def drop_job(desk: Desk, actor: Actor, job_id: int, reason: str) -> None:
    """放弃: nobody waits for it any more. The reason stays with the job, not in the chain: it is free text."""
    powers.require(actor, powers.Power.MANAGE_JOBS)
    why = reasons.reason(reason, f"放弃的原因要写{SHORTEST_REASON}到{LONGEST_REASON}个字。", least=SHORTEST_REASON,
                         most=LONGEST_REASON, advice="请写明为什么不再做，不要写学生姓名。")
    now = desk.clock.now()
    with desk.change() as db:
        job = failed.load(db, actor, job_id)
        failed.drop(db, job_id, why, now)
        audit.append(db, actor, "drop_job", "job", job_id, now, kind=job.kind)


def _paper_waits(db: Db, paper_id: int) -> None:
    if papers.load_for_job(db, paper_id).production is Production.NEEDS_PERSON:
        papers.mark_waiting(db, paper_id)


def _packet_waits(db: Db, packet_id: int) -> None:
    if packets.load_for_job(db, packet_id).production is Production.NEEDS_PERSON:
        packets.mark_waiting(db, packet_id)


_WAIT_AGAIN: dict[str, Callable[[Db, int], None]] = {PRODUCE: _paper_waits, BIND: _packet_waits}
"""What the failure told the page, by kind of job, and how that is taken back."""
