"""导入名单: upload, look at what would change, confirm, take back; and the blank list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, send_file, url_for

from app.actions.import_pupils import import_pupils, look_at_list, receive_list
from app.actions.undo_batch import undo_batch
from app.errors import Problem, Refused
from app.law.powers import Power
from app.papers.catalogue.common import GRADES
from app.records import batches
from app.web.access import Pages, the_actor
from app.web.desk import the_desk
from app.web.ledger import XLSX

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("imports")
BLANK = Path(__file__).resolve().parents[1] / "templates_xlsx/school_list.xlsx"
SHOWN = 200
"""Problems, new and changed pupils told one by one; the rest is counted."""
FIELDS = {
    "name": "姓名", "sex": "性别", "id_number": "身份证号", "birth_date": "出生日期", "student_status_no": "学籍号",
    "grade": "年级", "class_name": "班级", "hukou_address": "户籍地址", "home_address": "现住址", "township_id": "乡镇",
    "village": "村", "caregiver": "受托照护人", "relation": "与学生关系", "phone": "电话", "address": "住址"}


@pages.page("/students/import", Power.IMPORT_PUPILS, "GET", "POST")
def index() -> ResponseReturnValue:
    """Upload a list; below, what was imported before."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        file = request.files.get("file")
        if file is None or not file.filename:
            problems = (Problem("file", "请选择名单文件（.xlsx）。"),)
        else:
            try:
                public_id = receive_list(the_desk(), the_actor(), file.read(), file.filename)
            except Refused as refused:
                problems = (Problem("file", refused.what, refused.advice),)
            else:
                return redirect(url_for("imports.show", public_id=public_id), 303)
    with the_desk().register.reading() as db:
        done = batches.list_batches(db, the_actor(), batches.IMPORT)
    return render_template("students/import.html", problems=problems, done=done), 422 if problems else 200


@pages.page("/students/import/blank", Power.IMPORT_PUPILS)
def blank() -> Response:
    """The blank list."""
    return send_file(BLANK, XLSX, as_attachment=True, download_name="学生名单.xlsx")


@pages.page("/students/import/<public_id>", Power.IMPORT_PUPILS)
def show(public_id: str) -> ResponseReturnValue:
    """What the list would change."""
    return _shown(public_id)


@pages.page("/students/import/<public_id>/confirm", Power.IMPORT_PUPILS, "POST")
def confirm(public_id: str) -> ResponseReturnValue:
    """Write it, all rows or none."""
    try:
        counts = import_pupils(the_desk(), the_actor(), public_id, request.form.get("seen", ""))
    except Refused as refused:
        return _shown(public_id, (Problem("", refused.what, refused.advice),))
    flash(f"已导入：新增{counts['new']}人，更正{counts['changed']}人，{counts['unchanged']}人没有变化。", "told")
    return redirect(url_for("imports.index"), 303)


@pages.page("/students/import/<public_id>/undo", Power.IMPORT_PUPILS, "POST")
def undo(public_id: str) -> ResponseReturnValue:
    """Take the whole import back."""
    try:
        undo_batch(the_desk(), the_actor(), public_id)
    except Refused as refused:
        with the_desk().register.reading() as db:
            done = batches.list_batches(db, the_actor(), batches.IMPORT)
        problems = (Problem("", refused.what, refused.advice), *refused.problems)
        return render_template("students/import.html", problems=problems, done=done), 422
    flash("这一批导入已撤回，台账恢复到导入以前。", "told")
    return redirect(url_for("imports.index"), 303)


def _shown(public_id: str, problems: tuple[Problem, ...] = ()) -> ResponseReturnValue:
    desk = the_desk()
    with desk.register.reading() as db:
        batch, plan = look_at_list(desk, the_actor(), db, public_id)
    if batch.done_at is not None:
        return redirect(url_for("imports.index"), 303)
    changed = [(each, [_label(name) for name in each.fields]) for each in plan.changed[:SHOWN]]
    return render_template("students/import_check.html", batch=batch, plan=plan, changed=changed, shown=SHOWN,
                           problems=problems, grades=GRADES), 422 if problems or plan.problems else 200


def _label(name: str) -> str:
    """`guardians.0.phone` → 监护人1电话."""
    if not name.startswith("guardians."):
        return FIELDS.get(name, name if name != "school_id" else "学校")
    _, number, *part = name.split(".")
    return f"监护人{int(number) + 1}{FIELDS[part[0]] if part else '增减'}"
