"""Send a draft to be approved, or take it back before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import case_facts, paper_matters
from app.actions.draft_paper import require_own
from app.errors import Refused
from app.law import powers, reasons
from app.law.lives import PaperState, Production
from app.outside import templates
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import audit, cases, jobs, papers

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor

PRODUCE = "produce_paper"


def submit_paper(desk: Desk, actor: Actor, public_id: str, version: int | None = None) -> None:
    """Freeze an issued paper's draft and have its page made, so that the approver sees what is signed.

    `version` is that of the page that was looked at; None for a caller who has just loaded it.
    """
    _freeze(desk, actor, public_id, Life.ISSUED, version)


def finish_record(desk: Desk, actor: Actor, public_id: str, version: int | None = None) -> None:
    """Freeze a record and have it printed for signing by hand; it counts when the signed scan is back."""
    _freeze(desk, actor, public_id, Life.RECORD, version)


def _freeze(desk: Desk, actor: Actor, public_id: str, life: Life, version: int | None) -> None:
    powers.require(actor, powers.Power.SUBMIT_PAPER)
    now, today = desk.clock.now(), desk.clock.today()
    with desk.register.reading() as db:
        kind = papers.load_paper(db, actor, public_id).kind
    template_sha = desk.vault.put(templates.read(kind))
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        declared = catalogue.paper(row.kind)
        if row.late or row.state is not PaperState.DRAFT or declared.life is not life:
            raise Refused(f"这份文书现在是“{row.state.label}”，不能再次送出。", advice="请刷新页面看最新情况。")
        paper_matters.require_seen(row, version)
        seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
        office = paper_matters.issuing_office(db, actor, seen, declared)
        on = paper_matters.day_of(declared, row.typed, today)
        paper_matters.require_single(seen, declared, row.id)
        paper_matters.require_step(seen, declared, on, office.level)
        facts = case_facts.facts(db, seen, declared, office, on)
        composed = paper_matters.compose(declared, facts, row.typed, desk.lawbook(db))
        names = {each.name for each in declared.typed()}
        papers.move(
            db, row, to=PaperState.SUBMITTED if life is Life.ISSUED else PaperState.ISSUED,
            frozen={name: raw for name, raw in row.typed.items() if name in names} | facts,
            printed=dict(composed.context), template_sha=template_sha, submitted_at=now,
            submitter_id=actor.account_id, issue_date=on,
            returned_note="", production=Production.WAITING.value, docx_sha=None, pdf_sha=None, pages=None)
        jobs.add(db, PRODUCE, row.id, now)
        audit.append(db, actor, "submit_paper" if life is Life.ISSUED else "finish_record", "paper", row.id, now,
                     case_id=row.case_id, kind=row.kind, day=on.isoformat())


def withdraw_paper(desk: Desk, actor: Actor, public_id: str) -> None:
    """Take a submitted paper back to change it; possible until it is approved."""
    powers.require(actor, powers.Power.SUBMIT_PAPER)
    _back_to_draft(desk, actor, public_id, "withdraw_paper", "")


def return_paper(desk: Desk, actor: Actor, public_id: str, note: str) -> None:
    """The approver sends it back with a note."""
    powers.require(actor, powers.Power.APPROVE_PAPER)
    why = reasons.reason(note, "请写明退回的原因。", where="note")
    _back_to_draft(desk, actor, public_id, "return_paper", why)


def _back_to_draft(desk: Desk, actor: Actor, public_id: str, verb: str, note: str) -> None:
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        if row.late or row.state is not PaperState.SUBMITTED:
            raise Refused(f"这份文书现在是“{row.state.label}”，不在待审签。",
                          advice="已签发的只能作废；补录的由领导退回。")
        papers.move(db, row, to=PaperState.DRAFT, returned_note=note, production=Production.NONE.value,
                    docx_sha=None, pdf_sha=None, pages=None, frozen=None, printed=None, submitted_at=None,
                    submitter_id=None)
        audit.append(db, actor, verb, "paper", row.id, now, case_id=row.case_id)
