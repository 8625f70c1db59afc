"""Going on after signing in: the forms that came too late, for their own person; and who is there, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from app.actions import hold_form
from app.web import late, owner
from app.web.access import PUBLIC, SIGNED_IN, Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from app.actions.hold_form import Form

pages = Pages("held")
HELD = "_held"
PLACES = {"students": "学生台账", "cases": "案卷", "papers": "文书", "packets": "卷宗"}
"""What an address is about, by its first part."""


@pages.page("/held", SIGNED_IN)
def show() -> ResponseReturnValue:
    """The forms of this person that wait in this browser."""
    rows = hold_form.waiting(the_desk(), the_actor().account_id, late.token())
    if not rows:
        return redirect(url_for("home.today"), 303)
    return render_template("held/show.html", rows=rows, held=HELD, place=_place)


def _place(form: Form) -> str:
    return PLACES.get(form.address.split("/")[1], "系统")


@pages.page("/held/<int:held_id>/drop", SIGNED_IN, "POST")
def drop(held_id: int) -> ResponseReturnValue:
    """Its owner does not want it any more."""
    hold_form.let_go(the_desk(), the_actor().account_id, late.token(), held_id)
    flash("已经舍弃，没有办。", "told")
    return redirect(url_for("held.show"), 303)


@pages.page("/session", PUBLIC)
def session() -> ResponseReturnValue:
    """Who is signed in, and a fresh token, for the script that lets a person sign in without leaving the page."""
    who = g.actor
    return jsonify({"who": owner.mark(), "name": who.name if who else "", "csrf": generate_csrf()})


@pages.after_app_request
def forget(answer: Response) -> Response:
    """A form that waited and is done now waits no longer."""
    number = request.form.get(HELD, "") if request.method == "POST" and answer.status_code < 400 else ""  # noqa: PLR2004
    if number.isdigit() and g.get("actor") is not None and request.blueprint != "held":
        hold_form.let_go(the_desk(), g.actor.account_id, late.token(), int(number))
    return answer
