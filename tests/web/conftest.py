"""Browsers of the cast: one test client for each person, signed in, with the CSRF token of the page it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app import create_app
from app.web.limits import limiter
from tests.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.people import Cast


class Browser:
    """One person's browser: `see` a page, `send` a form."""

    def __init__(self, app: Flask, login: str = "") -> None:
        self.client = app.test_client()
        if login:
            answer = self.send("/sign-in", {"login": login, "password": PASSWORD})
            assert answer.status_code == 303, answer.text

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def see(self, address: str) -> Any:
        """The page as a tree; it has to be there."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return html.fromstring(answer.text)

    def token(self) -> str:
        """A CSRF token of this browser's session."""
        page = html.fromstring(self.client.get("/verify").text)
        return str(page.xpath('//input[@name="csrf_token"]/@value')[0])

    def press(self, page: str, address: str) -> TestResponse:
        """Send the form of `page` that goes to `address`, with what the page hid in it."""
        tree = self.see(page)
        form = tree.xpath(f'//form[@action="{address}"]') or tree.xpath('//form[@method="post" and not(@action)]')
        hidden = {each.get("name"): each.get("value") for each in form[-1].xpath('.//input[@type="hidden"]')}
        return self.client.post(address, data=hidden)

    def send(self, address: str, values: dict[str, Any] | None = None) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.token(), **(values or {})})


@pytest.fixture(autouse=True)
def no_limits() -> None:
    """Counts of other tests are not ours."""
    limiter.reset() if limiter.enabled and limiter._storage else None


@pytest.fixture
def browse(cast: Cast) -> Callable[..., Browser]:
    """`browse("clerk")`: that person's browser at the desk of the cast; `browse("clerk", other_cast)` at another's."""
    apps: dict[int, Flask] = {}

    def at(login: str = "", at_cast: Cast | None = None) -> Browser:
        held = at_cast or cast
        app = apps.setdefault(id(held), create_app(desk=held.desk))
        return Browser(app, login)

    return at


def words(page: Any) -> str:
    """All text of a page."""
    return " ".join(page.text_content().split())


def filled(page: Any, form: int = -1) -> dict[str, Any]:
    """The values a browser would send for a form of the page, files and buttons left out."""
    return dict(page.forms[form].form_values())
