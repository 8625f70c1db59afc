"""发文登记簿: every numbered paper in its order; void ones struck through; the gap check, a workbook, a bound book."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, send_file, url_for

from app.actions.export_register import entries, export_register, gap_lines, print_register, require_office
from app.actions.number_rules import Start, series_of, set_typed_numbers, start_own_series
from app.errors import Refused
from app.forms.register import AREA, search_form, start_form
from app.law.lives import PaperState
from app.law.powers import Power
from app.records import numbers, offices, papers
from app.records.issued import Sought
from app.web import pictures
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from app.forms.sheet import Sheet
    from app.records.papers import Paper as Row

pages = Pages("register")
MOST = 500
"""Lines on one page; it says when there are more."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKS = "it only looks; the same search may be asked again"


@pages.page("/register", Power.VIEW_REGISTER, "GET", "POST", again=LOOKS)
def index() -> ResponseReturnValue:
    """The register; a search is sent by POST, so that nothing looked for comes into an address."""
    sheet, sought = _asked()
    with the_desk().register.reading() as db:
        if sought.office_id:
            require_office(db, the_actor(), sought.office_id)
        office = offices.load(db, the_actor().office_id)
        found = entries(db, the_actor(), sought)
        gaps = gap_lines(db, office, [each.row for each in found]) if sought.whole else ()
    return render_template("register/index.html", found=found[:MOST], more=len(found) - MOST, sheet=sheet, gaps=gaps,
                           office=office, sought=sought), 422 if sheet.problems else 200


@pages.page("/register/export", Power.VIEW_REGISTER, "POST", again="it makes the same file once more, and says so")
def export() -> Response:
    """The lines that were looked for as xlsx."""
    return _file(export_register(the_desk(), the_actor(), _own_code(), _of_own()), "发文登记簿.xlsx", XLSX)


@pages.page("/register/book", Power.VIEW_REGISTER, "POST", again="it makes the same file once more, and says so")
def book() -> Response:
    """The lines that were looked for as a book to print and bind."""
    return _file(print_register(the_desk(), the_actor(), _own_code(), _of_own()), "发文登记簿.pdf", pictures.PDF)


@pages.page("/register/series", Power.APPROVE_PAPER, "GET", "POST")
def series() -> ResponseReturnValue:
    """文号起编: a leader lets a series of the own office start at a number."""
    desk, actor = the_desk(), the_actor()
    with desk.register.reading() as db:
        office = offices.load(db, actor.office_id)
        year, words = desk.clock.today().year, series_of(office.level)
        coming = [(word, numbers.peek(db, office.organ_code, word, year)) for word in words]
    sheet = start_form(words, year, request.form if request.method == "POST" else None)
    if request.method == "POST" and sheet.check():
        try:
            start_own_series(desk, actor, office.code, _start(sheet))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            flash("起始号已设好。", "told")
            return redirect(url_for("register.series"), 303)
    return render_template("register/series.html", sheet=sheet, office=office, coming=coming, year=year), (
        422 if sheet.problems else 200)


@pages.page("/offices/<code>/numbers", Power.MANAGE_OFFICES, "GET", "POST")
def typed(code: str) -> ResponseReturnValue:
    """Whether an office's numbers are given by the 党政办; an administrator's setting."""
    with the_desk().register.reading() as db:
        office = offices.load_in_charge(db, the_actor(), code)
    if request.method == "POST":
        set_typed_numbers(the_desk(), the_actor(), code, typed=request.form.get("typed") == "yes")
        flash("文号规则已保存，从下一份文书起用。", "told")
        return redirect(url_for("register.typed", code=code), 303)
    return render_template("register/typed.html", office=office)


def _asked() -> tuple[Sheet, Sought]:
    """The filter as it was sent, and what it asks for; everything when it cannot be read."""
    with the_desk().register.reading() as db:
        rows = papers.register_rows(db, the_actor())
    sheet = _search(rows)
    return (sheet, _sought(sheet)) if sheet.check() else (sheet, Sought())


def _of_own() -> Sought:
    """The filter of what leaves the screen: the own office's book, unless another office or the area was chosen."""
    sheet, sought = _asked()
    if sheet.problems or not sheet.values()["office"]:
        return replace(sought, office_id=the_actor().office_id)
    return sought


def _sought(sheet: Sheet) -> Sought:
    """What is looked for. Only after `check` said yes."""
    values = sheet.values()
    year, office, state = (str(values[name] or "") for name in ("year", "office", "state"))
    first, last = (day if isinstance(day, date) else None for day in (values["first"], values["last"]))
    return Sought(year=int(year) if year else None, word=str(values["word"] or ""),
                  office_id=int(office) if office and office != AREA else None, kind=str(values["kind"] or ""),
                  state=PaperState(state) if state else None, first=first, last=last, text=str(values["text"] or ""))


def _search(rows: tuple[Row, ...]) -> Sheet:
    return search_form(
        sorted({row.year for row in rows if row.year}, reverse=True),
        sorted({f"{row.organ}{row.series}" for row in rows}),
        {str(row.office_id): row.office for row in rows}, request.form if request.method == "POST" else None)


def _start(sheet: Sheet) -> Start:
    values = sheet.values()
    return Start(str(values["series"]), int(str(values["year"])), int(str(values["first"])))


def _own_code() -> str:
    with the_desk().register.reading() as db:
        return offices.load(db, the_actor().office_id).code


def _file(data: bytes, name: str, mimetype: str) -> Response:
    answer = send_file(io.BytesIO(data), mimetype=mimetype, as_attachment=mimetype == XLSX, download_name=name,
                       etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
