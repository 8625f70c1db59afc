"""登记送达: one party at a time; first the mode, then what the law wants to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from app.actions import case_facts
from app.actions.keep_scan import Upload
from app.actions.record_service import NewService, record_service
from app.actions.withdraw_service import withdraw_service
from app.errors import NotVisible, Problem, Refused
from app.forms.service import service_form, service_of
from app.forms.sheet import ROWS
from app.forms.upload import ACCEPT
from app.law.deadlines import chinese_date
from app.law.powers import Power
from app.law.service import Mode
from app.records import cases, papers
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.forms.sheet import Sheet
    from app.records.papers import Paper as Row

pages = Pages("services")
MOVED = {"proxy": "proxy_name", "pictured": "proof", "posting_pictured": "proof"}
"""Where a problem of the law's own type stands on the sheet, when it is called differently there."""


@pages.page("/papers/<public_id>/service", Power.RECORD_SERVICE, "GET", "POST")
def new(public_id: str) -> ResponseReturnValue:
    """The sheet of one service."""
    row, seen = _load(public_id)
    mode = _mode(request.args.get("mode", Mode.DIRECT.value))
    done = {each.guardian_id for each in seen.services}
    parties = {str(each.id): f"{each.name}（{each.relation}）"
               for each in seen.student.guardians if each.id not in done}
    if seen.served is None or seen.served.id != row.id or not parties:
        return redirect(url_for("papers.show", public_id=public_id), 303)
    sheet = service_form(mode, parties, request.form if request.method == "POST" else None)
    if request.method == "POST":
        if command := request.form.get(ROWS):
            sheet.reshape(command)
        elif sheet.check() and (day := _record(public_id, sheet, mode)):
            flash(f"送达已登记，{day}起算期限。", "told")
            return redirect(url_for("cases.show", public_id=row.case_public_id), 303)
    return render_template("papers/service.html", row=row, sheet=sheet, mode=mode, modes_of=tuple(Mode),
                           accept=ACCEPT), 422 if sheet.problems else 200


@pages.page("/papers/<public_id>/service/<int:service_id>/withdraw", Power.VOID_PAPER, "POST")
def withdraw(public_id: str, service_id: int) -> ResponseReturnValue:
    """撤销送达登记: entered wrongly, taken back by a leader."""
    withdraw_service(the_desk(), the_actor(), public_id, service_id, request.form.get("reason", ""))
    flash("已撤销送达登记，请按回证重新登记。", "told")
    return redirect(url_for("papers.show", public_id=public_id), 303)


def _record(public_id: str, sheet: Sheet, mode: Mode) -> str:
    """The day on which it took effect in words, or "" when it was refused and the sheet says why."""
    asked = NewService(public_id, int(str(sheet["guardian"].data)), service_of(sheet, mode),
                       proof=_upload("proof"), receipt=_upload("receipt"))
    try:
        return chinese_date(record_service(the_desk(), the_actor(), asked))
    except Refused as refused:
        sheet.refuse(Problem(MOVED.get(each.where, each.where), each.message, each.advice)
                     for each in refused.problems or (Problem("", refused.what, refused.advice),))
    return ""


def _upload(name: str) -> Upload | None:
    file: Any = request.files.get(name)
    return Upload(file.read(), file.filename) if file is not None and file.filename else None


def _load(public_id: str) -> tuple[Row, case_facts.CaseView]:
    with the_desk().register.reading() as db:
        row = papers.load_paper(db, the_actor(), public_id)
        return row, case_facts.view(db, the_actor(), cases.load_by_key(db, the_actor(), row.case_id))


def _mode(given: str) -> Mode:
    try:
        return Mode(given)
    except ValueError:
        raise NotVisible from None
