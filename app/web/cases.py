"""案卷文书: list of cases, and the page of one: step line, papers, service, scans, the term day by day, the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from app.actions import case_facts
from app.actions.draft_paper import start_draft
from app.actions.open_case import NewCase, open_case
from app.errors import Refused
from app.forms.case import case_form
from app.law import dropout
from app.law.lives import PaperState
from app.law.powers import Power
from app.papers import catalogue
from app.papers.kinds import Life
from app.records import audit, cases, files, packets, students, trails
from app.web import lights, progress, strips, trail
from app.web.access import Pages, the_actor
from app.web.desk import the_desk
from app.web.students import page as student_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.papers.kinds import Paper

pages = Pages("cases")
MOST = 200
"""Cases on one page; it says when there are more."""


@pages.page("/cases", Power.VIEW_CASES, "GET", "POST", again="a search")
def index() -> ResponseReturnValue:
    """The cases in this person's charge; a search is sent by POST, so that no name comes into an address."""
    desk, actor = the_desk(), the_actor()
    query = request.form.get("q", "").strip()
    today = desk.clock.today()
    with desk.register.reading() as db:
        lawbook = desk.lawbook(db)
        found = cases.list_cases(db, actor, query, MOST + 1)
        views = case_facts.views(db, actor, found[:MOST])
    rows = [{"seen": seen, "light": progress.light(seen, today, lawbook),
             "todo": progress.next_action(seen, actor).todo} for seen in views]
    return render_template("cases/index.html", rows=rows, query=query, more=len(found) > MOST)


@pages.page("/students/<public_id>/case", Power.OPEN_CASE, "POST")
def open_for(public_id: str) -> ResponseReturnValue:
    """Open a case for a pupil."""
    sheet = case_form(request.form)
    if sheet.check():
        values: dict[str, Any] = sheet.values()
        try:
            case = open_case(the_desk(), the_actor(), NewCase(public_id, **values))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            flash("案卷已建。下一步见蓝色按钮。", "told")
            return redirect(url_for("cases.show", public_id=case), 303)
    with the_desk().register.reading() as db:
        student = students.load_student(db, the_actor(), public_id)
    return student_page(student, sheet=sheet)


@pages.page("/cases/<public_id>", Power.VIEW_CASES)
def show(public_id: str) -> ResponseReturnValue:
    """The page of a case."""
    desk, actor = the_desk(), the_actor()
    today = desk.clock.today()
    with desk.register.reading() as db:
        lawbook = desk.lawbook(db)
        case = cases.load_case(db, actor, public_id)
        seen = case_facts.view(db, actor, case)
        scans = {row.id: files.of_paper(db, row.id) for row in seen.papers}
        lines = audit.of_case(db, case.id)
        names = trails.names(db, lines)
        bound = packets.of_case(db, actor, case.id)
    acts = trail.lines(lines, names, seen.papers, {line.id: desk.clock.day_of(line.at) for line in lines})
    chosen = request.args.get("acts", "")
    absence = seen.absence_on(today)
    reason = dropout.reason(case.reason_code)
    return render_template(
        "cases/show.html", seen=seen, case=case, student=seen.student, line=progress.line(seen, today),
        action=progress.next_action(seen, actor), light=progress.light(seen, today, lawbook),
        absence=absence, reason="" if reason.sensitive else reason.label, scans=scans,
        rows=[(row, lights.of_state(row)) for row in seen.papers], terms=strips.of_case(seen, lawbook),
        trail=[each for each in acts if chosen in ("", each.kind)], kinds=trail.kinds(acts), chosen=chosen,
        packets=bound, more=_more(), void=PaperState.VOID)


@pages.page("/cases/<public_id>/papers", Power.DRAFT_PAPER, "POST")
def start(public_id: str) -> ResponseReturnValue:
    """Begin a paper in the case."""
    paper = start_draft(the_desk(), the_actor(), public_id, request.form.get("kind", ""))
    return redirect(url_for("drafts.edit", public_id=paper), 303)


def _more() -> tuple[Paper, ...]:
    """Papers outside the line of steps that this person's office may begin at any time."""
    level = the_actor().level
    return tuple(each for each in catalogue.PAPERS if each.step is None and each.life in (Life.ISSUED, Life.RECORD)
                 and level in each.issuers)
