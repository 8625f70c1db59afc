"""Take back a service that was entered wrongly: by a leader, with a reason, until the check is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.draft_paper import require_own
from app.actions.void_paper import LEAST_REASON
from app.errors import NotVisible, Refused
from app.law import powers, reasons
from app.law.steps import Step
from app.records import audit, cases, papers, services

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor


def withdraw_service(desk: Desk, actor: Actor, paper_id: str, service_id: int, reason: str) -> None:
    """Remove the entry and the step 送达; the audit line keeps what it said (days and mode).

    The reason goes into the paper's note, not into the chain: it is free text and may name a person.
    """
    powers.require(actor, powers.Power.VOID_PAPER)
    why = reasons.reason(reason, f"请写明撤销登记的原因，至少{LEAST_REASON}个字。", least=LEAST_REASON)
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, paper_id)
        require_own(actor, row)
        entry = next((each for each in services.of_paper(db, row.id) if each.id == service_id), None)
        if entry is None:
            raise NotVisible
        if entry.entered_by == actor.account_id:
            raise Refused("登记人不能撤销自己登记的送达。", advice="请由本单位另一名领导办理。")
        case = cases.load_by_key(db, actor, row.case_id)
        if case.day_of(Step.CHECK) is not None:
            raise Refused("已经复查，送达登记不能再撤销。", advice="请先作废复查记录。")
        services.remove(db, entry.id)
        papers.note(db, row.id, f"撤销送达登记：{why}")
        cases.remove_step(db, case.id, Step.SERVE)
        audit.append(db, actor, "withdraw_service", "paper", row.id, now, case_id=row.case_id, mode=entry.mode,
                     guardian=entry.guardian_id, effective_on=entry.effective_on.isoformat())
