"""A session that ends while a form is filled in: nothing typed is lost, and nobody else ever sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app.actions import hold_form
from app.outside import held_seal
from app.records import held
from tests.people import PASSWORD
from tests.web.conftest import Browser, filled, words
from tests.web.test_students import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.people import Cast

NAME = "演示马小燕"


@pytest.fixture
def late(cast: Cast, browse: Callable[..., Browser]) -> tuple[Browser, dict[str, Any]]:
    """A school's clerk who has filled the sheet of a pupil in when the session is over."""
    cast.at(2026, 9, 15)
    school = browse("school")
    form = filled(school.see("/students/new")) | typed(cast)
    cast.clock.move_to(cast.clock.now() + timedelta(hours=11))
    return school, form


def enter(browser: Browser, login: str) -> Any:
    page = html.fromstring(browser.get("/sign-in?back=/held").text)
    form = page.xpath('//main//form[@method="post"]')[0]
    return browser.client.post("/sign-in", data=dict(form.form_values()) | {"login": login, "password": PASSWORD})


def test_the_form_waits_and_its_person_goes_on(late: tuple[Browser, dict[str, Any]], cast: Cast) -> None:
    school, form = late
    answer = school.client.post("/students/new", data=form)
    assert (answer.status_code, answer.location) == (303, "/sign-in?back=/held")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    shown = school.get(answer.location).text
    assert "代存" in shown
    assert form["name"] not in shown, "not before somebody is signed in"
    assert enter(school, "school").location == "/held"
    page = school.see("/held")
    again = next(each for each in page.forms if each.get("action") == "/students/new")
    assert form["name"] in dict(again.form_values()).values()
    done = school.client.post("/students/new", data=dict(again.form_values()))
    assert done.status_code == 303, done.text
    assert cast.load_student().name == form["name"]
    assert school.get("/held").location == "/", "what is done waits no longer"


def test_another_person_at_the_same_computer_sees_nothing_of_it(
    late: tuple[Browser, dict[str, Any]], cast: Cast,
) -> None:
    school, form = late
    school.client.post("/students/new", data=form)
    enter(school, "clerk")
    assert school.get("/held").location == "/"
    assert form["name"] not in school.get("/").text
    school.send("/sign-out")
    enter(school, "school")
    assert form["name"] in school.get("/held").text, "its own person still finds it"
    with cast.desk.register.reading() as db:
        assert len(db.execute(held.held_forms.select()).all()) == 1


def test_another_browser_of_the_same_person_cannot_open_it(
    late: tuple[Browser, dict[str, Any]], browse: Callable[..., Browser],
) -> None:
    school, form = late
    school.client.post("/students/new", data=form)
    assert browse("school").get("/held").location == "/"


def test_the_register_holds_nothing_readable(late: tuple[Browser, dict[str, Any]], cast: Cast) -> None:
    school, form = late
    school.client.post("/students/new", data=form)
    token = school.client.get_cookie("fanxiao_held").value
    with cast.desk.register.reading() as db:
        row = db.execute(held.held_forms.select()).one()
    assert token not in str(row)
    assert form["name"].encode() not in row.sealed
    assert held_seal.opened(token + "x", row.sealed) is None
    assert held_seal.opened(token, row.sealed)


def test_two_forms_of_one_browser_both_wait_and_one_is_thrown_away(
    late: tuple[Browser, dict[str, Any]], cast: Cast,
) -> None:
    school, form = late
    school.client.post("/students/new", data=form)
    school.client.post("/students/new", data=form | {"name": "演示马小兰"})
    enter(school, "school")
    page = school.see("/held")
    assert "2张表" in words(page)
    school.client.post(page.xpath('//form[contains(@action, "/drop")]/@action')[0], data={"csrf_token": school.token()})
    left = school.get("/held").text
    assert ("演示马小兰" in left, form["name"] in left) == (True, False)
    cast.clock.move_to(cast.clock.now() + hold_form.WAITS + timedelta(minutes=1))
    enter(school, "school")
    assert school.get("/held").location == "/", "after half a day it is gone"


def test_a_form_that_is_not_from_a_page_of_ours_is_not_kept(browse: Callable[..., Browser], cast: Cast) -> None:
    nobody = browse()
    for who in ("", "1", f"{cast.clerk.account_id}.0123", "٣.x", "-1.x"):
        answer = nobody.send("/students/new", {"_who": who, "name": NAME})
        assert (answer.status_code, answer.location) == (303, "/sign-in")
    with cast.desk.register.reading() as db:
        assert db.execute(held.held_forms.select()).all() == []


def test_only_so_many_wait(late: tuple[Browser, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    school, form = late
    monkeypatch.setattr(hold_form, "MOST", 1)
    assert school.client.post("/students/new", data=form).status_code == 303
    full = school.client.post("/students/new", data=form | {"name": "演示马小兰"})
    assert full.status_code == 422
    assert "不要关这个窗口" in full.text


def test_a_page_of_another_person_is_not_carried_out(cast: Cast, browse: Callable[..., Browser]) -> None:
    """Somebody else signed in in another window of the same browser."""
    school = browse("school")
    form = filled(school.see("/students/new")) | typed(cast)
    school.send("/sign-out")
    enter(school, "principal")
    answer = school.client.post("/students/new", data=form | {"csrf_token": school.token()})
    assert answer.status_code == 422
    assert "另一个人" in answer.text
    assert form["name"] not in answer.text
    school.send("/sign-out")
    enter(school, "school")
    assert form["name"] in school.get("/held").text


def test_a_page_of_an_earlier_session_asks_once_more_with_all_that_was_typed(
    cast: Cast, browse: Callable[..., Browser],
) -> None:
    school = browse("school")
    form = filled(school.see("/students/new")) | typed(cast)
    school.send("/sign-out")
    enter(school, "school")
    answer = school.client.post("/students/new", data=form)
    assert answer.status_code == 400
    again = next(each for each in html.fromstring(answer.text).forms if each.get("action") == "/students/new")
    done = school.client.post("/students/new", data=dict(again.form_values()))
    assert done.status_code == 303
    assert cast.load_student().name == form["name"]


def test_a_script_is_told_and_may_ask_who_is_there(late: tuple[Browser, dict[str, Any]], cast: Cast) -> None:
    school, form = late
    by_script = {"X-Requested-With": "draft"}
    assert school.client.post("/fields/say", data=form, headers=by_script).status_code == 401
    assert school.get("/session").json["who"] == ""
    enter(school, "school")
    there = school.get("/session").json
    assert (there["who"], there["name"]) == (form["_who"], cast.people["school"].name)
    assert school.client.post("/fields/say", data=form, headers=by_script).status_code == 401, "a stale token"
    fresh = form | {"csrf_token": there["csrf"]}
    assert school.client.post("/fields/say", data=fresh, headers=by_script).status_code != 401


def test_every_form_page_keeps_what_comes_late(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    order = cast.paper("rectification_order").public_id
    for login, page in (("school", "/students/new"), ("clerk", f"/papers/{order}/service"),
                        ("clerk", f"/papers/{order}/scans/new"), ("leader", f"/papers/{order}")):
        browser: Any = browse(login, cast)
        forms = [each for each in browser.see(page).forms if each.get("action") != "/sign-out"]
        form = dict(forms[-1].form_values())
        address = forms[-1].get("action") or page
        app: Flask = browser.client.application
        browser.client = app.test_client()
        answer = browser.client.post(address, data=form | {"reason": "演示的理由"})
        assert answer.location == "/sign-in?back=/held", address
        with cast.desk.register.reading() as db:
            assert len(db.execute(held.held_forms.select()).all()) > 0


def test_a_password_is_never_kept(browse: Callable[..., Browser], cast: Cast) -> None:
    clerk = browse("clerk")
    form = filled(clerk.see("/account/password")) | {
        "old_password": PASSWORD, "new_password": "演示新口令一二三四", "again_password": "演示新口令一二三四"}
    clerk.client.delete_cookie("fanxiao_session")
    assert clerk.client.post("/account/password", data=form).location == "/sign-in"
    with cast.desk.register.reading() as db:
        assert db.execute(held.held_forms.select()).all() == []


def test_a_field_that_is_secret_comes_back_from_nowhere(
    late: tuple[Browser, dict[str, Any]], browse: Callable[..., Browser],
) -> None:
    school, form = late
    secret = {"old_password": PASSWORD, "offer": "演示绑定的密文"}
    school.client.post("/students/new", data=form | secret)
    enter(school, "school")
    shown = school.get("/held").text
    stale = browse("school")
    page = filled(stale.see("/account/password")) | {"csrf_token": "x"} | secret
    shown += stale.client.post("/account/password", data=page).text
    assert PASSWORD not in shown
    assert "演示绑定的密文" not in shown
