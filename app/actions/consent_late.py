"""Consent to a step that was done on paper (同意补录), or send the entry back; only with the consent does it count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import issuing, paper_matters
from app.actions.draft_paper import require_own
from app.actions.enter_late import check, entry_of, late_paper
from app.errors import Refused
from app.law import powers, reasons
from app.law.lives import PaperState
from app.law.steps import Step
from app.records import audit, cases, issued, papers

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db


def consent_late(desk: Desk, actor: Actor, public_id: str, version: int | None = None) -> str:
    """Let the paper count as done on its day; answers its number ("" for kinds without one).

    Everything that an entry has to satisfy is looked at once more. `version` is that of the page that was looked at.
    """
    powers.require(actor, powers.Power.CONSENT_LATE_ENTRY)
    now, blanks = desk.clock.now(), issuing.blanks(desk)
    with desk.change() as db:
        row = _waiting(db, actor, public_id)
        paper_matters.require_seen(row, version)
        declared, entry = late_paper(row.kind), entry_of(row)
        case = cases.load_by_key(db, actor, row.case_id)
        checked = check(desk, db, actor, case, declared, entry)
        bearer = issued.bearer_of(db, str(checked.number)) if checked.number else None
        if bearer:  # let through by `check`: a void entry of the same paper
            issued.give_up(db, bearer.id, "补录录错，已重录。")
        papers.move(db, row, to=PaperState.ISSUED, frozen=checked.frozen, issue_date=entry.done_on,
                    consent_by=actor.account_id, consent_at=now, signed_by=entry.signed_by,
                    number_typed=checked.number is not None, **issuing.columns(checked.number))
        if declared.step is not None and case.day_of(declared.step) is None:
            cases.add_step(db, case.id, declared.step, done_on=entry.done_on, now=now, account_id=row.drafter_id,
                           paper_id=row.id)
        if declared.step is Step.CHECK:
            paper_matters.set_presence(db, case.id, declared, checked.frozen, entry.done_on)
        if declared.served:
            issuing.print_receipts(db, actor, papers.load_by_key(db, actor, row.id), checked.seen, issuing.Issue(
                on=entry.done_on, now=now, signer_id=actor.account_id, signer=entry.signed_by, frozen=checked.frozen,
                lawbook=desk.lawbook(db), blanks=blanks))
        audit.append(db, actor, "consent_late", "paper", row.id, now, case_id=case.id, kind=row.kind,
                     doc_no=str(checked.number or ""), day=entry.done_on.isoformat(),
                     **({"in_place_of": bearer.id} if bearer else {}))
    return str(checked.number or "")


def return_late(desk: Desk, actor: Actor, public_id: str, note: str) -> None:
    """Send the entry back with a reason, to be corrected."""
    powers.require(actor, powers.Power.CONSENT_LATE_ENTRY)
    why = reasons.reason(note, "请写明退回的原因。", where="note")
    now = desk.clock.now()
    with desk.change() as db:
        row = _waiting(db, actor, public_id)
        papers.move(db, row, to=PaperState.DRAFT, returned_note=why, submitted_at=None, submitter_id=None)
        audit.append(db, actor, "return_late", "paper", row.id, now, case_id=row.case_id)


def _waiting(db: Db, actor: Actor, public_id: str) -> papers.Paper:
    row = papers.load_paper(db, actor, public_id)
    require_own(actor, row)
    if not row.late or row.state is not PaperState.SUBMITTED:
        raise Refused(f"这份文书现在是“{row.state.label}”，没有待同意的补录。", advice="请刷新页面看最新情况。")
    if actor.account_id in row.hands:
        raise Refused("录入人不能同意自己录入的补录。", where="consent", advice="请由本单位另一名领导核对原件后办理。")
    return row
