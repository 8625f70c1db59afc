"""Sign in and out: the same answer and the same time for a wrong name and a wrong password (ASVS 6.3).

Signing in goes through stages. `sign_in` answers an OpenSession whose `stage` says what is still to be done before any
page opens: CODE (the telephone's code, see `prove`), PASSWORD (a password given by somebody else is changed, see
`change_password`), ENROL (an authenticator is set up, see `keep_authenticator`), then OPEN. Each of these ends the
session it was done in and answers a new one: the caller puts the new token in the cookie and asks for its stage again.
Whoever builds on it needs only this: a session whose stage is not OPEN opens nothing, and `who` does not know it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from app.actions import failed_sign_in
from app.errors import Refused
from app.law.powers import needs_second_factor
from app.outside import codes, passwords
from app.outside.sealing import Sealer
from app.records import accounts, audit, failures, sessions

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.accounts import Account
    from app.records.database import Db

SESSION_LENGTH = timedelta(hours=10)
CODE_TIME = timedelta(minutes=10)
"""How long a session waits for the code."""


class Stage(Enum):
    """What a session waits for; OPEN waits for nothing."""

    OPEN = "open"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105  (the name of a stage)
    ENROL = "enrol"


@dataclass(frozen=True)
class SignIn:
    """What a person types, and from which address."""

    login: str
    password: str
    address: str = ""


@dataclass(frozen=True)
class OpenSession:
    """A new session: the token goes into the cookie and nowhere else. Only with stage OPEN it opens pages."""

    token: str
    actor: Actor
    expires_at: datetime
    stage: Stage = Stage.OPEN


@dataclass(frozen=True)
class Standing:
    """Whose session a token is, and what it waits for."""

    session_id: int
    account: Account
    stage: Stage

    @property
    def actor(self) -> Actor:
        return self.account.actor


def sign_in(desk: Desk, asked: SignIn) -> OpenSession:
    """Open a session, or a half-open one (see Stage). Raises Refused without telling whether the account exists."""
    now, login = desk.clock.now(), asked.login.strip()
    with desk.register.reading() as db:
        account = accounts.find_login(db, login)
        locked = failed_sign_in.locked(db, login, asked.address, now)
    fits = passwords.fits(account.password_hash if account else passwords.NOBODY, asked.password)
    if account is None or locked or not fits or not account.may_enter:
        if not locked:
            failed_sign_in.note(desk, account.id if account else failed_sign_in.NO_ACCOUNT, login, asked.address)
        raise Refused("账号或口令不对，或者暂时锁定。", where="登录",
                      advice="请核对后再试；连续错误会锁定几分钟，到时自动解锁。忘记口令请找管理员重置。")
    proved = not account.totp_secret
    with desk.change() as db:
        if _reloaded(db, account) != account:
            raise Refused("账号刚刚有改动。", where="登录", advice="请再登录一次。")
        if proved:  # else the code would be free to guess again after each right password
            failures.clear(db, login, asked.address)
        opened = _open(desk, db, account, now, proved=proved)
        audit.append(db, account.actor, "sign_in", "account", account.id, now, waits_for=opened.stage.value)
    return opened


def prove(desk: Desk, token: str, code: str, address: str = "") -> OpenSession:
    """The code of the telephone, for a session that waits for it. Wrong ones count to the lock of the account.

    Raises Refused for a code that does not hold, was used before, or while the account is locked: in the same words.
    """
    now, standing = desk.clock.now(), require_stage(desk, token, Stage.CODE)
    account = standing.account
    with desk.register.reading() as db:
        locked = failed_sign_in.locked(db, account.login, address, now)
    step = None if locked else codes.step_of(_secret_of(desk, account), code, now)
    if step is not None:
        with desk.change() as db:
            _require_unchanged(db, token, account)
            if accounts.use_step(db, account.id, step):
                failures.clear(db, account.login, address)
                sessions.end(db, token, now)
                opened = _open(desk, db, account, now)
                audit.append(db, account.actor, "prove_second_factor", "account", account.id, now)
                return opened
    if not locked:
        failed_sign_in.note(desk, account.id, account.login, address)
    raise Refused("验证码不对、已经用过，或者暂时锁定。", where="code",
                  advice="请等手机上换出下一个码再输；连续错误会锁定几分钟，到时自动解锁。手机丢了请找管理员。")


def change_password(desk: Desk, token: str, old: str, new: str, address: str = "") -> OpenSession:
    """A new password; every session of the person ends, and a new one opens for whoever changed it.

    Raises Refused for a wrong old password (which counts to the lock) and for a new one that will not do.
    """
    now, standing = desk.clock.now(), require_stage(desk, token, Stage.PASSWORD, Stage.OPEN, Stage.ENROL)
    account = standing.account
    require_password(desk, account, old, address)
    if found := passwords.weakness(new, account.login, account.name):
        raise Refused(found, where="new")
    if passwords.fits(account.password_hash, new):
        raise Refused("新口令要和原来的不同。", where="new")
    password_hash = passwords.hashed(new)
    with desk.change() as db:
        _require_unchanged(db, token, account)
        accounts.change(db, account.id, password_hash=password_hash, must_change=False)
        sessions.end_all(db, account.id, now)
        opened = _open(desk, db, _reloaded(db, account), now)
        audit.append(db, account.actor, "change_password", "account", account.id, now)
    return opened


def keep_authenticator(desk: Desk, token: str, secret: str, code: str, address: str = "") -> OpenSession:
    """Keep the secret of an authenticator, once a code of it proves that the telephone holds it.

    Ends every session of the person and answers a new one. Raises Refused for a wrong code (which counts to the lock)
    and for an account that has one: that is taken away by an administrator first.
    """
    now, standing = desk.clock.now(), require_stage(desk, token, Stage.ENROL, Stage.OPEN)
    account = standing.account
    if account.totp_secret:
        raise Refused("已经绑定了手机验证码。", where="code", advice="换手机请找管理员先解除。")
    with desk.register.reading() as db:
        locked = failed_sign_in.locked(db, account.login, address, now)
    step = None if locked else codes.step_of(secret, code, now)
    if step is None:
        if not locked:
            failed_sign_in.note(desk, account.id, account.login, address)
        raise Refused("验证码不对，或者暂时锁定。", where="code",
                      advice="请核对手机上的时间是否准确，再输入现在显示的六位数。")
    with desk.change() as db:
        _require_unchanged(db, token, account)
        accounts.change(db, account.id, totp_secret=_sealer(desk).seal(secret.encode(), now), totp_step=step)
        sessions.end_all(db, account.id, now)
        opened = _open(desk, db, _reloaded(db, account), now)
        audit.append(db, account.actor, "keep_authenticator", "account", account.id, now)
    return opened


def require_password(desk: Desk, account: Account, password: str, address: str = "") -> None:
    """Pass if this is the person's password; wrong ones count to the lock. Raises Refused."""
    with desk.register.reading() as db:
        locked = failed_sign_in.locked(db, account.login, address, desk.clock.now())
    if not passwords.fits(account.password_hash, password) or locked:
        if not locked:
            failed_sign_in.note(desk, account.id, account.login, address)
        raise Refused("现在的口令不对，或者暂时锁定。", where="old", advice="连续错误会锁定几分钟，到时自动解锁。")


def end_others(desk: Desk, actor: Actor, token: str) -> int:
    """Sign out everywhere but here; answers how many sessions ended."""
    now = desk.clock.now()
    with desk.change() as db:
        here = sessions.find(db, token)
        if here is None or here.account_id != actor.account_id:
            raise Refused("请重新登录。")
        ended = sessions.end_all(db, actor.account_id, now, but=here.id)
        audit.append(db, actor, "end_other_sessions", "account", actor.account_id, now, ended=ended)
    return ended


def sign_out(desk: Desk, actor: Actor, token: str) -> None:
    """End the session; the token is dead from now on."""
    now = desk.clock.now()
    with desk.change() as db:
        sessions.end(db, token, now)
        audit.append(db, actor, "sign_out", "account", actor.account_id, now)


def who(desk: Desk, token: str) -> Actor | None:
    """The person behind a token; None when the session is over or waits for something, or the account is disabled."""
    found = standing_of(desk, token)
    return found.actor if found and found.stage is Stage.OPEN else None


def standing_of(desk: Desk, token: str) -> Standing | None:
    """Whose session this is and what it waits for; None when it is over or the account is disabled."""
    with desk.register.reading() as db:
        session = sessions.find(db, token)
        if session is None or session.ended_at is not None or session.expires_at <= desk.clock.now():
            return None
        account = accounts.find(db, session.account_id)
    if account is None or not account.may_enter:
        return None
    return Standing(session.id, account, _stage(desk, account, proved=session.proved))


def require_stage(desk: Desk, token: str, *stages: Stage) -> Standing:
    """The session behind a token if it stands at one of these stages. Raises Refused."""
    found = standing_of(desk, token)
    if found is None or found.stage not in stages:
        raise Refused("登录已经过期，或在别处结束了。", where="登录", advice="请重新登录。")
    return found


def _stage(desk: Desk, account: Account, *, proved: bool) -> Stage:
    """The code comes first: whoever has only the password learns and changes nothing."""
    if not proved:
        return Stage.CODE
    if account.must_change:
        return Stage.PASSWORD
    wanted = desk.settings.second_factor == "required" and needs_second_factor(account.actor)
    return Stage.ENROL if wanted and not account.totp_secret else Stage.OPEN


def _open(desk: Desk, db: Db, account: Account, now: datetime, *, proved: bool = True) -> OpenSession:
    """A session of its own for every step: no token from before a proof opens anything after it."""
    token = secrets.token_urlsafe(32)
    expires_at = now + (SESSION_LENGTH if proved else CODE_TIME)
    sessions.add(db, token, account.id, now, expires_at, proved=proved)
    return OpenSession(token, account.actor, expires_at, _stage(desk, account, proved=proved))


def _reloaded(db: Db, account: Account) -> Account:
    found = accounts.find(db, account.id)
    assert found is not None  # noqa: S101  (accounts are never deleted)
    return found


def _require_unchanged(db: Db, token: str, account: Account) -> None:
    """What began before an administrator's reset does not win over it. A code used meanwhile is no change."""
    session, fresh = sessions.find(db, token), _reloaded(db, account)
    if session is None or session.ended_at is not None or replace(fresh, totp_step=account.totp_step) != account:
        raise Refused("账号刚刚有改动，或者登录已经结束。", where="登录", advice="请重新登录。")


def _sealer(desk: Desk) -> Sealer:
    return Sealer(desk.settings.secret_path, "authenticator")


def _secret_of(desk: Desk, account: Account) -> str:
    """The authenticator's secret. Raises Refused when the installation's own secret is another one by now."""
    found = _sealer(desk).opened(account.totp_secret, desk.clock.now())
    if found is None:
        raise Refused("手机验证码的绑定读不出来了。", where="code", advice="请找管理员解除后重新绑定。")
    return found.decode()
