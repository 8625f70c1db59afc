"""Try again to make a paper that needed a person, after the cause was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.draft_paper import require_own
from app.actions.submit_paper import PRODUCE
from app.errors import Refused
from app.law import powers
from app.law.lives import Production
from app.records import audit, jobs, papers

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor


def produce_again(desk: Desk, actor: Actor, public_id: str) -> None:
    """Write a new job for a paper in state 需人工处理."""
    powers.require(actor, powers.Power.SUBMIT_PAPER)
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        if row.production is not Production.NEEDS_PERSON:
            raise Refused(f"这份文书现在是“{row.production.label}”，不用重做。")
        papers.mark_waiting(db, row.id)
        jobs.add(db, PRODUCE, row.id, now)
        audit.append(db, actor, "produce_again", "paper", row.id, now, case_id=row.case_id)
