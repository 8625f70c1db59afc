"""系统管理·单位: the tree in charge, what an office prints, its schools, classes and villages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions import manage_offices
from app.actions.manage_offices import NewSchool, OfficeSettings
from app.errors import Refused
from app.forms.office import school_form, settings_form
from app.law.offices import Level
from app.law.powers import Power
from app.papers.catalogue.common import GRADES
from app.records import accounts, offices, places
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.forms.sheet import Sheet

pages = Pages("admin_offices")
NAMES = ("name", "full_name", "organ_code", "contact", "phone")


@pages.page("/admin/offices", Power.MANAGE_OFFICES)
def index() -> ResponseReturnValue:
    """The tree of offices in this person's charge, with how many people each has."""
    actor = the_actor()
    with the_desk().register.reading() as db:
        tree = offices.under(db, actor.path)
        people = Counter(each.office_id for each in accounts.list_accounts(db, actor) if each.enabled)
    rows = [(each, each.path.count("/") - actor.path.count("/"), people[each.id]) for each in tree]
    return render_template("admin/offices.html", rows=rows, schools=sum(each.level is Level.SCHOOL for each in tree))


@pages.page("/admin/offices/<code>", Power.MANAGE_OFFICES)
def show(code: str) -> ResponseReturnValue:
    """One office."""
    return page(code)


@pages.page("/admin/offices/<code>/settings", Power.MANAGE_OFFICES, "POST")
def save(code: str) -> ResponseReturnValue:
    """Keep what it prints."""
    sheet = settings_form({}, request.form)
    if sheet.check():
        try:
            manage_offices.set_office(the_desk(), the_actor(), OfficeSettings(
                code, **{name: str(value or "") for name, value in sheet.values().items()}))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            return _done("已保存。已签发的文书不受影响。", code)
    return page(code, sheet=sheet)


@pages.page("/admin/offices/<code>/schools/new", Power.MANAGE_OFFICES, "GET", "POST")
def add_school(code: str) -> ResponseReturnValue:
    """Add a school under a township."""
    with the_desk().register.reading() as db:
        township = manage_offices.load(db, the_actor(), code)
    sheet = school_form(request.form if request.method == "POST" else None)
    if request.method == "POST" and sheet.check():
        found = sheet.values()
        try:
            manage_offices.add_school(the_desk(), the_actor(), NewSchool(str(found["code"]), str(found["name"]), code))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            return _done("学校已增加。下一步：填联系人，加班级和账号。", str(found["code"]))
    return render_template("admin/school.html", township=township, sheet=sheet), 422 if sheet.problems else 200


@pages.page("/admin/offices/<code>/close", Power.MANAGE_OFFICES, "POST")
def close(code: str) -> ResponseReturnValue:
    """Close a school."""
    manage_offices.close_school(the_desk(), the_actor(), code)
    return _done("已停办，本校人员不能再登录；历史文书照旧可查。", code)


@pages.page("/admin/offices/<code>/reopen", Power.MANAGE_OFFICES, "POST")
def reopen(code: str) -> ResponseReturnValue:
    """Take back that a school was closed."""
    manage_offices.reopen_school(the_desk(), the_actor(), code)
    return _done("已恢复。", code)


@pages.page("/admin/offices/<code>/classes", Power.MANAGE_OFFICES, "POST")
def add_classes(code: str) -> ResponseReturnValue:
    """Add classes of a grade, one a line."""
    added = manage_offices.add_classes(the_desk(), the_actor(), code, _grade(), _lines())
    return _done(f"增加了{added}个班。", code)


@pages.page("/admin/offices/<code>/classes/remove", Power.MANAGE_OFFICES, "POST")
def remove_class(code: str) -> ResponseReturnValue:
    """Take a class off the list."""
    manage_offices.remove_class(the_desk(), the_actor(), code, _grade(), request.form.get("name", ""))
    return _done("已删去。", code)


@pages.page("/admin/offices/<code>/villages", Power.MANAGE_OFFICES, "POST")
def add_villages(code: str) -> ResponseReturnValue:
    """Add villages, one a line."""
    added = manage_offices.add_villages(the_desk(), the_actor(), code, _lines())
    return _done(f"增加了{added}个村（社区）。", code)


@pages.page("/admin/offices/<code>/villages/remove", Power.MANAGE_OFFICES, "POST")
def remove_village(code: str) -> ResponseReturnValue:
    """Take a village off the list."""
    manage_offices.remove_village(the_desk(), the_actor(), code, request.form.get("name", ""))
    return _done("已删去。", code)


def page(code: str, sheet: Sheet | None = None) -> ResponseReturnValue:
    """The page of an office, with a sheet that came back if there is one."""
    actor = the_actor()
    with the_desk().register.reading() as db:
        office = manage_offices.load(db, actor, code)
        above = [offices.load_code(db, each) for each in office.path.split("/") if each and each != office.code]
        found = {
            "children": offices.children(db, office), "people": accounts.of_office(db, office.id),
            "classes": places.classes_of(db, office.id), "villages": places.villages_of(db, office.id)}
    known = {name: getattr(office, name) for name in NAMES}
    return render_template(
        "admin/office.html", office=office, above=[each for each in above if each.path.startswith(actor.path)],
        grades=GRADES, sheet=sheet or settings_form(known), **found), 422 if sheet else 200


def _done(words: str, code: str) -> ResponseReturnValue:
    flash(words, "told")
    return redirect(url_for("admin_offices.show", code=code), 303)


def _grade() -> int:
    given = request.form.get("grade", "")
    return int(given) if given in GRADES else 0


def _lines() -> list[str]:
    return request.form.get("names", "").splitlines()
