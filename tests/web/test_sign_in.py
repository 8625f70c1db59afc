"""Signing in and out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app import create_app
from app.actions import sign_in
from app.web import limits
from tests.people import PASSWORD
from tests.web.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def cookies_of(browser: Browser, password: str = PASSWORD) -> list[str]:
    return browser.send("/sign-in", {"login": "clerk", "password": password}).headers.getlist("Set-Cookie")


def test_the_session_cookie_cannot_be_read_by_script_or_sent_from_elsewhere(browse: Callable[..., Browser]) -> None:
    cookie = next(each for each in cookies_of(browse()) if each.startswith("fanxiao_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_cookies_are_bound_to_the_host(cast: Cast) -> None:
    settings = replace(cast.desk.settings, public_url="https://fanxiao.example")
    app = create_app(desk=replace(cast.desk, settings=settings))
    client = app.test_client()
    page = client.get("/sign-in", base_url="https://fanxiao.example")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/sign-in", base_url="https://fanxiao.example",
                         data={"csrf_token": token, "login": "clerk", "password": PASSWORD})
    found = answer.headers.getlist("Set-Cookie")
    session = next(each for each in found if each.startswith("__Host-fanxiao_session="))
    assert "Secure" in session
    assert "Path=/" in session
    assert "Domain" not in session


def test_signing_out_kills_the_session_on_the_server(browse: Callable[..., Browser]) -> None:
    browser = browse("clerk")
    thief = browse()
    for name in ("fanxiao_session", "fanxiao"):
        cookie = browser.client.get_cookie(name)
        assert cookie is not None
        thief.client.set_cookie(name, cookie.value)
    assert thief.get("/").status_code == 200
    browser.send("/sign-out")
    assert thief.get("/").status_code == 303


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(browse: Callable[..., Browser]) -> None:
    known = browse().send("/sign-in", {"login": "clerk", "password": "wrong"})
    unknown = browse().send("/sign-in", {"login": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code == 422
    assert "账号或口令不对" in known.text
    assert "账号或口令不对" in unknown.text
    assert not any("fanxiao_session" in each for each in known.headers.getlist("Set-Cookie"))


def test_signing_in_returns_to_the_page_that_was_asked_for(browse: Callable[..., Browser]) -> None:
    answer = browse().send("/sign-in", {"login": "clerk", "password": PASSWORD, "back": "/cases"})
    assert answer.headers["Location"] == "/cases"


def test_the_way_back_never_carries_what_was_asked(browse: Callable[..., Browser]) -> None:
    browser = browse()
    assert browser.get("/students?q=演示马小燕").headers["Location"] == "/sign-in?back=/students"
    assert "演示" not in browser.get("/sign-in?back=/students?q=演示马小燕").text.partition('name="back"')[2][:80]
    answer = browser.send("/sign-in", {"login": "clerk", "password": PASSWORD, "back": "/cases?q=1"})
    assert answer.headers["Location"] == "/cases"


def test_signing_in_never_leads_to_another_host(browse: Callable[..., Browser]) -> None:
    for back in ("https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\\b", "/a\r\nX: y"):
        answer = browse().send("/sign-in", {"login": "clerk", "password": PASSWORD, "back": back})
        assert answer.headers["Location"] == "/", back


def test_a_form_without_its_token_does_nothing(browse: Callable[..., Browser]) -> None:
    browser = browse()
    answer = browser.client.post("/sign-in", data={"login": "clerk", "password": PASSWORD})
    assert answer.status_code == 400
    assert "没有办理" in answer.text


def test_another_browsers_token_does_nothing(browse: Callable[..., Browser]) -> None:
    foreign = browse().token()
    answer = browse("clerk").client.post("/sign-out", data={"csrf_token": foreign})
    assert answer.status_code == 400


def test_guessing_is_slowed_down(browse: Callable[..., Browser]) -> None:
    browser = browse()
    statuses = [browser.send("/sign-in", {"login": "nobody", "password": "x"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_the_password_is_never_sent_back(browse: Callable[..., Browser]) -> None:
    assert "geheim-geheim" not in browse().send("/sign-in", {"login": "clerk", "password": "geheim-geheim"}).text


def test_a_session_ends_by_itself(cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("clerk")
    cast.at(2026, 9, 2)
    assert browser.get("/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(("behind", "seen"), [(True, {"198.51.100.7"}), (False, {"127.0.0.1"})])
def test_an_address_that_a_header_claims_is_believed_behind_a_proxy_only(
        cast: Cast, monkeypatch: pytest.MonkeyPatch, behind: bool, seen: set[str]) -> None:  # noqa: FBT001  (a parameter of the table)
    settings = replace(cast.desk.settings, behind_proxy=behind)
    browser = Browser(create_app(desk=replace(cast.desk, settings=settings)))
    heard: set[str] = set()
    enter = sign_in.sign_in
    monkeypatch.setattr(sign_in, "sign_in", lambda desk, asked: heard.add(asked.address) or enter(desk, asked))
    browser.client.post("/sign-in", data={"csrf_token": browser.token(), "login": "clerk", "password": "wrong"},
                        headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.7"})
    assert heard == seen


def test_the_proxy_of_the_example_holds_what_the_service_counts_on() -> None:
    text = (Path(__file__).parents[2] / "deploy/nginx.conf.example").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if not line.strip().startswith("#")]
    assert not any("proxy_request_buffering" in line or "proxy_params" in line for line in lines)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines
    size = next(int(line.split()[1].rstrip("m;")) for line in lines if line.startswith("client_max_body_size"))
    assert limits.MAX_UPLOAD <= size * 1024 * 1024 <= limits.MAX_UPLOAD + limits.MAX_FORM
