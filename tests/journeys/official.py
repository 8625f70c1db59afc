"""An official at a desk: one browser session that types, clicks, takes pictures and listens to the console."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FilePayload, Locator, Page, Request

    from tests.journeys.running import Service

WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
MADE_SECONDS = 120
OF_ONE = re.compile(r"^/(?:students|cases|papers|packets)/(?!new$)[^/]+")
"""Addresses of one pupil, case, paper or bound file."""
REFUSED = "the server responded with a status of 422"
"""The browser's own line for a form that came back; everything else in the console is a fault."""


@dataclass
class Notes:
    """What one journey leaves behind: pictures, the console's lines, the addresses asked for."""

    shots: Path
    console: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    taken: int = 0


class Official:
    """A browser session of one person; `login` empty for somebody who does not sign in."""

    def __init__(self, browser: Browser, service: Service, notes: Notes, login: str = "", *,
                 script: bool = True) -> None:
        self.service, self.notes, self.login = service, notes, login
        self.context: BrowserContext = browser.new_context(
            viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=service.url,
            java_script_enabled=script, accept_downloads=True)
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: notes.console.append(f"{login}: {error}"))
        self.page.on("request", self._note)

    def _hear(self, said: ConsoleMessage) -> None:
        if REFUSED not in said.text:
            self.notes.console.append(f"{self.login} {urlsplit(self.page.url).path}: {said.text}")

    def _note(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if OF_ONE.match(path):
            (self.notes.read if request.method == "GET" else self.notes.written).add(path)

    def sign_in(self) -> Official:
        self.page.goto("/sign-in")
        self.page.get_by_label("账号").fill(self.login)
        self.page.get_by_label("口令").fill(self.service.passwords[self.login])
        self.press("登录")
        expect(self.page).to_have_url(f"{self.service.url}/")
        return self

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} for {path}"

    def press(self, words: str) -> None:
        """Press the button or follow the link of these words (a key may be named after them)."""
        name = re.compile(rf"^\s*{re.escape(words)}(\s|$)")
        found = self.page.locator("#m")
        found.get_by_role("button", name=name).or_(found.get_by_role("link", name=name)).first.click()

    def fill(self, **values: Any) -> None:
        """Fill boxes by their names; rows as a list of mappings, for which rows are added as needed."""
        for name, value in values.items():
            if isinstance(value, list):
                self._rows(name, value)
            else:
                put(self.page.locator(f"[name='{name}']"), value)

    def _rows(self, name: str, rows: list[Mapping[str, Any]]) -> None:
        there = self.page.locator(f"#{name} > .rowset")
        for number, row in enumerate(rows):
            if there.count() <= number:
                self.page.locator(f"button[name=_rows][value='add:{name}']").click()
                expect(there).to_have_count(number + 1)
            for column, value in row.items():
                put(there.nth(number).locator(f"[name$='-{column}']"), value)

    def box(self, name: str) -> Locator:
        return self.page.locator(f"[name='{name}']")

    def says(self, name: str, words: str) -> None:
        """What stands under a box while it is typed."""
        self.box(name).blur()
        expect(self.page.locator(f"#{name}-t")).to_contain_text(words)

    def sees(self, words: str) -> None:
        expect(self.page.locator("#m")).to_contain_text(words)

    def does_not_see(self, words: str) -> None:
        expect(self.page.locator("#m")).not_to_contain_text(words)

    def refused(self, words: str) -> None:
        expect(self.page.get_by_role("alert").first).to_contain_text(words)

    def shoot(self, name: str) -> None:
        """Both widths of what is on the screen; no page scrolls sideways."""
        self.notes.taken += 1
        self.page.wait_for_load_state("networkidle")
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]  # both are sizes
            across, high = self.page.locator("html").evaluate(
                "each => [each.scrollWidth - each.clientWidth, each.scrollHeight]")
            self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], high)})
            self.page.screenshot(path=self.notes.shots / f"{self.notes.taken:02d}-{name}-{size['width']}.png")
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert across <= 0, f"{name} scrolls sideways by {across} px at {size['width']} px"

    def wait_until_made(self, ready: str = "img[alt^='第1页']") -> None:
        """Reload until the page or file is there, as somebody does who waits for it."""
        until = time.monotonic() + MADE_SECONDS
        while not self.page.locator(ready).count():
            self.does_not_see("没有制成")
            assert time.monotonic() < until, f"not made in {MADE_SECONDS} s: {self.page.url}"
            self.page.wait_for_timeout(400)
            self.page.reload()

    def pictures(self) -> list[bytes]:
        """The pages of the paper on the screen."""
        shown = self.page.locator(".paper img")
        return [self.context.request.get(shown.nth(number).get_attribute("src") or "").body()
                for number in range(shown.count())]

    def upload(self, file: FilePayload, words: str = "") -> None:
        """Send a scan up from the page of a paper."""
        self.press("上传扫描件")
        if words:
            self.page.get_by_label(words).check()
        self.page.locator("#file").set_input_files(file)
        self.press("上传")
        self.sees("扫描件已收存")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path


def put(box: Locator, value: Any) -> None:
    """Type into a line, choose from a list, tick or pick, whichever the box is."""
    kind = box.first.evaluate("each => each.tagName === 'SELECT' ? 'list' : each.type")
    if kind == "list":
        box.select_option(value)
    elif kind == "checkbox":
        box.set_checked(value)
    elif kind == "radio":
        box.and_(box.page.locator(f"[value='{value}']")).check()
    else:
        box.fill(value)
