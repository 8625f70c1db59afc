"""作废并重做: the wrong paper is void, and a draft with everything that was typed in it waits to be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import paper_matters
from app.actions.void_paper import make_void, reason_of
from app.errors import Refused
from app.law import powers
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import audit, papers

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor


def reissue_paper(desk: Desk, actor: Actor, public_id: str, reason: str) -> str:
    """Void the paper and begin its successor; answers the successor's public identifier.

    The draft is that of whoever drafted the void one, so that the leader who orders it done again may approve it. It
    takes a number and a date of its own when it is approved; until then the step is open.
    """
    powers.require(actor, powers.Power.VOID_PAPER)
    why, now = reason_of(reason), desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        declared = catalogue.paper(row.kind)
        if row.late:
            raise Refused("补录的纸质文书不能照着重做。", where=row.title, advice="录错的请作废后重新补录。")
        if declared.life not in (Life.ISSUED, Life.RECORD):
            raise Refused(f"《{row.title}》由系统编制，不单独重做。")
        step = make_void(db, actor, row, why, now)
        typed = {name: raw for name, raw in row.typed.items() if name != paper_matters.ISSUE_DATE}
        key, successor = papers.add_draft(
            db, kind=row.kind, title=row.title, case_id=row.case_id, office_id=row.office_id,
            drafter_id=row.drafter_id, editors=sorted(row.hands - {row.drafter_id}), now=now, typed=typed,
            copied_from_id=row.id)
        audit.append(db, actor, "reissue_paper", "paper", row.id, now, case_id=row.case_id, doc_no=row.doc_no,
                     step=step.value if step else "", successor=key)
    return successor
