"""Who may ask for which page: everything is closed unless listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from app.actions.manage_accounts import disable_account
from app.web import access, assets
from app.web.access import PUBLIC, SIGNED_IN, Pages
from tests.people import STRANGERS
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.records.database import Db
    from tests.people import Cast
    from tests.web.conftest import Browser

OPEN = {"assets.static", "health.alive", "health.ready", "held.session", "measures.metrics", "sign_in.ask", "sign_in.enter",
        "sign_in.leave", "verify.ask", "verify.show"}
"""Pages for everybody, written by hand."""


PARTS: dict[str, str | int] = {"public_id": "0" * 32, "scan_id": "0" * 32, "int:number": 1, "int:service_id": 1, "form": "pdf",
                               "code": "FX", "stamp": "x", "path:name": "y", "keep_id": "0" * 32, "int:held_id": 1,
                               "int:account_id": 999999, "int:job_id": 999999}
"""What stands in an address where a rule has a gap: things that do not exist."""


def paths(app: Flask, **values: str | int) -> list[tuple[str, str, str]]:
    """Every rule as (endpoint, method, address)."""
    with app.test_request_context():
        found = []
        for rule in app.url_map.iter_rules():
            address = rule.rule
            for name, value in (PARTS | values).items():
                address = address.replace(f"<{name}>", str(value))
            found += [(rule.endpoint, method, address) for method in (rule.methods or set()) & {"GET", "POST"}]
        return found


def test_a_page_without_an_entry_stops_the_start() -> None:
    app = Flask("app", static_folder=None)
    app.add_url_rule("/forgotten", "forgotten", lambda: "x")
    with pytest.raises(RuntimeError, match="forgotten"):
        access.guard(app, (assets.pages,))


def test_a_page_added_past_the_table_stops_the_start() -> None:
    room = Pages("room")
    room.add_url_rule("/past", "past", lambda: "x")
    app = Flask("app", static_folder=None)
    with pytest.raises(RuntimeError, match=r"room\.past"):
        access.guard(app, (room,))


def test_only_the_pages_on_the_list_are_open_to_everybody(browse: Callable[..., Browser]) -> None:
    table = browse().client.application.extensions["fanxiao_access"]
    assert {name for name, needs in table.items() if needs is PUBLIC} == OPEN
    assert {name for name, needs in table.items() if needs is SIGNED_IN} == {
        "home.today", "fields.say", "held.show", "held.drop", "account.mine", "account.end_others"}


def test_nobody_gets_a_closed_page_without_signing_in(browse: Callable[..., Browser]) -> None:
    browser = browse()
    token = browser.token()
    for endpoint, method, address in paths(browser.client.application):
        if endpoint in OPEN:
            continue
        answer = browser.client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
        assert answer.status_code == 303, (endpoint, method)
        assert answer.headers["Location"].startswith("/sign-in"), (endpoint, method)


def test_a_person_without_the_power_sees_the_same_as_where_nothing_is(browse: Callable[..., Browser]) -> None:
    leader = browse("leader")
    without_power, nothing = leader.get("/students/new"), leader.get("/no-such-page")
    assert without_power.status_code == nothing.status_code == 404
    assert "没有找到" in without_power.text
    assert "没有找到" in nothing.text


@pytest.mark.parametrize("login", STRANGERS)
def test_another_offices_things_look_like_nothing(
    login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("filed")
    browser = browse(login, cast)
    order = cast.paper("rectification_order")
    ids = (cast.student, cast.case, order.public_id)
    for endpoint, method, address in paths(browser.client.application):
        if "<" in address or "0" * 32 not in address or endpoint in OPEN:
            continue
        for public_id in ids:
            there = address.replace("0" * 32, public_id)
            answers = [browser.get(each) if method == "GET" else browser.send(each) for each in (there, address)]
            assert answers[0].status_code == answers[1].status_code, (endpoint, method)
            assert answers[0].status_code in {404, 422}, (endpoint, method, answers[0].status_code)
            assert "演示马小燕" not in answers[0].text
            assert order.doc_no not in answers[0].text


@pytest.mark.parametrize("login", STRANGERS)
def test_lists_show_nothing_of_another_office(
    login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    browser = browse(login, at_stage("filed"))
    for address in ("/", "/students", "/cases", "/register", "/packets"):
        assert "演示马小燕" not in words(browser.see(address)), address


def test_a_disabled_account_is_out_at_the_next_request(cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("clerk")
    assert browser.get("/").status_code == 200
    disable_account(cast.desk, None, cast.clerk.account_id)
    assert browser.get("/").status_code == 303


def test_looking_writes_nothing_but_the_look_log(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("filed")
    browser = browse("clerk", cast)
    with cast.desk.register.reading() as db:
        before = dump(db)
    ids = {"student": cast.student, "case": cast.case, "paper": cast.paper("rectification_order").public_id}
    for _, method, address in paths(browser.client.application):
        if method == "GET":
            for public_id in ids.values():
                browser.get(address.replace("0" * 32, public_id))
    with cast.desk.register.reading() as db:
        after = dump(db)
    assert before == after


def dump(db: Db) -> str:
    """The whole register but the log of looks."""
    lines = db.connection.connection.driver_connection.iterdump()  # type: ignore[union-attr]
    return "\n".join(line for line in lines if not line.startswith('INSERT INTO "looks"'))
