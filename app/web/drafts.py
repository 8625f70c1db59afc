"""Filling a paper in: the sheet with its picture, the draft that keeps itself, the look at all answers before 送审."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, render_template, request, url_for

from app.actions import paper_matters
from app.actions.draft_paper import DraftView, Opened, Saved, look_at_draft, save_draft
from app.actions.submit_paper import finish_record, submit_paper
from app.errors import Refused
from app.forms.paper_form import PaperForm, answers, facts_of, form_for
from app.forms.sheet import ROWS
from app.law.lives import PaperState
from app.law.numbering import DocumentNumber
from app.law.powers import Power
from app.outside import templates
from app.papers import merge
from app.papers.kinds import Life
from app.records import keeps, numbers, offices
from app.web import progress
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.papers.kinds import Composed
    from app.web.progress import Mark

pages = Pages("drafts")
VERSION = "_version"
SAVES = "a save that comes twice changes nothing"
BASE, KEEP = "_base", "_keep"
"""Hidden in the sheet: the marks of what it was opened with, and where it writes once the draft cannot take it."""
CHECK = "_check"
PREVIEW_SECONDS = 15.0
_previewing = threading.BoundedSemaphore(1)


@pages.page("/papers/<public_id>/edit", Power.DRAFT_PAPER, "GET", "POST", again=SAVES)
def edit(public_id: str) -> ResponseReturnValue:
    """The sheet of a draft. Whatever is sent is kept first, right or wrong; then it is looked at."""
    view, _ = _look(public_id)
    if view.row.late or view.row.office_id != the_actor().office_id or (
            request.method == "GET" and view.row.state is not PaperState.DRAFT):
        return redirect(url_for("papers.show", public_id=public_id), 303)
    if request.method == "GET":
        return _sheet(view, form_for(view.declared, view.row.typed), view.row.version)
    form = form_for(view.declared, {}, request.form)
    if command := request.form.get(ROWS):
        form.reshape(command)
    saved = _keep(public_id, form)
    if saved.keep:
        return redirect(url_for("keeps.show", public_id=public_id, keep_id=saved.keep_id), 303)
    if CHECK in request.form and _holds(public_id, form):
        return redirect(url_for("drafts.look", public_id=public_id), 303)
    return _sheet(view, form, saved.version)


@pages.page("/papers/<public_id>/draft", Power.DRAFT_PAPER, "POST", again=SAVES)
def keep(public_id: str) -> ResponseReturnValue:
    """Keep the draft while it is typed; answers a sentence, and in headers what the page has to say the next time."""
    view, _ = _look(public_id)
    try:
        form = form_for(view.declared, {}, request.form)
        saved = _keep(public_id, form)
    except Refused as refused:
        return Response(f"{refused.what}{refused.advice}", mimetype="text/plain", headers={"X-Draft-Refused": "1"})
    if saved.keep:
        where = url_for("keeps.show", public_id=public_id, keep_id=saved.keep_id)
        why = "这份文书已经送出" if saved.sent else "这份草稿在别处改过"
        words = f"{why}，您填的另存了一份，没有丢。"
        return Response(words, mimetype="text/plain", headers={"X-Draft-Keep": saved.keep, "X-Draft-Look": where})
    now = the_desk().clock.local(the_desk().clock.now())
    return Response(f"草稿已自动保存 {now:%H:%M}", mimetype="text/plain",
                    headers={"X-Draft-Version": str(saved.version), "X-Draft-Base": _marks(form)})


@pages.page("/papers/<public_id>/preview.png", Power.DRAFT_PAPER)
def preview(public_id: str) -> ResponseReturnValue:
    """The first page of the draft as it would print.

    Nothing (204) while something is still wrong, or while another preview is made: the page keeps its picture, and
    previews never hold more than one thread of the service, and that one not long.
    """
    if not _previewing.acquire(blocking=False):
        return "", 204
    try:
        return _picture(public_id)
    finally:
        _previewing.release()


def _picture(public_id: str) -> ResponseReturnValue:
    desk = the_desk()
    view, lawbook = _look(public_id)
    try:
        composed = paper_matters.compose(view.declared, view.facts, view.row.typed, lawbook)
    except Refused:
        return "", 204
    printed = desk.press.convert(templates.read(view.declared.kind), [composed.context], draft=True,
                                 seconds=PREVIEW_SECONDS)[0]
    if not printed.pdf:
        return "", 204
    return Response(desk.press.pages(printed.pdf, seconds=PREVIEW_SECONDS)[0], mimetype="image/png")


@pages.page("/papers/<public_id>/check", Power.SUBMIT_PAPER, "GET", "POST")
def look(public_id: str) -> ResponseReturnValue:
    """All answers once more, then 送审签 (or, for a record, 定稿打印)."""
    view, _ = _look(public_id)
    if view.row.state is not PaperState.DRAFT:
        return redirect(url_for("papers.show", public_id=public_id), 303)
    if request.method == "POST":
        submit = submit_paper if view.declared.life is Life.ISSUED else finish_record
        given = request.form.get(VERSION, "")
        submit(the_desk(), the_actor(), public_id, int(given) if given.isdigit() else -1)
        flash("已送审签。" if view.declared.life is Life.ISSUED else "已定稿，正在制作，打印后逐页签名。", "told")
        return redirect(url_for("papers.show", public_id=public_id), 303)
    form = form_for(view.declared, view.row.typed)
    composed = _holds(public_id, form)
    if composed is None:
        return _sheet(view, form, view.row.version)
    today = the_desk().clock.today()
    on = paper_matters.day_of(view.declared, view.row.typed, today)
    return render_template("papers/check.html", view=view, row=view.row, paper=view.declared, on=on, today=today,
                           answers=answers(view.declared, view.row.typed), facts=facts_of(view.declared, view.facts),
                           issued=view.declared.life is Life.ISSUED, warnings=composed.warnings)


def _look(public_id: str) -> tuple[DraftView, Any]:
    desk = the_desk()
    with desk.register.reading() as db:
        return look_at_draft(desk, the_actor(), db, public_id), desk.lawbook(db)


def _keep(public_id: str, form: PaperForm) -> Saved:
    """Save what was sent on top of what the page says it was opened with."""
    version = request.form.get(VERSION, "")
    base = dict(pair.split(":", 1) for pair in request.form.get(BASE, "").split(",") if ":" in pair)
    opened = Opened(int(version) if version.isdigit() else -1, base, request.form.get(KEEP, ""),
                    sent=request.endpoint == "drafts.edit")
    return save_draft(the_desk(), the_actor(), public_id, form.raw(), opened)


def _marks(form: PaperForm) -> str:
    """The marks of a sheet as a page carries them: `name:mark,name:mark`, no content."""
    return ",".join(f"{name}:{each}" for name, each in merge.marks(form.raw()).items())


def _holds(public_id: str, form: PaperForm) -> Composed | None:
    """The paper if it composes: each value by its kind, then the rules that look at all of them."""
    if not form.check():
        return None
    view, lawbook = _look(public_id)
    try:
        paper_matters.day_of(view.declared, form.raw(), the_desk().clock.today())
        composed = paper_matters.compose(view.declared, view.facts, form.raw(), lawbook)
    except Refused as refused:
        form.refuse_all(refused)
        return None
    return composed


def _number(view: DraftView) -> str:
    """The number that the paper would get if it were approved now; promised to nobody."""
    if not view.declared.series:
        return ""
    desk = the_desk()
    with desk.register.reading() as db:
        office = offices.load(db, view.row.office_id)
        year = desk.clock.today().year
        seq = numbers.peek(db, office.organ_code, view.declared.series, year)
    return str(DocumentNumber(office.organ_code, view.declared.series, year, seq)) if office.organ_code else ""


def _sheet(view: DraftView, form: PaperForm, version: int) -> ResponseReturnValue:
    line: tuple[Mark, ...] = progress.line(view.seen, the_desk().clock.today())
    with the_desk().register.reading() as db:
        beside = keeps.of_paper(db, view.row.id)
    return render_template("papers/edit.html", view=view, row=view.row, paper=view.declared, form=form, line=line,
                           version=version, base=_marks(form), number=_number(view), beside=beside,
                           issued=view.declared.life is Life.ISSUED,
                           facts=facts_of(view.declared, view.facts)), 422 if form.problems else 200
