"""Approve (签发): another person who saw the page; the number is taken in this transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import case_facts, paper_matters
from app.actions.draft_paper import require_own
from app.actions.submit_paper import PRODUCE
from app.errors import Refused
from app.law import powers
from app.law.lives import PaperState, Production
from app.law.numbering import DocumentNumber
from app.outside import templates
from app.papers import catalogue, context
from app.papers.kinds import Life
from app.records import audit, cases, jobs, numbers, offices, papers

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.actions.desk import Desk
    from app.law.lawbook import Lawbook
    from app.law.offices import Actor, Office
    from app.papers.kinds import Paper
    from app.records.database import Db
    from app.records.students import Guardian


def approve_paper(desk: Desk, actor: Actor, public_id: str, version: int | None = None) -> str:
    """Approve the paper whose page was seen; answers its number ("" for kinds without one).

    Raises Refused for the drafter, for a page that is not ready, and when the step is no longer the next one.

    `version` is that of the page that was looked at; None for a caller who has just loaded it.
    """
    powers.require(actor, powers.Power.APPROVE_PAPER)
    now = desk.clock.now()
    blanks = {each.kind: desk.vault.put(templates.read(each.kind)) for each in catalogue.PAPERS
                if each.life is Life.RECEIPT}
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        declared = catalogue.paper(row.kind)
        _require_seen(row, actor)
        paper_matters.require_seen(row, version)
        seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
        on = _day(desk, row)
        paper_matters.require_step(seen, declared, on, actor.level)
        office = offices.load(db, row.office_id)
        number = _number(db, office, declared, on)
        lawbook = desk.lawbook(db)
        frozen = case_facts.numbered(row.frozen or {}, doc_no=str(number or ""), approver=actor.name)
        papers.move(
            db, row, to=PaperState.ISSUED, frozen=frozen, approver_id=actor.account_id, approved_at=now,
            printed=dict(context.compose(declared, frozen, lawbook).context), doc_no=str(number or ""),
            organ=number.organ_code if number else None, series=number.series if number else None,
            year=number.year if number else None, seq=number.seq if number else None,
            production=Production.WAITING.value, docx_sha=None, pdf_sha=None, pages=None)
        jobs.add(db, PRODUCE, row.id, now)
        if declared.step is not None:
            cases.add_step(db, row.case_id, declared.step, done_on=on, now=now, account_id=actor.account_id,
                           paper_id=row.id)
        if declared.served:
            _print_receipts(db, actor, papers.load_by_key(db, actor, row.id), seen, lawbook, blanks, now)
        audit.append(db, actor, "approve_paper", "paper", row.id, now, case_id=row.case_id, kind=row.kind,
                     doc_no=str(number or ""), day=on.isoformat())
    return str(number or "")


def _day(desk: Desk, row: papers.Paper) -> date:
    """The paper's date: the day of approval, or the earlier day that the drafter gave and the approver saw."""
    today = desk.clock.today()
    on = row.issue_date or today
    if on != today and not row.typed.get(paper_matters.ISSUE_DATE):
        raise Refused("送审以后过了日子，成文日期应是签发当天。", where=row.title, advice="请退回，由起草人重新送审。")
    return on


def _require_seen(row: papers.Paper, actor: Actor) -> None:
    for hand in row.hands:
        powers.require_other_person(hand, actor)
    if row.state is not PaperState.SUBMITTED:
        raise Refused(f"这份文书现在是“{row.state.label}”，不能签发。", advice="请刷新页面看最新情况。")
    if row.production is Production.NEEDS_PERSON:
        raise Refused("样张没有制成，不能签发。", where=row.title, advice=row.problem)
    if row.production is not Production.READY:
        raise Refused("样张还在制作，看过才能签发。", where=row.title, advice="请稍等几秒再刷新。")


def _number(db: Db, office: Office, declared: Paper, on: date) -> DocumentNumber | None:
    if not declared.series:
        return None
    if not office.organ_code:
        raise Refused(f"{office.name}还没有设机关代字，不能编文号。", where="文号",
                      advice="请管理员运行 flask office set 设置机关代字。")
    seq = numbers.take(db, office.organ_code, declared.series, on.year)
    return DocumentNumber(office.organ_code, declared.series, on.year, seq)


def _print_receipts(db: Db, actor: Actor, row: papers.Paper, seen: case_facts.CaseView, lawbook: Lawbook,
                    blanks: dict[str, str], now: datetime) -> None:
    """A blank receipt for each party, printed with the paper it belongs to."""
    declared = next((each for each in catalogue.PAPERS if each.follows == row.kind), None)
    if declared is None:
        return
    office = offices.load(db, row.office_id)
    for guardian in seen.student.guardians:
        facts = case_facts.facts(db, seen, declared, office, row.issue_date or now.date()) | _served_facts(
            declared, row, guardian)
        key, public_id = papers.add_draft(
            db, kind=declared.kind, title=declared.title, case_id=row.case_id, office_id=row.office_id,
            drafter_id=row.drafter_id, now=now, typed={}, follows_id=row.id, guardian_id=guardian.id)
        receipt = papers.load_paper(db, actor, public_id)
        papers.move(db, receipt, to=PaperState.ISSUED, frozen=facts,
                    printed=dict(context.compose(declared, facts, lawbook).context),
                    template_sha=blanks[declared.kind], issue_date=row.issue_date,
                    production=Production.WAITING.value)
        jobs.add(db, PRODUCE, key, now)


def _served_facts(declared: Paper, row: papers.Paper, guardian: Guardian) -> dict[str, str]:
    known = {"served_title": row.title, "served_no": row.doc_no, "addressee": guardian.name,
             "addressee_relation": guardian.relation,
             "served_date": row.issue_date.isoformat() if row.issue_date else ""}
    return {each.name: known[each.name] for each in declared.fields if each.name in known}
