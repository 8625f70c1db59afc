"""Void an issued paper: it stays in the register with its number and the reason; what hangs on it is void too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.draft_paper import require_own
from app.errors import Refused
from app.law import powers, reasons
from app.law.lives import SIGNED_ON_PAPER, PaperState
from app.law.steps import Step
from app.papers import catalogue
from app.records import audit, cases, files, papers, services

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db

LEAST_REASON = 5


def void_paper(desk: Desk, actor: Actor, public_id: str, reason: str) -> None:
    """Void with a reason of at least five characters. Refused when a later step stands on the paper."""
    powers.require(actor, powers.Power.VOID_PAPER)
    why, now = reason_of(reason), desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        step = make_void(db, actor, row, why, now)
        audit.append(db, actor, "void_paper", "paper", row.id, now, case_id=row.case_id, doc_no=row.doc_no,
                     step=step.value if step else "")


def reason_of(given: str) -> str:
    """The reason, long enough to say something. Raises Refused otherwise."""
    return reasons.reason(given, f"请写明作废原因，至少{LEAST_REASON}个字。", least=LEAST_REASON)


def make_void(db: Db, actor: Actor, row: papers.Paper, reason: str, now: datetime) -> Step | None:
    """Void the paper with what hangs on it, and take its step back; answers the step that then no longer stands."""
    require_own(actor, row)
    if row.state is not PaperState.ISSUED:
        raise Refused(f"这份文书现在是“{row.state.label}”，没有可作废的。")
    if row.follows_id is not None:
        raise Refused("回证随所送达的文书一同作废，不单独作废。")
    for hand in row.hands:
        powers.require_other_person(hand, actor)
    if services.of_paper(db, row.id):
        raise Refused("已经登记送达，不能作废。", where=row.title,
                      advice="送达后发现错误的，请制发更正或撤销的文书，并再次送达。")
    _require_no_order_on(db, actor, row)
    step = cases.remove_step_of_paper(db, row.case_id, row.id)
    if step is not None:
        _stand_on_another(db, actor, row, step, now)
    if step is Step.CHECK:
        cases.set_presence(db, row.case_id, present=None, returned_on=None)
    void = {"void_reason": reason, "voided_by": actor.account_id, "voided_at": now}
    papers.move(db, row, to=PaperState.VOID, **void)
    for each in papers.of_case(db, actor, row.case_id):
        if each.follows_id == row.id and each.state is not PaperState.VOID:
            papers.move(db, each, to=PaperState.VOID, **void)
    return step


def _require_no_order_on(db: Db, actor: Actor, row: papers.Paper) -> None:
    """An order says who was heard: no hearing under it goes, whether it carries the step or is one of several."""
    if not catalogue.paper(row.kind).hears:
        return
    for each in papers.of_case(db, actor, row.case_id):
        if catalogue.paper(each.kind).step is not Step.ORDER:
            continue
        if each.state is PaperState.SUBMITTED:
            raise Refused(f"《{each.title}》已经送审，写着这次批评教育，不能作废笔录。", where=row.title,
                          advice=f"请先{'退回补录的' if each.late else '撤回或者退回'}通知书，再作废笔录。")
        if each.state is PaperState.ISSUED:
            raise Refused(f"《{each.title}》已经签发，写着这次批评教育，不能作废笔录。", where=row.title,
                          advice="请先作废通知书，再作废笔录。")


def _stand_on_another(db: Db, actor: Actor, row: papers.Paper, step: Step, now: datetime) -> None:
    """A step that another signed record of the case proves as well (the other guardian's hearing) goes on standing."""
    for each in papers.of_case(db, actor, row.case_id):
        other = each.kind == row.kind and each.id != row.id and each.state is PaperState.ISSUED
        signed = any(scan.role in SIGNED_ON_PAPER for scan in files.of_paper(db, each.id))
        if other and signed and each.issue_date:
            cases.add_step(db, row.case_id, step, done_on=each.issue_date, now=now, account_id=actor.account_id,
                           paper_id=each.id)
            return
