"""Accounts by administrators: each for the own tree, never the own, and the city's last one stays."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from app.actions import manage_accounts, sign_in
from app.errors import NotVisible, Refused
from app.law.offices import Role
from app.records import accounts, audit
from tests.people import CITY, COUNTY, OTHER_TOWNSHIP, PASSWORD, SCHOOL, TOWNSHIP

if TYPE_CHECKING:
    from app.law.offices import Actor
    from tests.people import Cast

NOBODY = manage_accounts.AccountChange("演示苏干事", frozenset({Role.AUDITOR}))


def new(office: str, *roles: Role, login: str = "ma") -> manage_accounts.NewAccount:
    return manage_accounts.NewAccount(login, "演示马某", office, frozenset(roles))


def load(cast: Cast, login: str) -> accounts.Account:
    with cast.desk.register.reading() as db:
        found = accounts.find_login(db, login)
    assert found is not None
    return found


def admin_of(cast: Cast, login: str = "admin") -> Actor:
    return cast.people[login]


def test_a_first_password_has_to_be_changed_and_one_of_the_demo_does_not(cast: Cast) -> None:
    password = manage_accounts.add_account(cast.desk, admin_of(cast), new(SCHOOL, Role.SCHOOL_CLERK))
    opened = sign_in.sign_in(cast.desk, sign_in.SignIn("ma", password))
    assert opened.stage is sign_in.Stage.PASSWORD
    assert sign_in.who(cast.desk, opened.token) is None
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("clerk", PASSWORD)).stage is sign_in.Stage.OPEN


@pytest.mark.parametrize("office", [OTHER_TOWNSHIP, CITY, "640425", "nowhere"])
def test_no_role_is_given_at_an_office_outside_the_charge(cast: Cast, office: str) -> None:
    with pytest.raises(NotVisible):
        manage_accounts.add_account(cast.desk, admin_of(cast), new(office, Role.AUDITOR))
    with cast.desk.register.reading() as db:
        assert accounts.find_login(db, "ma") is None


def test_an_administrator_of_a_county_does_not_reach_the_citys(cast: Cast) -> None:
    for act in (manage_accounts.disable_account, manage_accounts.reset_password, manage_accounts.reset_second_factor):
        with pytest.raises(NotVisible):
            act(cast.desk, admin_of(cast), admin_of(cast, "city_admin").account_id)
    manage_accounts.disable_account(cast.desk, admin_of(cast, "city_admin"), admin_of(cast).account_id)


@pytest.mark.parametrize("login", ["clerk", "leader", "bureau", "principal"])
def test_whoever_does_not_manage_accounts_manages_none_in_charge_either(cast: Cast, login: str) -> None:
    actor = cast.people[login]
    with pytest.raises((Refused, NotVisible)):
        manage_accounts.add_account(cast.desk, actor, new(SCHOOL, Role.SCHOOL_CLERK))
    for act in (manage_accounts.disable_account, manage_accounts.reset_password):
        with pytest.raises((Refused, NotVisible)):
            act(cast.desk, actor, cast.school.account_id)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_stands_at_its_own_level_only(cast: Cast, role: Role) -> None:
    fits = []
    for office in (CITY, COUNTY, TOWNSHIP, SCHOOL):
        with suppress(Refused):
            manage_accounts.add_account(cast.desk, None, new(office, role, login=f"ma{office.lower()}"))
            fits.append(office)
    own = {"school_clerk": [SCHOOL], "principal": [SCHOOL], "township_clerk": [TOWNSHIP],
           "township_leader": [TOWNSHIP], "county_clerk": [COUNTY], "county_leader": [COUNTY],
           "duty_inspector": [COUNTY], "city_clerk": [CITY], "city_leader": [CITY]}
    assert fits == own.get(role.value, [CITY, COUNTY, TOWNSHIP, SCHOOL])


def test_nobody_changes_the_own_account(cast: Cast) -> None:
    me = admin_of(cast)
    with pytest.raises(Refused, match="另一名管理员"):
        manage_accounts.change_account(cast.desk, me, me.account_id, manage_accounts.AccountChange(
            "演示黑科长", frozenset({Role.ADMINISTRATOR, Role.COUNTY_LEADER})))
    for act in (manage_accounts.disable_account, manage_accounts.reset_password, manage_accounts.reset_second_factor):
        with pytest.raises(Refused, match="另一名管理员"):
            act(cast.desk, me, me.account_id)
    for change in (manage_accounts.AccountChange("演示李乡长", me.roles),
                   manage_accounts.AccountChange(me.name, me.roles, "演示640499003")):
        with pytest.raises(Refused, match="另一名管理员"):
            manage_accounts.change_account(cast.desk, me, me.account_id, change)
    manage_accounts.change_account(cast.desk, admin_of(cast, "city_admin"), me.account_id,
                                   manage_accounts.AccountChange("演示黑主任", me.roles, "演示640499003"))
    assert load(cast, "admin").name == "演示黑主任"
    with cast.desk.register.reading() as db:
        assert list(audit.everything(db))[-1]["detail"]["changed"] == ["cert_no", "name"]


def test_the_citys_last_administrator_stays(cast: Cast) -> None:
    key = admin_of(cast, "city_admin").account_id
    with pytest.raises(Refused, match="最后一名"):
        manage_accounts.disable_account(cast.desk, None, key)
    with pytest.raises(Refused, match="最后一名"):
        manage_accounts.change_account(cast.desk, None, key, manage_accounts.AccountChange(
            "演示丁科长", frozenset({Role.CITY_CLERK})))
    manage_accounts.add_account(cast.desk, None, new(CITY, Role.ADMINISTRATOR))
    manage_accounts.disable_account(cast.desk, None, key)
    with pytest.raises(Refused, match="最后一名"):
        manage_accounts.disable_account(cast.desk, None, load(cast, "ma").id)


def test_the_same_roles_end_no_session_and_others_do(cast: Cast) -> None:
    opened = sign_in.sign_in(cast.desk, sign_in.SignIn("second", PASSWORD))
    key = cast.second.account_id
    manage_accounts.change_account(cast.desk, admin_of(cast), key, manage_accounts.AccountChange(
        "演示苏主任", cast.second.roles))
    assert sign_in.who(cast.desk, opened.token)
    manage_accounts.change_account(cast.desk, admin_of(cast), key, NOBODY)
    assert sign_in.who(cast.desk, opened.token) is None


def test_a_disabled_account_is_kept_and_comes_back_with_its_password(cast: Cast) -> None:
    key = cast.second.account_id
    manage_accounts.disable_account(cast.desk, admin_of(cast), key)
    assert not load(cast, "second").enabled
    manage_accounts.enable_account(cast.desk, admin_of(cast), key)
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("second", PASSWORD))
    with pytest.raises(Refused, match="没有停用"):
        manage_accounts.enable_account(cast.desk, admin_of(cast), key)
