"""Approve (签发): another person who saw the page; the number is taken in this transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import case_facts, issuing, paper_matters
from app.actions.draft_paper import require_own
from app.errors import Refused
from app.law import powers
from app.law.lives import PaperState, Production
from app.papers import catalogue
from app.records import audit, cases, papers

if TYPE_CHECKING:
    from datetime import date

    from app.actions.desk import Desk
    from app.law.offices import Actor


def approve_paper(desk: Desk, actor: Actor, public_id: str, version: int | None = None, number: str = "") -> str:
    """Approve the paper whose page was seen; answers its number ("" for kinds without one).

    Raises Refused for the drafter, for a page that is not ready, and when the step is no longer the next one.

    `version` is that of the page that was looked at; None for a caller who has just loaded it. `number` is what the
    党政办 gave, for an office whose numbers are typed.
    """
    powers.require(actor, powers.Power.APPROVE_PAPER)
    now, blanks = desk.clock.now(), issuing.blanks(desk)
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        require_ready(row, actor)
        paper_matters.require_seen(row, version)
        seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
        on = _day(desk, row)
        paper_matters.require_step(seen, catalogue.paper(row.kind), on, actor.level)
        doc_no = issuing.issue(db, actor, row, seen, issuing.Issue(
            on=on, now=now, signer_id=actor.account_id, signer=actor.name, frozen=row.frozen or {},
            lawbook=desk.lawbook(db), blanks=blanks, number=number))
        audit.append(db, actor, "approve_paper", "paper", row.id, now, case_id=row.case_id, kind=row.kind,
                     doc_no=doc_no, day=on.isoformat())
    return doc_no


def _day(desk: Desk, row: papers.Paper) -> date:
    """The paper's date: the day of approval, or the earlier day that the drafter gave and the approver saw."""
    today = desk.clock.today()
    on = row.issue_date or today
    if on != today and not row.typed.get(paper_matters.ISSUE_DATE):
        raise Refused("送审以后过了日子，成文日期应是签发当天。", where=row.title, advice="请退回，由起草人重新送审。")
    if on.year != today.year:
        raise Refused(f"成文日期在{on.year}年，今天是{today.year}年，不能编进上一年的登记簿。", where=row.title,
                      advice=f"{on.year}年已在纸上签发的，请补录；领导当年签了发文稿纸的，请登记纸上签发；"
                             "都没有的，请退回，成文日期改为签发当天。")
    return on


def require_ready(row: papers.Paper, actor: Actor) -> None:
    """Pass for somebody who had no hand in a submitted paper of ours whose page can be seen."""
    for hand in row.hands:
        powers.require_other_person(hand, actor)
    if row.late:
        raise Refused("这是补录的纸质文书，不在这里签发。", where=row.title, advice="请核对原件扫描后同意或退回补录。")
    if row.state is not PaperState.SUBMITTED:
        raise Refused(f"这份文书现在是“{row.state.label}”，不能签发。", advice="请刷新页面看最新情况。")
    if row.production is Production.NEEDS_PERSON:
        raise Refused("样张没有制成，不能签发。", where=row.title, advice=row.problem)
    if row.production is not Production.READY:
        raise Refused("样张还在制作，看过才能签发。", where=row.title, advice="请稍等几秒再刷新。")
