"""学生台账: list, sheet and page of a pupil; the full ID number only by a POST that leaves a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from app.actions.register_student import Enrolment, correct_student, register_student
from app.actions.reveal_identity import reveal_identity
from app.errors import Refused
from app.forms.case import case_form
from app.forms.pupil import complete, pupil_form
from app.forms.sheet import ROWS
from app.law.identity import IdentityNumber
from app.law.offices import Level
from app.law.powers import Power
from app.papers.catalogue.common import GRADES
from app.records import cases, offices, students
from app.records.students import NewGuardian, NewStudent
from app.web import ledger
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from app.forms.sheet import Sheet
    from app.records.students import Student

pages = Pages("students")
SAVE = "_save"
SEEN = "_seen"
"""Hidden in the sheet: the fingerprint of what it showed when it was opened."""


@pages.page("/students", Power.VIEW_CASES, "GET", "POST", again="a search")
def index() -> ResponseReturnValue:
    """The pupils in this person's charge; a search is sent by POST, so that no name comes into an address."""
    return ledger.listed()


@pages.page("/students/new", Power.REGISTER_PUPIL, "GET", "POST")
def new() -> ResponseReturnValue:
    """The sheet for a pupil who is not in the ledger yet."""
    sheet = _sheet(None)
    if request.method == "POST":
        if command := request.form.get(ROWS):
            sheet.reshape(command)
        elif complete(sheet):
            try:
                public_id = register_student(the_desk(), the_actor(), _enrolment(sheet))
            except Refused as refused:
                sheet.refuse_all(refused)
            else:
                flash("已登记。下一步：建案卷。", "told")
                return redirect(url_for("students.show", public_id=public_id), 303)
    return _form(sheet, "登记学生", None)


@pages.page("/students/<public_id>", Power.VIEW_CASES)
def show(public_id: str) -> ResponseReturnValue:
    """The page of a pupil; numbers masked."""
    with the_desk().register.reading() as db:
        student = students.load_student(db, the_actor(), public_id)
    return page(student)


@pages.page("/students/<public_id>/reveal", Power.REVEAL_ID, "POST", again="every look leaves its own trace")
def reveal(public_id: str) -> ResponseReturnValue:
    """The same page with full numbers, once the look is written down."""
    return page(reveal_identity(the_desk(), the_actor(), public_id), revealed=True)


@pages.page("/students/<public_id>/edit", Power.REGISTER_PUPIL, "POST")
def edit(public_id: str) -> ResponseReturnValue:
    """The sheet of a pupil who is in the ledger. It shows full numbers, so it opens by a POST that leaves a trace."""
    desk, actor = the_desk(), the_actor()
    with desk.register.reading() as db:
        student = students.load_student(db, actor, public_id)
    if SAVE not in request.form and ROWS not in request.form:
        shown = reveal_identity(desk, actor, public_id)
        return _form(_sheet(shown), "更正学生信息", student, students.fingerprint(shown, shown.guardians))
    sheet = _sheet(None)
    if command := request.form.get(ROWS):
        sheet.reshape(command)
    elif complete(sheet):
        try:
            correct_student(desk, actor, public_id, _enrolment(sheet), request.form.get(SEEN, ""))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            flash("已更正。", "told")
            return redirect(url_for("students.show", public_id=public_id), 303)
    return _form(sheet, "更正学生信息", student, request.form.get(SEEN, ""))


def page(student: Student, *, revealed: bool = False, sheet: Sheet | None = None) -> ResponseReturnValue:
    """The page of a pupil, with the sheet that opens a case where there is none."""
    with the_desk().register.reading() as db:
        opened = cases.of_student(db, the_actor(), student.id)
    return render_template("students/show.html", student=student, cases=opened, revealed=revealed, grades=GRADES,
                           sheet=sheet or case_form()), 422 if sheet else 200


def _sheet(shown: Student | None) -> Sheet:
    """The sheet as it was sent, or one that shows a pupil whose numbers were revealed with a trace, or an empty one.

    What was sent is never filled up from the ledger: a box left out would come back with a number nobody looked up.
    """
    schools, townships = _places()
    if request.method == "POST" and shown is None:
        return pupil_form(schools, townships, {}, request.form)
    only = next(iter(schools)) if len(schools) == 1 else ""
    return pupil_form(schools, townships, _known(shown) if shown else {"school_id": only})


def _form(sheet: Sheet, heading: str, student: Student | None, seen: str = "") -> ResponseReturnValue:
    return render_template("students/form.html", sheet=sheet, heading=heading, student=student, seen=seen), (
        422 if sheet.problems else 200)


def _places() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Schools in charge, and the townships of their counties: a pupil may live in another township than the school."""
    with the_desk().register.reading() as db:
        schools = offices.below(db, the_actor(), Level.SCHOOL)
        counties = {offices.above(db, each.path, Level.COUNTY).path for each in schools}
        near = [each for path in sorted(counties) for each in offices.townships_of_county(db, path)]
    return {str(each.id): each.name for each in schools}, {str(each.id): each.area_name for each in near}


def _known(student: Student) -> dict[str, Any]:
    known: dict[str, Any] = {name: getattr(student, name) for name in (
        "name", "id_number", "student_status_no", "school_id", "grade", "class_name", "township_id", "village",
        "home_address", "hukou_address", "caregiver")}
    if not student.id_number:
        known |= {"sex": student.sex, "birth_date": student.birth_date.isoformat()}
    known["guardians"] = [{name: getattr(each, name) for name in ("name", "relation", "id_number", "phone", "address")}
                          for each in student.guardians]
    return known


def _enrolment(sheet: Sheet) -> Enrolment:
    found: dict[str, Any] = sheet.values()
    guardians = tuple(NewGuardian(**{name: str(value or "") for name, value in row.items()})
                      for row in found.pop("guardians"))
    if found["id_number"]:
        number = IdentityNumber.parse(found["id_number"])
        found["sex"], found["birth_date"] = found["sex"] or number.sex, found["birth_date"] or number.birth_date
    born = found.pop("birth_date")
    whole: dict[str, Any] = {name: int(found.pop(name)) for name in ("school_id", "grade", "township_id")}
    texts: dict[str, Any] = {name: str(value or "") for name, value in found.items()}
    return Enrolment(NewStudent(birth_date=born, **(whole | texts)), guardians)
