"""Sign in and out: the same answer and the same time for a wrong name and a wrong password (ASVS 6.3)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.errors import Refused
from app.outside import passwords
from app.records import accounts, audit, failures, sessions
from app.records.failures import EVERYWHERE, Tally

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db

SESSION_LENGTH = timedelta(hours=10)
FREE_FAILURES, MANY_FAILURES = 5, 100
"""From one address; and from all together, far more, or whoever knows a name could keep its owner out."""
LONGEST_LOCK = timedelta(minutes=15)
NO_ACCOUNT = 0
"""Subject of the audit line of a name that nobody bears."""


@dataclass(frozen=True)
class SignIn:
    """What a person types, and from which address."""

    login: str
    password: str
    address: str = ""


@dataclass(frozen=True)
class OpenSession:
    """A new session: the token goes into the cookie and nowhere else."""

    token: str
    actor: Actor
    expires_at: datetime


def sign_in(desk: Desk, asked: SignIn) -> OpenSession:
    """Open a session. Raises Refused without telling whether the account exists."""
    now, login = desk.clock.now(), asked.login.strip()
    with desk.register.reading() as db:
        account = accounts.find_login(db, login)
        locked = _locked(db, login, asked.address, now)
    fits = passwords.fits(account.password_hash if account else passwords.NOBODY, asked.password)
    if account is None or locked or not fits or not account.enabled:
        if not locked:
            _note_failure(desk, account.id if account else NO_ACCOUNT, login, asked.address, now)
        raise Refused("账号或口令不对，或者暂时锁定。", where="登录",
                      advice="请核对后再试；连续错误会锁定几分钟，到时自动解锁。忘记口令请找管理员重置。")
    token = secrets.token_urlsafe(32)
    expires_at = now + SESSION_LENGTH
    with desk.change() as db:
        failures.clear(db, login, asked.address)
        sessions.add(db, token, account.id, now, expires_at)
        audit.append(db, account.actor, "sign_in", "account", account.id, now)
    return OpenSession(token, account.actor, expires_at)


def _locked(db: Db, login: str, address: str, now: datetime) -> bool:
    until = [failures.tally(db, login, each).locked_until for each in (address, EVERYWHERE)]
    return any(each is not None and each > now for each in until)


def _note_failure(desk: Desk, account_id: int, login: str, address: str, now: datetime) -> None:
    """The same rows for a name that nobody bears. Counted inside the transaction: guesses of one moment all count."""
    with desk.change() as db:
        here = failures.tally(db, login, address).failures + 1
        everywhere = failures.tally(db, login, EVERYWHERE).failures + 1
        over = here - FREE_FAILURES
        failures.note(db, login, address, Tally(here, now + _lock(over) if over >= 0 else None), now)
        rounds, rest = divmod(everywhere, MANY_FAILURES)
        until = now + _lock(rounds) if rest == 0 else failures.tally(db, login, EVERYWHERE).locked_until
        failures.note(db, login, EVERYWHERE, Tally(everywhere, until), now)
        audit.append(db, None, "sign_in_failed", "account", account_id, now, failures=here)


def _lock(times: int) -> timedelta:
    """Doubles from a minute."""
    return min(timedelta(minutes=2 ** min(times, 10)), LONGEST_LOCK)


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
