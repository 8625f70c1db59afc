"""Sign in and out: the same answer and the same time for a wrong name and a wrong password (ASVS 6.3)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.errors import Refused
from app.outside import passwords
from app.records import accounts, audit, sessions

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor

SESSION_LENGTH = timedelta(hours=10)
FREE_FAILURES = 5
LONGEST_LOCK = timedelta(minutes=15)


@dataclass(frozen=True)
class SignIn:
    """What a person types."""

    login: str
    password: str


@dataclass(frozen=True)
class OpenSession:
    """A new session: the token goes into the cookie and nowhere else."""

    token: str
    actor: Actor
    expires_at: datetime


def sign_in(desk: Desk, asked: SignIn) -> OpenSession:
    """Open a session. Raises Refused without telling whether the account exists."""
    now = desk.clock.now()
    with desk.register.reading() as db:
        account = accounts.find_login(db, asked.login.strip())
    fits = passwords.fits(account.password_hash if account else passwords.NOBODY, asked.password)
    locked = account is not None and account.locked_until is not None and account.locked_until > now
    if account is None or locked or not fits or not account.enabled:
        if account is not None and not locked and not fits:
            _note_failure(desk, account.id, now)
        raise Refused("账号或口令不对，或者暂时锁定。", where="登录",
                      advice="请核对后再试；连续错误会锁定几分钟，到时自动解锁。忘记口令请找管理员重置。")
    token = secrets.token_urlsafe(32)
    expires_at = now + SESSION_LENGTH
    with desk.change() as db:
        accounts.change(db, account.id, failures=0, locked_until=None)
        sessions.add(db, token, account.id, now, expires_at)
        audit.append(db, account.actor, "sign_in", "account", account.id, now)
    return OpenSession(token, account.actor, expires_at)


def _note_failure(desk: Desk, account_id: int, now: datetime) -> None:
    """Counted inside the transaction, so that guesses made at the same time all count."""
    with desk.change() as db:
        account = accounts.load(db, account_id)
        failures = account.failures + 1
        over = failures - FREE_FAILURES
        lock = min(timedelta(minutes=2 ** min(over, 10)), LONGEST_LOCK) if over >= 0 else None
        accounts.change(db, account_id, failures=failures, locked_until=now + lock if lock else account.locked_until)
        audit.append(db, None, "sign_in_failed", "account", account_id, now, failures=failures)


def sign_out(desk: Desk, actor: Actor, token: str) -> None:
    """End the session; the token is dead from now on."""
    now = desk.clock.now()
    with desk.change() as db:
        sessions.end(db, token, now)
        audit.append(db, actor, "sign_out", "account", actor.account_id, now)


def who(desk: Desk, token: str) -> Actor | None:
    """The person behind a token, or None when the session is over or the account disabled."""
    with desk.register.reading() as db:
        session = sessions.find(db, token)
        if session is None or session.ended_at is not None or session.expires_at <= desk.clock.now():
            return None
        account = accounts.find(db, session.account_id)
    return account.actor if account and account.enabled else None
