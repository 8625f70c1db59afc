"""系统管理·账号: who may sign in, as what; a first or new password is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions import manage_accounts, manage_offices
from app.actions.manage_accounts import AccountChange, NewAccount
from app.errors import Problem, Refused
from app.forms.office import account_form, roles_at
from app.law.offices import Role
from app.law.powers import Power
from app.records import accounts
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.forms.sheet import Sheet
    from app.law.offices import Office
    from app.records.accounts import Account

pages = Pages("admin_accounts")
MOST = 300
"""Accounts on one page; it says when there are more."""


@pages.page("/admin/accounts", Power.MANAGE_ACCOUNTS, "GET", "POST", again="a search")
def index() -> ResponseReturnValue:
    """Accounts in charge; a search is sent by POST, so that no name comes into an address."""
    query, role, state = (request.form.get(each, "").strip() for each in ("q", "role", "state"))
    with the_desk().register.reading() as db:
        found = [each for each in accounts.list_accounts(db, the_actor()) if _fits(each, query, role, state)]
    return render_template("admin/accounts.html", rows=found[:MOST], more=len(found) > MOST, query=query, role=role,
                           state=state, roles=tuple(Role))


@pages.page("/admin/offices/<code>/accounts/new", Power.MANAGE_ACCOUNTS, "GET", "POST")
def new(code: str) -> ResponseReturnValue:
    """A new account of an office."""
    with the_desk().register.reading() as db:
        office = manage_offices.load(db, the_actor(), code)
    sheet = account_form(new=True, given=request.form if request.method == "POST" else None)
    if request.method == "POST" and sheet.check():
        found = {name: str(value or "") for name, value in sheet.values().items()}
        try:
            password = manage_accounts.add_account(the_desk(), the_actor(), NewAccount(
                found["login"], found["name"], code, _roles(), found["cert_no"]))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            return _secret(found["login"], password, url_for("admin_offices.show", code=code))
    return _form(sheet, office, None)


@pages.page("/admin/accounts/<int:account_id>", Power.MANAGE_ACCOUNTS, "GET", "POST")
def edit(account_id: int) -> ResponseReturnValue:
    """Name, roles and certificate of an account."""
    with the_desk().register.reading() as db:
        account = accounts.load_in_charge(db, the_actor(), account_id)
        office = manage_offices.load(db, the_actor(), _code(account))
    sheet = account_form(data={"name": account.name, "cert_no": account.cert_no},
                         given=request.form if request.method == "POST" else None)
    if request.method == "POST" and sheet.check():
        found = {name: str(value or "") for name, value in sheet.values().items()}
        try:
            manage_accounts.change_account(the_desk(), the_actor(), account_id, AccountChange(roles=_roles(), **found))
        except Refused as refused:
            sheet.refuse_all(refused)
        else:
            changed = _roles() != account.roles
            return _done("已保存。" + ("角色有变动，本人需要重新登录。" if changed else ""), account_id)
    return _form(sheet, office, account)


@pages.page("/admin/accounts/<int:account_id>/disable", Power.MANAGE_ACCOUNTS, "POST")
def disable(account_id: int) -> ResponseReturnValue:
    """Disable; the person is out at once."""
    manage_accounts.disable_account(the_desk(), the_actor(), account_id)
    return _done("已停用，正在使用的登录都已退出。", account_id)


@pages.page("/admin/accounts/<int:account_id>/enable", Power.MANAGE_ACCOUNTS, "POST")
def enable(account_id: int) -> ResponseReturnValue:
    """Enable again."""
    manage_accounts.enable_account(the_desk(), the_actor(), account_id)
    return _done("已启用，口令是停用前的；忘记了请重置。", account_id)


@pages.page("/admin/accounts/<int:account_id>/reset", Power.MANAGE_ACCOUNTS, "POST",
            again="another password, and the last one shown is the one that holds")
def reset(account_id: int) -> ResponseReturnValue:
    """A new password, shown once."""
    password = manage_accounts.reset_password(the_desk(), the_actor(), account_id)
    with the_desk().register.reading() as db:
        login = accounts.load_in_charge(db, the_actor(), account_id).login
    return _secret(login, password, url_for("admin_accounts.edit", account_id=account_id))


@pages.page("/admin/accounts/<int:account_id>/second-factor", Power.MANAGE_ACCOUNTS, "POST")
def second_factor(account_id: int) -> ResponseReturnValue:
    """Forget the authenticator of a lost telephone."""
    manage_accounts.reset_second_factor(the_desk(), the_actor(), account_id)
    return _done("已解除手机验证码，本人登录后可重新绑定。", account_id)


def _fits(account: Account, query: str, role: str, state: str) -> bool:
    words = f"{account.login} {account.name} {account.office_name}"
    return (query in words and (not role or role in account.roles)
            and (not state or (state == "on") == account.may_enter))


def _form(sheet: Sheet, office: Office, account: Account | None) -> ResponseReturnValue:
    chosen = _roles() if request.method == "POST" else account.roles if account else frozenset()
    own = account is not None and account.id == the_actor().account_id
    page = render_template("admin/account.html", sheet=sheet, office=office, account=account, chosen=chosen, own=own,
                           roles=roles_at(office.level), wrong_roles=_about_roles(sheet))
    return page, 422 if sheet.problems else 200


def _about_roles(sheet: Sheet) -> list[str]:
    return [each.message for each in sheet.problems if isinstance(each, Problem) and each.where == "roles"]


def _roles() -> frozenset[Role]:
    """The roles that were ticked. Raises Refused for a word that is none."""
    try:
        return frozenset(Role(each) for each in request.form.getlist("roles"))
    except ValueError:
        raise Refused("没有这个角色。", where="roles") from None


def _code(account: Account) -> str:
    return account.path.rstrip("/").rpartition("/")[2]


def _secret(login: str, password: str, back: str) -> ResponseReturnValue:
    return render_template("admin/password.html", login=login, password=password, back=back)


def _done(words: str, account_id: int) -> ResponseReturnValue:
    flash(words, "told")
    return redirect(url_for("admin_accounts.edit", account_id=account_id), 303)
