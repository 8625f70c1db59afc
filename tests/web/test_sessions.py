"""Forty checks of signing in and of sessions (security.md D5), numbered; each promise was seen to fail without its guard."""

from __future__ import annotations

import logging
import re
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app import create_app
from app.actions import failed_sign_in, manage_accounts, manage_offices
from app.actions import sign_in as actions
from app.law.offices import Role
from app.outside import codes, passwords
from app.records import accounts, sessions
from app.web import access, limits
from app.web.limits import Rate
from tests.actions.whole import changed, whole
from tests.people import PASSWORD, SCHOOL
from tests.web.conftest import Browser
from tests.web.test_access import OPEN, paths

if TYPE_CHECKING:

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.people import Cast

COOKIE = "fanxiao_session"
NEW = "六盘山下好风光2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rate of one address is not what is tested here."""
    monkeypatch.setattr(limits, "RATES", {kind: Rate(10_000, 10_000) for kind in limits.RATES})


@pytest.fixture
def app(cast: Cast) -> Flask:
    """The service as it is shipped: whoever approves needs a second factor."""
    return create_app(desk=replace(cast.desk, settings=replace(cast.desk.settings, second_factor="required")))


def enter(browser: Browser, login: str = "clerk", password: str = PASSWORD, back: str = "") -> TestResponse:
    return browser.send("/sign-in", {"login": login, "password": password, "back": back})


def token_of(browser: Browser) -> str:
    found = browser.client.get_cookie(COOKIE)
    return found.value if found else ""


def stolen(browser: Browser, app: Flask) -> Browser:
    """Another machine with all the cookies of this one."""
    thief = Browser(app)
    for name in (COOKIE, "fanxiao"):
        if found := browser.client.get_cookie(name):
            thief.client.set_cookie(name, found.value)
    return thief


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def bind(cast: Cast, login: str = "leader") -> None:
    """Give an account an authenticator with the secret of this file."""
    key = cast.people[login].account_id
    sealed = actions._sealer(cast.desk).seal(SECRET.encode(), cast.clock.now())
    with cast.desk.change() as db:
        accounts.change(db, key, totp_secret=sealed)


def code(cast: Cast, steps: int = 0) -> str:
    return codes.code_at(SECRET, cast.clock.now() + timedelta(seconds=30 * steps))


def prove(browser: Browser, given: str) -> TestResponse:
    return browser.send("/sign-in/code", {"code": given})


def half_open(cast: Cast, app: Flask) -> Browser:
    bind(cast)
    browser = Browser(app)
    assert enter(browser, "leader").headers["Location"] == "/sign-in/code"
    return browser


def must_change(cast: Cast, app: Flask, login: str = "clerk") -> tuple[Browser, str]:
    first = manage_accounts.reset_password(cast.desk, None, cast.people[login].account_id)
    browser = Browser(app)
    assert enter(browser, login, first).headers["Location"] == "/account/password"
    return browser, first


def change(browser: Browser, old: str, new: str = NEW, again: str | None = None) -> TestResponse:
    return browser.send("/account/password", {
        "old_password": old, "new_password": new, "again_password": new if again is None else again})


def opens_only(browser: Browser, page: str) -> None:
    """Every page but the public ones, signing out and the one named leads there."""
    token = browser.token()
    for endpoint, method, address in paths(browser.client.application):
        if endpoint in OPEN or address == page or endpoint == "measures.metrics":
            continue
        answer = browser.client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
        assert (answer.status_code, answer.headers.get("Location")) == (303, page), (endpoint, method)


# --- the session and its cookie

def test_01_a_session_cookie_set_before_signing_in_is_not_taken_over(app: Flask) -> None:
    browser = Browser(app)
    browser.client.set_cookie(COOKIE, "planted-by-somebody")
    enter(browser)
    assert token_of(browser) not in {"", "planted-by-somebody"}
    assert not actions.standing_of(app.extensions["fanxiao_desk"]["desk"], "planted-by-somebody")


def test_02_what_the_browser_held_before_signing_in_is_not_carried_over(app: Flask) -> None:
    browser = Browser(app)
    before = browser.token()
    with browser.client.session_transaction() as held:
        held["planted"] = "x"
    enter(browser)
    with browser.client.session_transaction() as held:
        assert "planted" not in held
    assert browser.client.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_03_signing_in_again_gives_another_token(app: Flask) -> None:
    browser = Browser(app, "clerk")
    first = token_of(browser)
    browser.send("/sign-out")
    enter(browser)
    assert token_of(browser) != first


def test_04_a_token_has_256_bits_and_none_comes_twice(app: Flask) -> None:
    found = {token_of(Browser(app, "clerk")) for _ in range(20)}
    assert len(found) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", each) for each in found)


def test_05_the_register_holds_only_the_hash_of_a_token(cast: Cast, app: Flask) -> None:
    token = token_of(Browser(app, "clerk"))
    assert token not in str(whole(cast.desk))
    assert sessions.token_hash(token) in str(whole(cast.desk))


def test_06_after_signing_out_the_same_cookies_open_nothing(app: Flask) -> None:
    browser = Browser(app, "clerk")
    thief = stolen(browser, app)
    assert is_in(thief)
    browser.send("/sign-out")
    assert not is_in(thief)


def test_07_signing_out_takes_the_cookie_out_of_the_browser(app: Flask) -> None:
    browser = Browser(app, "clerk")
    browser.send("/sign-out")
    assert token_of(browser) == ""


def test_08_over_http_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    for each in enter(Browser(app)).headers.getlist("Set-Cookie"):
        assert "HttpOnly" in each
        assert "SameSite=Lax" in each
        assert "Domain" not in each


def test_09_over_https_cookies_are_secure_and_bound_to_the_host(cast: Cast) -> None:
    settings = replace(cast.desk.settings, public_url="https://fanxiao.example")
    client = create_app(desk=replace(cast.desk, settings=settings)).test_client()
    page = html.fromstring(client.get("/sign-in", base_url="https://fanxiao.example").text)
    token = page.xpath('//input[@name="csrf_token"]/@value')[0]
    answer = client.post("/sign-in", base_url="https://fanxiao.example", data={
        "csrf_token": token, "login": "clerk", "password": PASSWORD})
    found = answer.headers.getlist("Set-Cookie")
    assert len(found) >= 2
    for each in found:
        assert each.startswith("__Host-")
        assert "Secure" in each
        assert "Path=/" in each
        assert "Domain" not in each


def test_10_the_token_stands_in_no_page_address_or_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(app)
    answer = enter(browser, back="/cases")
    token = token_of(browser)
    said = "".join(browser.get(each).text for each in ("/", "/account", "/cases", "/account/password"))
    assert token not in said + answer.headers["Location"] + caplog.text


def test_11_no_page_behind_the_door_may_be_kept_by_a_cache(app: Flask) -> None:
    browser = Browser(app, "clerk")
    for address in ("/", "/account", "/students", "/sign-in", "/nothing"):
        assert browser.get(address).headers["Cache-Control"] == "no-store", address


def test_12_sessions_of_two_machines_live_and_end_apart(app: Flask) -> None:
    one, other = Browser(app, "clerk"), Browser(app, "clerk")
    assert "现在有 2 处登录" in one.see("/account").text_content()
    one.send("/sign-out")
    assert not is_in(one)
    assert is_in(other)


def test_13_all_other_machines_are_signed_out_at_once(app: Flask) -> None:
    here, there, elsewhere = Browser(app, "clerk"), Browser(app, "clerk"), Browser(app, "second")
    here.send("/account/others")
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, True)


def test_14_a_session_ends_after_ten_hours_however_busy(cast: Cast, app: Flask) -> None:
    browser = Browser(app, "clerk")
    for _ in range(11):
        assert is_in(browser)
        cast.clock.move_to(cast.clock.now() + timedelta(minutes=54))
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=7))
    assert not is_in(browser)


def test_15_a_session_that_nobody_used_for_an_hour_is_over(cast: Cast, app: Flask) -> None:
    browser = Browser(app, "clerk")
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=59))
    assert is_in(browser)
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=59))
    assert is_in(browser), "looking keeps it open"
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=60))
    assert not is_in(browser)


def test_16_the_moment_of_last_use_belongs_to_its_own_session(cast: Cast, app: Flask) -> None:
    idle = Browser(app, "clerk")
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=61))
    fresh = Browser(app, "second")
    fresh.client.set_cookie(COOKIE, token_of(idle))
    assert not is_in(fresh)


# --- what others do to the account

def test_17_a_disabled_person_is_out_at_the_next_request(cast: Cast, app: Flask) -> None:
    browser = Browser(app, "clerk")
    manage_accounts.disable_account(cast.desk, cast.people["admin"], cast.clerk.account_id)
    assert not is_in(browser)
    assert enter(Browser(app)).status_code == 422


def test_18_a_role_taken_away_is_gone_at_the_next_request(cast: Cast, app: Flask) -> None:
    browser = Browser(app, "both")
    assert browser.get("/students/new").status_code in {200, 303}
    key = cast.both.account_id
    manage_accounts.change_account(cast.desk, cast.people["admin"], key, manage_accounts.AccountChange(
        "演示白站长", frozenset({Role.AUDITOR})))
    assert not is_in(browser)
    again = Browser(app, "both")
    assert again.get("/students/new").status_code == 404


def test_19_a_reset_password_ends_all_sessions(cast: Cast, app: Flask) -> None:
    one, other = Browser(app, "clerk"), Browser(app, "clerk")
    manage_accounts.reset_password(cast.desk, cast.people["admin"], cast.clerk.account_id)
    assert not is_in(one)
    assert not is_in(other)
    assert enter(Browser(app)).status_code == 422, "the old password is dead"


def test_20_a_changed_password_ends_all_other_sessions_and_gives_a_new_token(app: Flask) -> None:
    here, there = Browser(app, "clerk"), Browser(app, "clerk")
    before = token_of(here)
    assert change(here, PASSWORD).headers["Location"] == "/account"
    assert (is_in(here), is_in(there)) == (True, False)
    assert token_of(here) != before
    assert enter(Browser(app)).status_code == 422
    assert enter(Browser(app), password=NEW).status_code == 303


def test_21_nobody_of_a_closed_school_is_in(cast: Cast, app: Flask) -> None:
    browser = Browser(app, "school")
    manage_offices.close_school(cast.desk, cast.people["admin"], SCHOOL)
    assert not is_in(browser)
    assert enter(Browser(app), "school").status_code == 422


# --- forms

def refuses_every_form(cast: Cast, browser: Browser, sent: dict[str, str]) -> None:
    """No page that takes a POST does anything with these values; signing in and out leads back to its own page."""
    before = whole(cast.desk)
    for endpoint, method, address in paths(browser.client.application):
        if method == "POST":
            answer = browser.client.post(address, data=sent)
            assert answer.status_code == (404 if endpoint == "sign_in.code" else 400), endpoint
    assert changed(before, whole(cast.desk)) == set()
    assert is_in(browser)


@pytest.fixture
def mighty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every door lets everybody pass, so that the token is asked at each."""
    monkeypatch.setattr(access, "allowed", lambda *_: True)


@pytest.mark.usefixtures("mighty")
def test_22_no_form_is_done_without_its_token(cast: Cast, app: Flask) -> None:
    refuses_every_form(cast, Browser(app, "clerk"), {})


@pytest.mark.usefixtures("mighty")
def test_23_no_form_is_done_with_the_token_of_another_browser(cast: Cast, app: Flask) -> None:
    refuses_every_form(cast, Browser(app, "clerk"), {"csrf_token": Browser(app, "second").token()})


@pytest.mark.usefixtures("mighty")
def test_24_no_form_is_done_with_a_token_from_before_signing_in(cast: Cast, app: Flask) -> None:
    browser = Browser(app)
    stale = browser.token()
    enter(browser)
    refuses_every_form(cast, browser, {"csrf_token": stale})


@pytest.mark.parametrize("login", ["clerk", "admin"])
def test_25_looking_at_every_page_writes_nothing(cast: Cast, app: Flask, login: str) -> None:
    browser = Browser(app, login)
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=5))
    before = whole(cast.desk)
    for _endpoint, method, address in paths(app):
        if method == "GET":
            for there in {address, address.replace("FX", SCHOOL).replace("999999", str(cast.clerk.account_id))}:
                browser.get(there)
    assert changed(before, whole(cast.desk)) - {"looks"} == set()


# --- who is it

def test_26_a_known_and_an_unknown_name_take_the_same_time(cast: Cast) -> None:
    with cast.desk.change() as db:
        accounts.change(db, cast.clerk.account_id, password_hash=passwords.hashed(PASSWORD))
    took: dict[str, list[float]] = {"clerk": [], "nobody": []}
    for number in range(15):
        for login, times in took.items():
            began = time.perf_counter()
            with pytest.raises(actions.Refused):
                actions.sign_in(cast.desk, actions.SignIn(login, "wrong", f"203.0.113.{number}"))
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert abs(known - unknown) < 0.3 * max(known, unknown), took


@pytest.mark.parametrize("login", ["clerk", "nobody", "leader"])
def test_27_wrong_passwords_are_answered_alike_with_and_without_a_second_factor(
        cast: Cast, app: Flask, login: str) -> None:
    bind(cast)
    answer = enter(Browser(app), login, "wrong")
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath('//*[@id="wrong"]')[0].text_content().startswith("账号或口令不对，或者暂时锁定。")
    assert not [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE)]


def test_28_five_failures_lock_and_the_lock_frees_itself(cast: Cast, app: Flask) -> None:
    browser = Browser(app)
    for _ in range(failed_sign_in.FREE_FAILURES):
        enter(browser, password="wrong")
    assert enter(browser).status_code == 422
    cast.clock.move_to(cast.clock.now() + failed_sign_in.LONGEST_LOCK)
    assert enter(browser).status_code == 303


def test_29_a_lock_of_one_name_from_here_keeps_nobody_else_out(app: Flask) -> None:
    browser = Browser(app)
    for _ in range(failed_sign_in.FREE_FAILURES):
        enter(browser, password="wrong")
    assert enter(Browser(app), "second").status_code == 303


@pytest.mark.parametrize("login", [
    "", " ", "' OR '1'='1", "clerk\x00", "clerk\n", "Clerk", "ｃｌｅｒｋ", "演示王干事", "a" * 10_000, "\u202eclerk", "../clerk",
    "clerk@640422", "%00", "*", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")])
def test_30_odd_names_are_refused_like_any_other(app: Flask, login: str) -> None:
    answer = enter(Browser(app), login)
    if login.strip() == "clerk":
        assert answer.status_code == 303, "blanks around a name are a slip"
    else:
        assert answer.status_code == 422


def test_31_a_password_of_any_length_and_kind_is_answered(app: Flask) -> None:
    for password in ("", "x" * 100_000, "\x00", "密" * 1000, PASSWORD + " ", PASSWORD.upper(), "\U0001f511" * 50):
        assert enter(Browser(app), password=password).status_code == 422


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)",
                                  "\t//evil.example", "/a\r\nSet-Cookie: x=1", "evil.example", "http:/evil.example"])
def test_32_signing_in_never_leads_to_another_host(cast: Cast, app: Flask, back: str) -> None:
    assert enter(Browser(app), back=back).headers["Location"] == "/"
    browser, first = must_change(cast, app, "second")
    enter(browser, "second", first, back)
    assert change(browser, first).headers["Location"] == "/"


# --- a first password

def test_33_a_password_given_by_somebody_else_opens_nothing_but_its_change(cast: Cast, app: Flask) -> None:
    browser, first = must_change(cast, app)
    opens_only(browser, "/account/password")
    assert change(browser, first).headers["Location"] == "/"
    assert is_in(browser)


@pytest.mark.parametrize(("new", "again", "told"), [
    ("短口令", None, "至少10个"), ("clerk-1234567", None, "账号名或姓名"), ("演示王干事的口令很长啊", None, "账号名或姓名"),
    ("password1234", None, "太常见"), ("1111111111", None, "太常见"), (NEW, NEW + "x", "不一样"), ("x" * 300, None, "最多")])
def test_34_a_weak_new_password_is_refused_with_the_reason(
        cast: Cast, app: Flask, new: str, again: str | None, told: str) -> None:
    browser, first = must_change(cast, app)
    answer = change(browser, first, new, again)
    assert answer.status_code == 422
    assert told in answer.text
    assert new not in answer.text
    assert "原来的不同" in change(browser, first, first).text
    assert "现在的口令不对" in change(browser, "wrong-wrong-wrong").text
    assert browser.get("/").headers["Location"] == "/account/password"


# --- the second factor

def test_35_a_session_that_waits_for_the_code_opens_nothing_else(cast: Cast, app: Flask) -> None:
    browser = half_open(cast, app)
    opens_only(browser, "/sign-in/code")
    assert actions.who(cast.desk, token_of(browser)) is None
    before = token_of(browser)
    assert prove(browser, code(cast)).headers["Location"] == "/"
    assert is_in(browser)
    assert token_of(browser) != before
    assert actions.standing_of(cast.desk, before) is None


def test_36_a_code_works_once_and_only_about_its_time(cast: Cast, app: Flask) -> None:
    browser = half_open(cast, app)
    assert prove(browser, code(cast, -2)).status_code == 422
    assert prove(browser, code(cast, 2)).status_code == 422
    assert prove(browser, code(cast, 1)).status_code == 303
    again = Browser(app)
    enter(again, "leader")
    for steps in (1, 0, -1):
        assert prove(again, code(cast, steps)).status_code == 422, "used, or older than one that was used"
    cast.clock.move_to(cast.clock.now() + timedelta(seconds=60))
    assert prove(again, f"{code(cast)[:3]} {code(cast)[3:]}").status_code == 303


def test_37_wrong_codes_lock_though_the_password_is_right_each_time(cast: Cast, app: Flask) -> None:
    bind(cast)
    wrong = "000000" if code(cast) != "000000" else "111111"
    for _ in range(failed_sign_in.FREE_FAILURES):
        browser = Browser(app)
        enter(browser, "leader")
        prove(browser, wrong)
    assert enter(Browser(app), "leader").status_code == 422
    assert prove(browser, code(cast)).status_code == 422, "the one that waits already is locked as well"
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=2))
    last = Browser(app)
    enter(last, "leader")
    assert prove(last, code(cast)).status_code == 303


def test_38_whoever_approves_sets_up_an_authenticator_before_anything_opens(cast: Cast, app: Flask) -> None:
    browser = Browser(app)
    assert enter(browser, "leader").headers["Location"] == "/account/authenticator"
    opens_only(browser, "/account/authenticator")
    page = browser.see("/account/authenticator")
    secret = page.xpath('//*[@id="secret"]')[0].text_content().replace(" ", "")
    offer = page.xpath('//input[@name="offer"]/@value')[0]
    bad = browser.send("/account/authenticator", {"offer": offer, "code": "12345"})
    assert bad.status_code == 422
    assert secret[:4] in html.fromstring(bad.text).xpath('//*[@id="secret"]')[0].text_content(), "the same secret"
    right = codes.code_at(secret, cast.clock.now())
    assert browser.send("/account/authenticator", {"offer": offer, "code": right}).status_code == 303
    assert is_in(browser)
    assert secret not in str(whole(cast.desk)), "kept sealed"
    again = Browser(app)
    assert enter(again, "leader").headers["Location"] == "/sign-in/code"
    assert prove(again, right).status_code == 422, "the code that proved it is used"


def test_39_an_offer_of_another_account_or_of_long_ago_is_not_taken(cast: Cast, app: Flask) -> None:
    def offer_of(browser: Browser) -> tuple[str, str]:
        page: Any = browser.see("/account/authenticator")
        return (page.xpath('//input[@name="offer"]/@value')[0],
                page.xpath('//*[@id="secret"]')[0].text_content().replace(" ", ""))

    mine, other = Browser(app), Browser(app)
    enter(mine, "leader")
    enter(other, "bureau")
    for browser, minutes in ((other, 0), (mine, 31)):
        offer, secret = offer_of(browser)
        cast.clock.move_to(cast.clock.now() + timedelta(minutes=minutes))
        right = codes.code_at(secret, cast.clock.now())
        assert mine.send("/account/authenticator", {"offer": offer, "code": right}).status_code == 422


def test_40_a_lost_telephone_is_forgotten_by_an_administrator_and_all_sessions_end(cast: Cast, app: Flask) -> None:
    browser = half_open(cast, app)
    prove(browser, code(cast))
    manage_accounts.reset_second_factor(cast.desk, cast.people["admin"], cast.leader.account_id)
    assert not is_in(browser)
    assert enter(Browser(app), "leader").headers["Location"] == "/account/authenticator"
    with cast.desk.register.reading() as db:
        found = accounts.find(db, cast.leader.account_id)
    assert found is not None
    assert found.totp_secret == ""


def test_the_doors_of_the_way_in_are_those_and_no_others(app: Flask) -> None:
    table = app.extensions["fanxiao_access"]
    doors = {name for name, needs in table.items() if needs in access.STAGES}
    assert doors == {"sign_in.code", "account.password", "account.authenticator"}
