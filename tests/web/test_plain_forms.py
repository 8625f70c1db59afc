"""Every form on every page works without script: somewhere to go, a button to send it, the tokens, and plain fallbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from werkzeug.exceptions import HTTPException

from tests.people import SCHOOL, TOWNSHIP
from tests.web import matrix
from tests.web.test_matrix import filled, ids, routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.people import Cast

NO_PAGE = ("/static/", "/healthz", "/readyz", "/metrics", "/session")
SENDS = "descendant::button[not(@type) or @type='submit'] | descendant::input[@type='submit']"
ONLY_SCRIPT = ("button", "reset")
"""Kinds of buttons that do nothing without script (or do harm)."""


def faults(page: Any, address: str, posts: Callable[[str], bool]) -> Iterator[str]:
    """What of a page needs script."""
    for template in page.xpath("//template | //dialog"):
        template.drop_tree()
    for form in page.xpath("//form"):
        yield from of_form(form, address, posts)
    for button in page.xpath("//button[@type] | //input[@type='button']"):
        if button.get("type") in ONLY_SCRIPT:
            yield f"a button that only script uses: {said(button)}"
    for button in page.xpath("//button[not(@type) or @type='submit'][not(ancestor::form)][not(@form)]"):
        yield f"a button of no form: {said(button)}"
    for each in page.xpath("//*[@onclick or @onsubmit or @onchange or starts-with(@href, 'javascript:')]"):
        yield f"script in the page: {said(each)}"
    for each in page.xpath("//a[not(@href)] | //a[@href='#']"):
        yield f"a link that leads nowhere: {said(each)}"
    for each in page.xpath("//*[@hx-post or @hx-get or @hx-put or @hx-patch or @hx-delete]"):
        if not fallback(each):
            yield f"hx without a plain way: {said(each)}"


def of_form(form: Any, address: str, posts: Callable[[str], bool]) -> Iterator[str]:
    method = (form.get("method") or "get").lower()
    target = urlsplit(urljoin(address, form.get("action") or address)).path
    name = f"form {method} {target}"
    if not form.xpath(SENDS):
        yield f"{name}: no button that sends it"
    if method != "post":
        if form.xpath("descendant::input[not(@type='hidden')] | descendant::textarea"):
            yield f"{name}: what is typed would stand in the address"
        return
    if not posts(target):
        yield f"{name}: nothing takes what is sent"
    if not form.xpath("descendant::input[@name='csrf_token'][string-length(@value) > 20]"):
        yield f"{name}: no token"
    if form.xpath("descendant::input[@type='file']") and form.get("enctype") != "multipart/form-data":
        yield f"{name}: a file that would not be sent"
    for box in form.xpath("descendant::*[self::input[not(@type='hidden')] or self::select or self::textarea][not(@name)]"):
        yield f"{name}: a box that is not sent: {said(box)}"


def fallback(each: Any) -> bool:
    """A box goes with its form and is answered then; a part that is fetched again can be fetched by a link in it."""
    if each.tag in {"input", "select", "textarea"}:
        return bool(each.xpath("ancestor::form"))
    return bool(each.xpath("descendant-or-self::a[@href]"))


def said(each: Any) -> str:
    return html.tostring(each, encoding="unicode").strip()[:120]


def poster(app: Flask) -> Callable[[str], bool]:
    """Whether an address takes a POST."""
    urls = app.url_map.bind("localhost")

    def posts(path: str) -> bool:
        try:
            urls.match(path, method="POST")
        except HTTPException:
            return False
        return True

    return posts


def things(cast: Cast, stage: str, clerk: matrix.Someone) -> dict[str, dict[str, Any]]:
    """What fills the gaps of addresses: the whole case, the order that is to be served, or an order that is being written."""
    if stage == "filed":
        return ids(cast)
    if stage == "ordered":
        paper = cast.paper("rectification_order").public_id
    else:
        drafted = clerk.browser.send(f"/cases/{cast.case}/papers", {"kind": "rectification_order"})
        paper = drafted.headers["Location"].split("/")[-2]
    return {"students": {"public_id": cast.student}, "cases": {"public_id": cast.case}, "papers": {"public_id": paper},
            "admin": {"code": SCHOOL}, "offices": {"code": SCHOOL}}


def walk(cast: Cast, stage: str) -> tuple[set[str], set[str]]:
    """Faults of all pages that somebody of each role may open, and the rules of the pages that have forms in the middle."""
    if stage == "admonished":
        cast.at(2026, 9, 18)
    people = list(matrix.everybody(cast))
    chosen = {each.letter: each for each in people if each.office in matrix.SEES_CASE}
    found = things(cast, stage, next(each for each in people if each.letter == "T" and each.office == TOWNSHIP))
    app = people[0].browser.client.application
    posts, wrong, formed = poster(app), set(), set()
    for someone in chosen.values():
        for rule, method, _ in routes(app):
            if method != "GET" or rule.startswith(NO_PAGE):
                continue
            address = filled(rule, found)
            answer = someone.browser.get(address)
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page = html.fromstring(answer.text)
            if page.xpath("//main//form"):
                formed.add(rule)
            wrong |= {f"{rule}: {each}" for each in faults(page, address, posts)}
    return wrong, formed


@pytest.mark.parametrize(("stage", "pages"), [
    ("admonished", {"/papers/<public_id>/edit"}), ("ordered", {"/papers/<public_id>/service", "/papers/<public_id>/scans/new"}),
    ("filed", {"/students", "/students/new", "/students/import", "/register", "/admin/offices/<code>"}),
])
def test_every_form_works_without_script(stage: str, pages: set[str], at_stage: Callable[[str], Cast]) -> None:
    wrong, formed = walk(at_stage(stage), stage)
    assert sorted(wrong) == []
    assert formed >= pages, pages - formed
    assert len(formed) > 12


def test_a_form_that_needs_script_is_found() -> None:
    page = html.fromstring("""<main><form method="post" action="/nowhere"><input><input type="file" name="f">
        <button type="button">存</button></form><form action="/cases"><input name="q"><button>查</button></form>
        <button>送</button><a href="#">看</a><div hx-get="/x">等</div><p onclick="x()">点</p></main>""")
    found = "\n".join(faults(page, "/here", lambda path: path == "/cases"))
    for words in ("no button that sends it", "nothing takes", "no token", "file that would not", "not sent: <input",
                  "typed would stand", "only script uses", "of no form", "leads nowhere", "without a plain way",
                  "script in the page"):
        assert words in found, words
