"""Accounts: add, disable, reset. A first password is random and shown once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.names import PersonName
from app.law.powers import LEVELS_OF_ROLE
from app.outside import passwords
from app.records import accounts, audit, failures, offices, sessions

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Role

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")

@dataclass(frozen=True)
class NewAccount:
    """Who gets an account, in which office, with which roles."""

    login: str
    name: str
    office_code: str
    roles: frozenset[Role]
    cert_no: str = ""
    password: str = ""


def add_account(desk: Desk, asked: NewAccount) -> str:
    """Add an account and answer its first password."""
    if not LOGIN.fullmatch(asked.login):
        raise Refused("账号名只能用小写字母、数字、点、横线，2到40个字符。", where="login")
    try:
        name = str(PersonName.parse(asked.name))
    except ValueError as error:
        raise Refused(str(error), where="name") from None
    password = asked.password or passwords.fresh()
    now = desk.clock.now()
    password_hash = passwords.hashed(password)
    with desk.change() as db:
        office = offices.load_code(db, asked.office_code)
        if not asked.roles:
            raise Refused("至少给一个角色。", where="roles")
        for role in asked.roles:
            if LEVELS_OF_ROLE.get(role, office.level) is not office.level:
                raise Refused(f"“{role.label}”不能放在{office.level.label}一级的{office.name}。", where="roles")
        if accounts.find_login(db, asked.login):
            raise Refused(f"账号 {asked.login} 已经有了。", where="login", advice="请换一个账号名。")
        account_id = accounts.add(db, login=asked.login, name=name, office_id=office.id, password_hash=password_hash,
                                  roles=asked.roles, cert_no=asked.cert_no, now=now)
        audit.append(db, None, "add_account", "account", account_id, now,
                     roles=sorted(role.value for role in asked.roles))
    return password


def disable_account(desk: Desk, login: str) -> None:
    """Disable an account and end its sessions at once."""
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(accounts.find_login(db, login), login)
        accounts.change(db, account.id, enabled=False)
        sessions.end_all(db, account.id, now)
        audit.append(db, None, "disable_account", "account", account.id, now)


def reset_password(desk: Desk, login: str) -> str:
    """Give a new random password, free the lock, end all sessions. A disabled account stays disabled."""
    password = passwords.fresh()
    password_hash = passwords.hashed(password)
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(accounts.find_login(db, login), login)
        accounts.change(db, account.id, password_hash=password_hash)
        failures.clear(db, account.login)
        sessions.end_all(db, account.id, now)
        audit.append(db, None, "reset_password", "account", account.id, now)
    return password


def _load(account: accounts.Account | None, login: str) -> accounts.Account:
    if account is None:
        raise Refused(f"没有账号 {login}。", where="login", advice="请核对拼写。")
    return account
