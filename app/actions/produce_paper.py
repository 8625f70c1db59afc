"""Make the docx and PDF of a paper that was submitted, approved or finished. Runs from a job; may run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import Refused
from app.intake import codes
from app.law.lives import PaperState, Production
from app.packets import page_code
from app.papers import catalogue
from app.records import audit, papers

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.records.database import Db


def produce_paper(desk: Desk, paper_id: int) -> None:
    """Print what was frozen: a submitted paper as 草稿, an issued one as the paper itself.

    A paper that changed meanwhile (taken back, approved, void) keeps its own job; this result is then dropped.
    Raises NeedsPerson when the press fails, so that the job is tried again.
    """
    with desk.register.reading() as db:
        row = papers.load_for_job(db, paper_id)
    if row.production is not Production.WAITING or row.printed is None or row.state is PaperState.VOID:
        return
    declared = catalogue.paper(row.kind)
    try:
        printed = desk.press.convert(desk.vault.get(row.template_sha), [row.printed],
                                     draft=row.state is PaperState.SUBMITTED, page_limit=declared.page_limit)[0]
        pdf = _coded(row, printed.pdf) if printed.good else b""
    except Refused as refused:
        with desk.change() as db:
            _needs_person(db, row, str(refused), desk.clock.now())
        return
    if not printed.good:
        problem = "；".join(each.message for each in printed.problems) or "没有得到PDF。"
        with desk.change() as db:
            _needs_person(db, row, problem, desk.clock.now())
        return
    docx_sha, pdf_sha = desk.vault.put(printed.docx), desk.vault.put(pdf)
    now = desk.clock.now()
    with desk.change() as db:
        if papers.mark_produced(db, row, docx_sha=docx_sha, pdf_sha=pdf_sha, pages=printed.pages):
            audit.append(db, None, "produce_paper", "paper", row.id, now, case_id=row.case_id, sha256=pdf_sha,
                         pages=printed.pages)


def _coded(row: papers.Paper, pdf: bytes) -> bytes:
    """An issued paper bears a code on each page, by which its scan is known again; a draft never comes back."""
    if row.state is not PaperState.ISSUED:
        return pdf
    return page_code.coded(pdf, lambda page, pages: codes.text(codes.Mark(row.public_id, page, pages)))


def _needs_person(db: Db, row: papers.Paper, problem: str, now: datetime) -> None:
    if papers.mark_needs_person(db, row, problem):
        audit.append(db, None, "production_failed", "paper", row.id, now, case_id=row.case_id)


def give_up(db: Db, paper_id: int, problem: str, now: datetime) -> None:
    """The job failed for the last time: the page says what happened instead of 制作中. In the job's transaction."""
    _needs_person(db, papers.load_for_job(db, paper_id), problem, now)
