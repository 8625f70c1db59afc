"""补录: a step done on paper is entered with its scan; a leader looks at both, consents or sends it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from app.actions import case_facts
from app.actions.consent_late import consent_late, return_late
from app.actions.enter_late import DONE_ON, NUMBER, SIGNED_BY, LateEntry, enter_again, enter_late, late_paper
from app.actions.keep_scan import Upload
from app.errors import NotVisible, Problem, Refused
from app.forms.late import LATE, day_of, late_form
from app.forms.paper_form import printed
from app.forms.upload import ACCEPT
from app.law.lives import PaperState, ScanRole
from app.law.powers import Power, allowed
from app.papers import catalogue
from app.records import accounts, cases, files, papers
from app.web import pictures, progress
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from app.forms.sheet import Sheet
    from app.papers.kinds import Paper
    from app.records.files import Scan
    from app.records.papers import Paper as Row

pages = Pages("late_entry")


@pages.page("/cases/<public_id>/late", Power.ENTER_LATE)
def choose(public_id: str) -> ResponseReturnValue:
    """Which paper is entered: those that this office makes and that may come as paper."""
    seen = _seen(public_id)
    kinds = [each for each in catalogue.PAPERS if each.late is not None and the_actor().level in each.issuers]
    return render_template("late/choose.html", seen=seen, kinds=kinds,
                           line=progress.line(seen, the_desk().clock.today()))


@pages.page("/cases/<public_id>/late/<kind>", Power.ENTER_LATE, "GET", "POST")
def enter(public_id: str, kind: str) -> ResponseReturnValue:
    """The sheet of an entry."""
    seen, declared = _seen(public_id), _declared(kind)
    sheet = late_form(declared, seen.unrecorded, None, request.form if request.method == "POST" else None)
    if request.method == "POST" and sheet.check():
        try:
            paper = enter_late(the_desk(), the_actor(), public_id, kind, _entry(sheet))
        except Refused as refused:
            _refuse(sheet, refused)
        else:
            flash("补录已送本单位领导核对，同意以后才算数。", "told")
            return redirect(url_for("papers.show", public_id=paper), 303)
    return _sheet(sheet, declared, seen, None)


@pages.page("/papers/<public_id>/late", Power.ENTER_LATE, "GET", "POST")
def again(public_id: str) -> ResponseReturnValue:
    """The sheet of an entry that was sent back."""
    row = _row(public_id)
    if row.state is not PaperState.DRAFT or row.office_id != the_actor().office_id:
        return redirect(url_for("papers.show", public_id=public_id), 303)
    seen, declared = _seen(row.case_public_id), _declared(row.kind)
    given = request.form if request.method == "POST" else None
    sheet = late_form(declared, seen.unrecorded, row.typed, given)
    if request.method == "POST" and sheet.check():
        try:
            enter_again(the_desk(), the_actor(), public_id, _entry(sheet))
        except Refused as refused:
            _refuse(sheet, refused)
        else:
            flash("已改好，重新送本单位领导核对。", "told")
            return redirect(url_for("papers.show", public_id=public_id), 303)
    return _sheet(sheet, declared, seen, row)


@pages.page("/papers/<public_id>/consent", Power.CONSENT_LATE_ENTRY, "POST")
def consent(public_id: str) -> ResponseReturnValue:
    """同意补录: from now on it counts."""
    version = request.form.get("version", "")
    consent_late(the_desk(), the_actor(), public_id, int(version) if version.isdigit() else -1)
    flash("已同意补录，这一步从纸质原件上的日期算起。", "told")
    return redirect(url_for("papers.show", public_id=public_id), 303)


@pages.page("/papers/<public_id>/late/return", Power.CONSENT_LATE_ENTRY, "POST")
def send_back(public_id: str) -> ResponseReturnValue:
    """退回补录 with a reason."""
    return_late(the_desk(), the_actor(), public_id, request.form.get("note", ""))
    flash("已退回录入人修改。", "told")
    return redirect(url_for("home.today"), 303)


@pages.page("/papers/<public_id>/original/<int:number>.png", Power.VIEW_CASES)
def picture(public_id: str, number: int) -> Response:
    """One page of the paper original."""
    row = _row(public_id)
    with the_desk().register.reading() as db:
        scan = original_of(files.of_paper(db, row.id))
    return pictures.picture(scan.pdf_sha if scan else None, number)


def page(row: Row, scans: tuple[Scan, ...]) -> ResponseReturnValue:
    """The page of a paper that came as paper: the scan beside what was entered."""
    desk, actor = the_desk(), the_actor()
    seen, declared = _seen(row.case_public_id), catalogue.paper(row.kind)
    with desk.register.reading() as db:
        names = {each: accounts.name_of(db, each) for each in (row.consent_by, row.voided_by)}
    own = row.office_id == actor.office_id
    acts = {
        "consent": row.state is PaperState.SUBMITTED and allowed(actor, Power.CONSENT_LATE_ENTRY)
        and actor.account_id not in row.hands,
        "again": row.state is PaperState.DRAFT and allowed(actor, Power.ENTER_LATE),
        "void": row.state is PaperState.ISSUED and allowed(actor, Power.VOID_PAPER)
        and row.drafter_id != actor.account_id,
        "serve": row.state is PaperState.ISSUED and declared.served and allowed(actor, Power.RECORD_SERVICE),
    }
    may_do = {name for name, can in acts.items() if own and can}
    return render_template(
        "late/show.html", row=row, bar=bool(may_do - {"void"}), paper=declared, seen=seen, names=names,
        scan=original_of(scans),
        line=progress.line(seen, desk.clock.today()), entered=_entered(declared, row),
        may_do=may_do,
        receipts=[each for each in seen.papers if each.follows_id == row.id])


def original_of(scans: tuple[Scan, ...]) -> Scan | None:
    """The scan of the paper original."""
    return next((each for each in scans if each.role is ScanRole.ORIGINAL), None)


def _entered(declared: Paper, row: Row) -> list[tuple[str, str]]:
    """Label and text of what was entered, to be compared with the scan."""
    head = [("原件文号", str(row.typed.get(NUMBER) or "")), ("纸上的签发人", str(row.typed.get(SIGNED_BY) or ""))]
    facts = [(each.label, printed(each, row.typed.get(each.name))) for each in declared.typed()
             if each.name in (declared.late or ())]
    return [(label, text) for label, text in (*head, *facts) if text]


def _entry(sheet: Sheet) -> LateEntry:
    raw = sheet.raw()
    file: Any = request.files.get("scan")
    scan = Upload(file.read(), file.filename) if file is not None and file.filename else None
    values = sheet.values()
    return LateEntry(done_on=day_of(sheet, DONE_ON), number=str(values.get(NUMBER) or ""),
                     signed_by=str(values.get(SIGNED_BY) or ""), scan=scan,
                     typed={name: value for name, value in raw.items() if name not in (DONE_ON, NUMBER, SIGNED_BY)})


def _refuse(sheet: Sheet, refused: Refused) -> None:
    """What an entry cannot stand for; a refusal by the order of steps speaks of its day."""
    moved = {"date": DONE_ON, "file": "scan", "step": ""}
    found = refused.problems or (Problem(refused.where, refused.what, refused.advice),)
    sheet.refuse(Problem(moved.get(each.where, each.where), each.message, each.advice) for each in found)


def _sheet(sheet: Sheet, declared: Paper, seen: case_facts.CaseView, row: Row | None) -> ResponseReturnValue:
    return render_template("late/enter.html", sheet=sheet, paper=declared, seen=seen, row=row, accept=ACCEPT,
                           noun=f"{LATE}{declared.kind}",
                           line=progress.line(seen, the_desk().clock.today())), 422 if sheet.problems else 200


def _declared(kind: str) -> Paper:
    if kind not in {each.kind for each in catalogue.PAPERS if each.late is not None}:
        raise NotVisible
    return late_paper(kind)


def _seen(case_id: str) -> case_facts.CaseView:
    with the_desk().register.reading() as db:
        return case_facts.view(db, the_actor(), cases.load_case(db, the_actor(), case_id))


def _row(public_id: str) -> Row:
    with the_desk().register.reading() as db:
        row = papers.load_paper(db, the_actor(), public_id)
    if not row.late:
        raise NotVisible
    return row
