"""Sign in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, g, make_response, redirect, render_template, request, session, url_for

from app.actions import sign_in as actions
from app.errors import Refused
from app.web.access import PUBLIC, Pages, cookie_name, over_https
from app.web.desk import the_desk
from app.web.limits import limiter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("sign_in")


@pages.page("/sign-in", PUBLIC)
def ask() -> ResponseReturnValue:
    """The page that asks for name and password."""
    if g.actor is not None:
        return redirect(url_for("home.today"), 303)
    return render_template("sign_in/ask.html", back=_inside(request.args.get("back", "")), login="", refused=None)


@pages.page("/sign-in", PUBLIC, "POST")
@limiter.limit("20 per minute")
def enter() -> ResponseReturnValue:
    """Open a session: the token goes into the cookie, everything else stays on the server."""
    login = request.form.get("login", "")
    back = _inside(request.form.get("back", ""))
    try:
        opened = actions.sign_in(the_desk(), actions.SignIn(
            login, request.form.get("password", ""), request.remote_addr or ""))
    except Refused as refused:
        return render_template("sign_in/ask.html", back=back, login=login, refused=refused), refused.status
    session.clear()
    answer = make_response(redirect(back or url_for("home.today"), 303))
    answer.set_cookie(cookie_name(), opened.token, expires=opened.expires_at, httponly=True, samesite="Lax",
                      secure=over_https(), path="/")
    return answer


@pages.page("/sign-out", PUBLIC, "POST")
def leave() -> ResponseReturnValue:
    """End the session on the server and in the browser."""
    token = request.cookies.get(cookie_name())
    if token and g.actor is not None:
        actions.sign_out(the_desk(), g.actor, token)
    session.clear()
    flash("已退出。共用电脑请关闭浏览器窗口。", "told")
    answer = make_response(redirect(url_for("sign_in.ask"), 303))
    answer.delete_cookie(cookie_name(), path="/", secure=over_https(), httponly=True, samesite="Lax")
    return answer


def _inside(back: str) -> str:
    """An address of this service to return to, or "": never another host."""
    plain = back.startswith("/") and not back.startswith(("//", "/\\")) and "\\" not in back
    return back.partition("?")[0] if plain and back.isprintable() else ""
