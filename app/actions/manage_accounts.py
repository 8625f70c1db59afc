"""Accounts: add, change, disable, reset. A first password is random, shown once, and changed at the first sign-in.

`actor` None stands for whoever runs the machine (the command line, the demo): in charge of all, and accountable to
those who gave the shell. Nobody else changes the own account here: a second administrator does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law import powers
from app.law.names import PersonName
from app.law.offices import Level, Role
from app.law.powers import LEVELS_OF_ROLE
from app.outside import passwords
from app.records import accounts, audit, failures, offices, sessions

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor, Office
    from app.records.accounts import Account
    from app.records.database import Db

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_CERT = 40


@dataclass(frozen=True)
class NewAccount:
    """Who gets an account, in which office, with which roles."""

    login: str
    name: str
    office_code: str
    roles: frozenset[Role]
    cert_no: str = ""
    password: str = ""
    """Empty: a random one. Given only by the demo, whose people do not change it (`must_change` False)."""
    must_change: bool = True


@dataclass(frozen=True)
class AccountChange:
    """What an account shall be from now on."""

    name: str
    roles: frozenset[Role]
    cert_no: str = ""


def add_account(desk: Desk, actor: Actor | None, asked: NewAccount) -> str:
    """Add an account and answer its first password."""
    password = asked.password or passwords.fresh()
    password_hash = passwords.hashed(password)
    now = desk.clock.now()
    with desk.change() as db:
        account_id = write_account(db, actor, asked, password_hash, now)
        audit.append(db, actor, "add_account", "account", account_id, now, roles=_texts(asked.roles))
    return password


def write_account(db: Db, actor: Actor | None, asked: NewAccount, password_hash: str, now: datetime) -> int:
    """The row of a new account, checked; the caller owns the transaction and its audit line."""
    name = check_names(asked.login, asked.name, asked.cert_no)
    office = offices.load_in_charge(db, actor, asked.office_code)
    require_manager(actor)
    if office.closed:
        raise Refused(f"{office.name}已经停办。", where="office_code", advice="请换一个单位，或先恢复这个单位。")
    require_roles(office, asked.roles)
    if accounts.find_login(db, asked.login):
        raise Refused(f"账号 {asked.login} 已经有了。", where="login", advice="请换一个账号名。")
    return accounts.add(db, asked.roles, now, login=asked.login, name=name, office_id=office.id,
                        password_hash=password_hash, cert_no=asked.cert_no.strip(), must_change=asked.must_change)


def change_account(desk: Desk, actor: Actor | None, account_id: int, asked: AccountChange) -> None:
    """Change name, roles and certificate. Changed roles end all sessions: the next sign-in has the new ones."""
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(db, actor, account_id)
        _require_another(actor, account, "姓名、执法证号和角色")
        name = check_names(account.login, asked.name, asked.cert_no)
        require_roles(offices.load(db, account.office_id), asked.roles)
        if asked.roles != account.roles:
            if Role.ADMINISTRATOR not in asked.roles:
                _require_not_last(db, account)
            sessions.end_all(db, account.id, now)
        values = {"name": name, "roles": _texts(asked.roles), "cert_no": asked.cert_no.strip()}
        before = {"name": account.name, "roles": _texts(account.roles), "cert_no": account.cert_no}
        accounts.change(db, account.id, **values)
        audit.append(db, actor, "change_account", "account", account.id, now, before=before["roles"],
                     roles=values["roles"], changed=sorted(key for key in values if values[key] != before[key]))


def disable_account(desk: Desk, actor: Actor | None, account_id: int) -> None:
    """Disable an account and end its sessions at once; what it did keeps its name."""
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(db, actor, account_id)
        _require_another(actor, account, "账号")
        _require_not_last(db, account)
        accounts.change(db, account.id, enabled=False)
        sessions.end_all(db, account.id, now)
        audit.append(db, actor, "disable_account", "account", account.id, now)


def enable_account(desk: Desk, actor: Actor | None, account_id: int) -> None:
    """Let a disabled account sign in again, with the password it had."""
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(db, actor, account_id)
        if account.enabled:
            raise Refused(f"账号 {account.login} 没有停用。")
        accounts.change(db, account.id, enabled=True)
        audit.append(db, actor, "enable_account", "account", account.id, now)


def reset_password(desk: Desk, actor: Actor | None, account_id: int, *, must_change: bool = True) -> str:
    """Give a new random password, free the lock, end all sessions. A disabled account stays disabled."""
    password = passwords.fresh()
    password_hash = passwords.hashed(password)
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(db, actor, account_id)
        _require_another(actor, account, "口令")
        accounts.change(db, account.id, password_hash=password_hash, must_change=must_change)
        failures.clear(db, account.login)
        sessions.end_all(db, account.id, now)
        audit.append(db, actor, "reset_password", "account", account.id, now)
    return password


def reset_second_factor(desk: Desk, actor: Actor | None, account_id: int) -> None:
    """Forget the authenticator of a lost telephone and end all sessions; who needs one sets up the next."""
    now = desk.clock.now()
    with desk.change() as db:
        account = _load(db, actor, account_id)
        _require_another(actor, account, "手机验证码")
        if not account.totp_secret:
            raise Refused(f"账号 {account.login} 没有绑定手机验证码。")
        accounts.change(db, account.id, totp_secret="")
        failures.clear(db, account.login)
        sessions.end_all(db, account.id, now)
        audit.append(db, actor, "reset_second_factor", "account", account.id, now)


def id_of(desk: Desk, login: str) -> int:
    """The id behind a name to sign in, for the command line. Raises Refused."""
    with desk.register.reading() as db:
        found = accounts.find_login(db, login)
    if found is None:
        raise Refused(f"没有账号 {login}。", where="login", advice="请核对拼写。")
    return found.id


def check_names(login: str, name: str, cert_no: str) -> str:
    """The name as it is kept. Raises Refused for a login, name or certificate number that does not hold."""
    if not LOGIN.fullmatch(login):
        raise Refused("账号名只能用小写字母、数字、点、横线，2到40个字符。", where="login")
    if len(cert_no.strip()) > LONGEST_CERT or not cert_no.isprintable():
        raise Refused(f"执法证号最多{LONGEST_CERT}个字符。", where="cert_no")
    try:
        return str(PersonName.parse(name))
    except ValueError as error:
        raise Refused(str(error), where="name") from None


def require_roles(office: Office, roles: frozenset[Role]) -> None:
    """Pass if there is a role and each may stand at the level of the office. Raises Refused."""
    if not roles:
        raise Refused("至少给一个角色。", where="roles")
    for role in sorted(roles):
        if LEVELS_OF_ROLE.get(role, office.level) is not office.level:
            raise Refused(f"“{role.label}”不能放在{office.level.label}一级的{office.name}。", where="roles")


def require_manager(actor: Actor | None) -> None:
    """Pass for whoever may manage accounts. Raises Refused."""
    if actor is not None:
        powers.require(actor, powers.Power.MANAGE_ACCOUNTS)


def _load(db: Db, actor: Actor | None, account_id: int) -> Account:
    account = accounts.load_in_charge(db, actor, account_id)
    require_manager(actor)
    return account


def _require_another(actor: Actor | None, account: Account, what: str) -> None:
    if actor is not None and actor.account_id == account.id:
        raise Refused(f"自己的{what}要由另一名管理员来改。", advice="自己的口令可在“我的账号”里修改。")


def _require_not_last(db: Db, account: Account) -> None:
    """The city keeps one administrator who can sign in: nobody else could ever give the role again."""
    if accounts.enabled_with(db, Role.ADMINISTRATOR, Level.CITY) == {account.id}:
        raise Refused("这是市里最后一名能登录的管理员，不能停用或去掉管理员角色。", advice="请先给另一个人管理员角色。")


def _texts(roles: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in roles)
