"""The page of a paper: its pages as pictures, what may be done with it now, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions import case_facts
from app.actions.approve_paper import approve_paper
from app.actions.produce_again import produce_again
from app.actions.reissue_paper import reissue_paper
from app.actions.submit_paper import return_paper, withdraw_paper
from app.actions.void_paper import void_paper
from app.errors import NotVisible
from app.law.lives import PaperState, Production
from app.law.powers import Power, allowed
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import accounts, cases, files, offices, papers
from app.web import late_entry, lights, pictures, progress, seals
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from app.records.papers import Paper as Row

pages = Pages("papers")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BAR = frozenset({"edit", "approve", "withdraw", "serve", "again"})
"""Acts that stand in the bar at the foot."""


@pages.page("/papers/<public_id>", Power.VIEW_CASES)
def show(public_id: str) -> ResponseReturnValue:
    """The page of a paper."""
    desk, actor = the_desk(), the_actor()
    with desk.register.reading() as db:
        row = papers.load_paper(db, actor, public_id)
        seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
        scans = files.of_paper(db, row.id)
        typed_number = bool(catalogue.paper(row.kind).series) and offices.load(db, row.office_id).typed_numbers
        seal = seals.block(db, row, scans)
        voided_by = accounts.name_of(db, row.voided_by)
    if row.late:
        return late_entry.page(row, scans)
    may_do = _may_do(row)
    return render_template(
        "papers/show.html", row=row, seal=seal, seen=seen, scans=scans, state=lights.of_state(row), may_do=may_do,
        bar=bool(may_do & BAR),
        paper=catalogue.paper(row.kind), line=progress.line(seen, desk.clock.today()), voided_by=voided_by,
        receipts=[each for each in seen.papers if each.follows_id == row.id], typed_number=typed_number,
        replaces=next((each for each in seen.papers if each.id == row.copied_from_id), None),
        replaced_by=next((each for each in reversed(seen.papers) if each.copied_from_id == row.id), None),
        ready=row.production is Production.READY, waiting=row.production is Production.WAITING)


def _may_do(row: Row) -> frozenset[str]:
    """What this person may do with the paper now; the actions ask again."""
    actor = the_actor()
    if row.office_id != actor.office_id:
        return frozenset()
    declared = catalogue.paper(row.kind)
    other, issued = row.drafter_id != actor.account_id, row.state is PaperState.ISSUED
    acts = {
        "edit": row.state is PaperState.DRAFT and allowed(actor, Power.DRAFT_PAPER),
        "withdraw": row.state is PaperState.SUBMITTED and allowed(actor, Power.SUBMIT_PAPER),
        "approve": row.state is PaperState.SUBMITTED and allowed(actor, Power.APPROVE_PAPER)
        and actor.account_id not in row.hands,
        "void": issued and allowed(actor, Power.VOID_PAPER) and other and row.follows_id is None,
        "reissue": issued and declared.life in (Life.ISSUED, Life.RECORD) and other
        and allowed(actor, Power.VOID_PAPER),
        "slip": row.state is PaperState.SUBMITTED and declared.life is Life.ISSUED,
        "sign": row.state is PaperState.SUBMITTED and allowed(actor, Power.REGISTER_SIGNED)
        and actor.account_id not in row.hands,
        "unserve": issued and declared.served and allowed(actor, Power.VOID_PAPER),
        "serve": issued and declared.served and allowed(actor, Power.RECORD_SERVICE),
        "scan": issued and declared.life is not Life.COMPILED and allowed(actor, Power.KEEP_SCAN),
        "again": row.production is Production.NEEDS_PERSON and allowed(actor, Power.SUBMIT_PAPER),
    }
    return frozenset(name for name, can in acts.items() if can)


@pages.page("/papers/<public_id>/approve", Power.APPROVE_PAPER, "POST")
def approve(public_id: str) -> ResponseReturnValue:
    """签发: the number is taken now."""
    number = approve_paper(the_desk(), the_actor(), public_id, _version(), request.form.get("number", ""))
    flash(f"已签发，文号{number}。正在制作正式文书。" if number else "已签发，正在制作正式文书。", "told")
    return redirect(url_for("papers.show", public_id=public_id), 303)


def _version() -> int:
    """The version that the page showed; -1, which none has, when the page did not say."""
    given = request.form.get("version", "")
    return int(given) if given.isdigit() else -1


@pages.page("/papers/<public_id>/return", Power.APPROVE_PAPER, "POST")
def send_back(public_id: str) -> ResponseReturnValue:
    """退回 with a note."""
    return_paper(the_desk(), the_actor(), public_id, request.form.get("note", ""))
    flash("已退回经办人修改。", "told")
    return redirect(url_for("home.today"), 303)


@pages.page("/papers/<public_id>/withdraw", Power.SUBMIT_PAPER, "POST")
def withdraw(public_id: str) -> ResponseReturnValue:
    """撤回 before it is approved."""
    withdraw_paper(the_desk(), the_actor(), public_id)
    flash("已撤回，可以修改。", "told")
    return redirect(url_for("drafts.edit", public_id=public_id), 303)


@pages.page("/papers/<public_id>/void", Power.VOID_PAPER, "POST")
def void(public_id: str) -> ResponseReturnValue:
    """作废 with a reason; the number stays taken."""
    void_paper(the_desk(), the_actor(), public_id, request.form.get("reason", ""))
    flash("已作废。文号保留在登记簿里，不再使用。", "told")
    return redirect(url_for("papers.show", public_id=public_id), 303)


@pages.page("/papers/<public_id>/reissue", Power.VOID_PAPER, "POST")
def reissue(public_id: str) -> ResponseReturnValue:
    """作废并重做: the successor is a draft with everything that was typed."""
    successor = reissue_paper(the_desk(), the_actor(), public_id, request.form.get("reason", ""))
    flash("已作废，并照原内容建了新稿，请原经办人改正后重新送审。", "told")
    return redirect(url_for("papers.show", public_id=successor), 303)


@pages.page("/papers/<public_id>/again", Power.SUBMIT_PAPER, "POST")
def again(public_id: str) -> ResponseReturnValue:
    """Make it again after the cause was mended."""
    produce_again(the_desk(), the_actor(), public_id)
    flash("正在重新制作。", "told")
    return redirect(url_for("papers.show", public_id=public_id), 303)


@pages.page("/papers/<public_id>/pages/<int:number>.png", Power.VIEW_CASES)
def picture(public_id: str, number: int) -> Response:
    """One page as a picture, with the seal where one was laid."""
    row = _load(public_id)
    return pictures.picture(row.sealed_sha or row.pdf_sha, number)


@pages.page("/papers/<public_id>/paper.<form>", Power.VIEW_CASES)
def file(public_id: str, form: str) -> Response:
    """The PDF to print, or the docx to keep."""
    row = _load(public_id)
    if form not in {"pdf", "docx"}:
        raise NotVisible
    if form == "docx" and row.state is not PaperState.ISSUED:
        raise NotVisible("签发、定稿以后才有可下载的文稿。", advice="样张请看页面上的图片或PDF。")
    void = "作废-" if row.state is PaperState.VOID else ""
    name = f"{void}{row.title}{row.doc_no or row.state.label}.{form}"
    if form == "pdf":
        return pictures.file(row.pdf_sha, name)
    return pictures.file(row.docx_sha, name, DOCX, download=True)


def _load(public_id: str) -> Row:
    with the_desk().register.reading() as db:
        return papers.load_paper(db, the_actor(), public_id)
