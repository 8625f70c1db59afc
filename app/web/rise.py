"""学年升级: what would happen to each class, confirmed once a year, taken back as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions.roll_over import look_at_roll_over, roll_over
from app.actions.undo_batch import undo_batch
from app.errors import Problem, Refused
from app.law.powers import Power
from app.papers.catalogue.common import GRADES
from app.records import batches
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("rise")


@pages.page("/students/rise", Power.ROLL_OVER)
def index() -> ResponseReturnValue:
    """What would be done, class by class; below, what was done before."""
    return _shown()


@pages.page("/students/rise/confirm", Power.ROLL_OVER, "POST")
def confirm() -> ResponseReturnValue:
    """Do it."""
    last = _last()
    if last is None:
        return _shown((Problem("last", "请选择本校的最高年级。"),))
    try:
        roll_over(the_desk(), the_actor(), the_actor().office_id, last, request.form.get("seen", ""))
    except Refused as refused:
        return _shown((Problem("", refused.what, refused.advice),))
    flash("学年升级已办好。", "told")
    return redirect(url_for("rise.index"), 303)


@pages.page("/students/rise/<public_id>/undo", Power.ROLL_OVER, "POST")
def undo(public_id: str) -> ResponseReturnValue:
    """Take the whole of it back."""
    try:
        undo_batch(the_desk(), the_actor(), public_id)
    except Refused as refused:
        return _shown((Problem("", refused.what, refused.advice), *refused.problems))
    flash("这次学年升级已撤回。", "told")
    return redirect(url_for("rise.index"), 303)


def _shown(problems: tuple[Problem, ...] = ()) -> ResponseReturnValue:
    desk, actor = the_desk(), the_actor()
    with desk.register.reading() as db:
        try:
            plan = look_at_roll_over(desk, actor, db, actor.office_id, _last())
        except Refused as refused:
            plan = look_at_roll_over(desk, actor, db, actor.office_id)
            problems = problems or (Problem("last", refused.what, refused.advice),)
        done = batches.list_batches(db, actor, batches.ROLL_OVER)
    return render_template("students/rise.html", plan=plan, problems=problems, done=done, grades=GRADES), (
        422 if problems else 200)


def _last() -> int | None:
    text = request.values.get("last", "")
    return int(text) if text in GRADES else None
