"""我的账号: one's roles, password, authenticator and open sessions; and the two pages of a first sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, session, url_for

from app.actions import set_authenticator, sign_in
from app.actions.sign_in import Stage
from app.errors import Refused
from app.law.powers import needs_second_factor
from app.outside import codes
from app.records import sessions
from app.web.access import SIGNED_IN, Door, Pages, the_actor, the_standing, the_token
from app.web.desk import the_desk
from app.web.limits import limiter
from app.web.sign_in import BACK, let_in

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("account")


@pages.page("/account", SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What this person is here, and where else they are signed in."""
    desk, account = the_desk(), the_standing().account
    with desk.register.reading() as db:
        opened = sessions.count_open(db, account.id, desk.clock.now())
    return render_template("account/mine.html", account=account, opened=opened,
                           roles=sorted(account.roles), needed=needs_second_factor(account.actor))


@pages.page("/account/others", SIGNED_IN, "POST")
def end_others() -> ResponseReturnValue:
    """Sign out on every other machine."""
    ended = sign_in.end_others(the_desk(), the_actor(), the_token())
    flash(f"已退出其他{ended}处登录。" if ended else "没有别处的登录。", "told")
    return redirect(url_for("account.mine"), 303)


@pages.page("/account/password", Door.PASSWORD, "GET", "POST", again="the old password holds once")
@limiter.limit("120 per minute", methods=["POST"])
def password() -> ResponseReturnValue:
    """Change the password; all sessions end, this browser gets a new one."""
    first, refused = the_standing().stage is Stage.PASSWORD, None
    if request.method == "POST":
        try:
            opened = _changed()
        except Refused as problem:
            refused = problem
        else:
            back = str(session.get(BACK, ""))
            answer = let_in(opened, back or url_for("home.today" if first else "account.mine"))
            flash("口令已修改，别处的登录都已退出。", "told")
            return answer
    return render_template("account/password.html", first=first, refused=refused,
                           login=the_standing().account.login), refused.status if refused else 200


def _changed() -> sign_in.OpenSession:
    new = request.form.get("new_password", "")
    if new != request.form.get("again_password", ""):
        raise Refused("两次输入的新口令不一样。", where="again")
    return sign_in.change_password(
        the_desk(), the_token(), request.form.get("old_password", ""), new, request.remote_addr or "")


@pages.page("/account/authenticator", Door.ENROL, "GET", "POST", again="a code works once")
@limiter.limit("120 per minute", methods=["POST"])
def authenticator() -> ResponseReturnValue:
    """Set up the authenticator: the picture to scan, the secret to type, the code that proves it."""
    standing, refused = the_standing(), None
    offer = set_authenticator.offer(the_desk(), standing, request.form.get("offer", ""))
    if request.method == "POST":
        try:
            opened = set_authenticator.accept(the_desk(), the_token(), offer, request.form.get("code", ""), _given())
        except Refused as problem:
            refused = problem
        else:
            answer = let_in(opened, str(session.get(BACK, "")) or url_for("account.mine"))
            flash("手机验证码已绑定，以后登录时用。", "told")
            return answer
    return render_template(
        "account/authenticator.html", offer=offer, first=standing.stage is Stage.ENROL, refused=refused,
        login=standing.account.login, bound=bool(standing.account.totp_secret),
        picture=codes.picture(offer.secret, standing.account.login),
        typed=codes.grouped(offer.secret)), refused.status if refused else 200


def _given() -> set_authenticator.Given:
    return set_authenticator.Given(request.form.get("old_password", ""), request.remote_addr or "")
