"""Every page that somebody may open, at both widths: axe finds nothing, nothing scrolls sideways, nothing is heavy.

The pages are served by a real server to a real Chromium; the case behind them has come all the way, so that every
page has something to show.
"""

from __future__ import annotations

import gzip
import threading
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error
from werkzeug.serving import make_server

from tests.journeys.official import NARROW, WIDE
from tests.web import matrix
from tests.web.test_matrix import filled, ids, routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
HEAVIEST = 80_000
"""Bytes of style and script that a page brings, packed as the server in front packs them."""
NO_PAGE = ("/static/", "/healthz", "/readyz", "/metrics", "/session", "/sign-out")
FILES = (".png", ".pdf", "paper.<form>", "/scans/<scan_id>", ".xlsx", "/picture")
"""Addresses that answer with a file."""
LOOKERS = "SPTLCBYMIKUA"


@pytest.fixture(scope="module")
def walked(at_stage_module: Callable[[str], Cast]) -> Iterator[tuple[str, Flask, list[matrix.Someone], dict[str, Any]]]:
    cast = at_stage_module("filed")
    people = list(matrix.everybody(cast))
    app = people[0].browser.client.application
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", app, people, ids(cast)
    server.shutdown()
    thread.join()


def one_of_each(people: list[matrix.Someone]) -> list[matrix.Someone]:
    """For each role somebody in whose charge the case is."""
    chosen = {each.letter: each for each in people if each.office in matrix.SEES_CASE}
    return [chosen[letter] for letter in LOOKERS]


def of_session(browser: Browser, url: str, someone: matrix.Someone | None) -> BrowserContext:
    context = browser.new_context(viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=url,
                                  bypass_csp=True)
    if someone is not None:
        context.add_cookies([{"name": each.key, "value": each.value, "url": url}
                             for each in someone.browser.client._cookies.values()])
    return context


def faults(page: Page) -> list[str]:
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"][:2]]


BUILD = """() => [...document.querySelectorAll('*')].map(each => [
    each.tagName, each.getAttribute('class'), each.id, each.getAttribute('type'), each.getAttribute('role')]).join()"""
"""How a page is built, its words left out."""


def look(page: Page, path: str, who: str, known: set[str]) -> list[str]:
    """What is wrong with one page at both widths; a page built as one that was looked at is not looked at again."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return []
        raise
    assert answer is not None
    if answer.status not in {200, 404, 422}:
        return [f"{who} {path}: {answer.status}"]
    build = page.evaluate(BUILD)
    if build in known:
        return []
    known.add(build)
    page.add_script_tag(content=AXE)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # both are sizes
        across = page.locator("html").evaluate("each => each.scrollWidth - each.clientWidth")
        if across > 0:
            heard.append(f"scrolls sideways by {across} px at {size['width']} px")
        heard += [f"{size['width']} px {each}" for each in faults(page)]
    return [f"{who} {urlsplit(path).path}: {each}" for each in heard]


def test_axe_finds_nothing_on_any_page_at_either_width(
        walked: tuple[str, Flask, list[matrix.Someone], dict[str, Any]], browser: Browser) -> None:
    url, app, people, found = walked
    wrong: list[str] = []
    known: set[str] = set()
    seen = 0
    for someone in [None, *one_of_each(people)]:
        context = of_session(browser, url, someone)
        page = context.new_page()
        for rule, method, needs in routes(app):
            if method != "GET" or rule.startswith(NO_PAGE) or rule.endswith(FILES):
                continue
            power = getattr(needs, "value", "")
            if someone is None and power != "public":
                continue
            if someone is not None and power in matrix.HOLDERS and not someone.holds(power):
                continue
            wrong += look(page, filled(rule, found), someone.letter if someone else "-", known)
            seen += 1
        context.close()
    assert seen > 60
    assert len(known) > 30
    assert wrong == [], "\n".join(wrong)


def test_axe_sees_a_planted_fault(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=zh><title>x</title><main><h1>x</h1><input></main></html>")
    page.add_script_tag(content=AXE)
    assert any("label" in each for each in faults(page))
    page.close()


def test_no_page_brings_more_than_eighty_thousand_bytes_of_style_and_script(
        walked: tuple[str, Flask, list[matrix.Someone], dict[str, Any]], browser: Browser) -> None:
    url, app, people, found = walked
    someone = next(each for each in one_of_each(people) if each.letter == "T")
    heaviest = {}
    for rule, method, needs in routes(app):
        power = getattr(needs, "value", "")
        if method != "GET" or rule.startswith(NO_PAGE) or rule.endswith(FILES) or not (
                power not in matrix.HOLDERS or someone.holds(power)):
            continue
        context = of_session(browser, url, someone)
        page = context.new_page()
        parts: dict[str, int] = {}
        page.on("response", lambda answer, parts=parts: parts.__setitem__(answer.url, len(gzip.compress(answer.body())))
                if answer.request.resource_type in {"stylesheet", "script"} else None)
        with suppress(Error):  # a file to be kept is no page
            page.goto(filled(rule, found), wait_until="networkidle")
        heaviest[rule] = sum(parts.values())
        context.close()
    assert {rule: weight for rule, weight in heaviest.items() if weight > HEAVIEST} == {}
    assert max(heaviest.values()) > 10_000
