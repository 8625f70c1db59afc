"""A form that comes when nobody, or somebody else, is signed in: it is not done, and what was typed is not lost.

It waits sealed (`actions.hold_form`) for the person whose page it was; the cookie set here is the only key. Another
person who signs in at the same computer sees nothing of it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Response, after_this_request, flash, redirect, request, url_for

from app.actions.hold_form import WAITS, Form, hold_form
from app.errors import Refused
from app.web import owner
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

COOKIE = "fanxiao_held"
PASSING = frozenset({"fields.say", "drafts.keep", "students.index", "cases.index", "students.reveal", "held.drop",
                     "account.password", "account.authenticator"})
"""Forms with nothing in them that would be missed: searches, looks, what the page itself sends again; and passwords."""
SECRETS = ("password", "secret", "totp", "offer")
"""Fields whose names hold one of these words are neither kept nor shown again."""
OWN = frozenset({"csrf_token", owner.WHO})
"""Fields that a form gets anew."""


def by_script() -> bool:
    """Whether a script of the page asks, and not the browser itself."""
    return "X-Requested-With" in request.headers or "HX-Request" in request.headers


def too_late() -> ResponseReturnValue:
    """The session has ended: sign in first, then go on. A script of the page is told and asks in place."""
    if by_script():
        return Response("登录已到期。", 401, mimetype="text/plain")
    if request.method != "POST":
        return redirect(url_for("sign_in.ask", back=request.path), 303)  # never the query: addresses are kept in logs
    if not _held():
        return redirect(url_for("sign_in.ask"), 303)
    flash("登录已到期，刚才交的还没有办。填的内容已经代存，请本人登录后接着办。", "warn")
    return redirect(url_for("sign_in.ask", back=url_for("held.show")), 303)


def of_another() -> ResponseReturnValue:
    """The page was opened by another person than the one who is signed in now."""
    if by_script():
        return Response("这一页是另一个人登录时打开的。", 401, mimetype="text/plain")
    kept = "填的内容已为本人代存，本人在这台电脑上登录后可以接着办。" if _held() else ""
    raise Refused("这一页是另一个人登录时打开的，没有办。", advice=f"{kept}请您从菜单重新打开要办的事。")


def form_sent() -> Form:
    """What the browser sent, without what it gets anew."""
    fields = {name: request.form.getlist(name) for name in request.form
              if name not in OWN and not any(word in name.casefold() for word in SECRETS)}
    return Form(request.full_path.rstrip("?"), fields, [name for name, each in request.files.items() if each.filename])


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers take it only over https."""
    return f"__Host-{COOKIE}" if _over_https() else COOKIE


def token() -> str:
    """What this browser opens its forms with; "" when it holds none."""
    return request.cookies.get(cookie_name(), "")


def _held() -> bool:
    """Keep the form for its owner; answers False when there is nothing to keep, or no page of ours sent it."""
    account_id = owner.owner()
    if account_id is None or request.endpoint in PASSING:
        return False
    key = token() or secrets.token_urlsafe(32)
    hold_form(the_desk(), account_id, key, form_sent())

    @after_this_request
    def _give(answer: Response) -> Response:
        answer.set_cookie(cookie_name(), key, max_age=WAITS, httponly=True, samesite="Lax", secure=_over_https(),
                          path="/")
        return answer

    return True


def _over_https() -> bool:
    return the_desk().settings.public_url.startswith("https:")
