"""Sign in and out: name and password, then the code of the telephone where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, g, make_response, redirect, render_template, request, session, url_for

from app.actions import sign_in as actions
from app.actions.sign_in import Stage
from app.errors import Refused
from app.web.access import PUBLIC, WAITS_AT, Door, Pages, cookie_name, over_https, remember, the_token
from app.web.desk import the_desk
from app.web.limits import limiter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("sign_in")
BACK = "back"
"""In the browser's signed cookie, while a session waits: the page that was asked for."""


@pages.page("/sign-in", PUBLIC)
def ask() -> ResponseReturnValue:
    """The page that asks for name and password."""
    if g.actor is not None:
        return redirect(url_for("home.today"), 303)
    return render_template("sign_in/ask.html", back=_inside(request.args.get("back", "")), login="", refused=None)


@pages.page("/sign-in", PUBLIC, "POST", again="nobody is signed in yet")
def enter() -> ResponseReturnValue:
    """Open a session: the token goes into the cookie, everything else stays on the server."""
    login = request.form.get("login", "")
    back = _inside(request.form.get("back", ""))
    try:
        opened = actions.sign_in(the_desk(), actions.SignIn(
            login, request.form.get("password", ""), request.remote_addr or ""))
    except Refused as refused:
        return render_template("sign_in/ask.html", back=back, login=login, refused=refused), refused.status
    return let_in(opened, back)


@pages.page("/sign-in/code", Door.CODE, "GET", "POST", again="a code works once")
@limiter.limit("120 per minute", methods=["POST"])
def code() -> ResponseReturnValue:
    """The page that asks for the code of the telephone."""
    refused, back = None, str(session.get(BACK, ""))
    if request.method == "POST":
        try:
            opened = actions.prove(the_desk(), the_token(), request.form.get("code", ""), request.remote_addr or "")
        except Refused as problem:
            refused = problem
        else:
            return let_in(opened, back)
    return render_template("sign_in/code.html", refused=refused), refused.status if refused else 200


@pages.page("/sign-out", PUBLIC, "POST", again="who is out is out")
def leave() -> ResponseReturnValue:
    """End the session on the server and in the browser, one that still waits as well."""
    if g.standing is not None:
        actions.sign_out(the_desk(), g.standing.actor, the_token())
    session.clear()
    flash("已退出。共用电脑请关闭浏览器窗口。", "told")
    answer = make_response(redirect(url_for("sign_in.ask"), 303))
    answer.delete_cookie(cookie_name(), path="/", secure=over_https(), httponly=True, samesite="Lax")
    return answer


def let_in(opened: actions.OpenSession, back: str = "") -> ResponseReturnValue:
    """Put a session just opened into the browser and lead to where it waits, or to the page asked for."""
    remember(opened)
    waiting = opened.stage is not Stage.OPEN
    if waiting and back:
        session[BACK] = back
    answer = make_response(redirect(url_for(WAITS_AT[opened.stage]) if waiting else back or url_for("home.today"), 303))
    answer.set_cookie(cookie_name(), opened.token, expires=opened.expires_at, httponly=True, samesite="Lax",
                      secure=over_https(), path="/")
    return answer


def _inside(back: str) -> str:
    """An address of this service to return to, or "": never another host."""
    plain = back.startswith("/") and not back.startswith(("//", "/\\")) and "\\" not in back
    return back.partition("?")[0] if plain and back.isprintable() else ""
