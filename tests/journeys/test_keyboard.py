"""The main job without a mouse: every control is reached with Tab, used with keys, and seen to have the focus.

Only the dialog of the system that chooses a file is left out (the file is set), and F5 stands for the reload.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from app.actions.desk import open_desk
from app.law.lives import ScanRole
from app.settings import Settings
from tests.journeys.official import Official
from tests.journeys.scanned import scan, snapshot
from tests.journeys.test_browser import CHECK, RECORD, REPORT, SERVICE, pupil
from tests.journeys.test_drafts import end_sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser, FilePayload

    from tests.journeys.official import Notes
    from tests.journeys.running import Service

pytestmark = [
    pytest.mark.browser, pytest.mark.press, pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(datetime.now(UTC).date() < date(2026, 9, 30),  # noqa: TID251  (the service asks the real clock)
                       reason="the story is of September 2026 and the clock is before it"),
]

NAME = "演示键盘生"
MOST = 300
"""Presses of Tab after which a control counts as out of reach."""
NOON = 12
EXPECTED = ("the server responded with a status of 401", "Response Status Error Code 401")
"""Lines of the browser and of htmx for what was asked when the session was over."""

HELD = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) { return null; }
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const label = at.labels && at.labels.length ? at.labels[0] : at;
    const words = at.getAttribute("aria-label") || label.innerText || "";
    const before = window.heldBefore, bar = document.querySelector(".foot");
    const under = bar && !bar.contains(at) && !at.closest("dialog") && box.top >= bar.getBoundingClientRect().top;
    window.heldBefore = at;
    return {
        tag: at.tagName, type: at.type || "", name: at.name || "", value: at.value || "", id: at.id,
        words: words.trim(),
        ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
        there: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth
            && box.bottom > 0 && box.top < innerHeight && !under,
        inMain: Boolean(at.closest("#m")),
        onward: !before || !before.isConnected || before === at
            || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
    };
}"""
"""What has the focus, whether that is seen, and whether it stands behind what had it before."""


class Keys:
    """An official without a mouse."""

    def __init__(self, who: Official) -> None:
        self.who, self.page, self.press = who, who.page, who.page.keyboard.press
        self.page.emulate_media(reduced_motion="reduce")  # a page that glides is not where it will be

    def held(self) -> dict[str, Any] | None:
        """What has the focus; it is on the screen and has a ring."""
        found: dict[str, Any] | None = self.page.evaluate(HELD)
        if found is not None and found["id"] != "m":
            assert found["ring"], f"the focus is not seen on {found} of {self.who.path}"
            assert found["there"], f"the focus is off the screen on {found} of {self.who.path}"
        return found

    def tab(self, key: str = "Tab") -> dict[str, Any] | None:
        self.press(key)
        return self.held()

    def tab_until(self, wanted: str, **values: str) -> None:
        """Press Tab until what has the focus is the one; once round the page at most."""
        turns, seen = 0, []
        for _ in range(MOST):
            found = self.tab()
            turns += found is None or not found["onward"]
            if found is not None:
                seen.append(found["words"] or found["name"])
                if all(found[name] == value for name, value in values.items()) and (
                        not wanted or re.match(rf"{re.escape(wanted)}(\s|$)", found["words"])):
                    return
            assert turns <= 2, f"not reached on {self.who.path}: {wanted or values}; the keys came by {seen}"
        raise AssertionError(f"{MOST} presses did not reach {wanted or values} on {self.who.path}")

    def tab_to(self, words: str) -> None:
        """To the button, link or box of these words."""
        self.tab_until(words)

    def tab_to_box(self, name: str) -> None:
        found = self.page.evaluate(HELD)
        if found is None or found["name"] != name:
            self.tab_until("", name=name)

    def follow(self, words: str) -> None:
        """Go to a link or button and press it."""
        self.tab_to(words)
        if self.page.evaluate("document.activeElement.tagName") != "A":
            self.press("Enter")
            return
        with self.page.expect_navigation():
            self.press("Enter")

    def set(self, name: str, value: Any) -> None:
        """Give the box its value with keys, as its kind wants them."""
        self.tab_to_box(name)
        kind = self.page.evaluate("document.activeElement.type")
        if kind == "radio":
            self._turn("each => each.checked ? each.value : ''", str(value), "ArrowDown")
        elif kind == "checkbox":
            if self.page.evaluate("document.activeElement.checked") != value:
                self.press("Space")
        elif kind.startswith("select"):
            self._turn("each => each.value + '\\n' + each.selectedOptions[0].text", str(value), "ArrowDown")
        elif kind in ("date", "datetime-local"):
            self._type_date(value)
        else:
            self.press("Control+a")
            self.page.keyboard.insert_text(value)

    def _type_date(self, value: str) -> None:
        """The parts one after the other, in the order in which a browser of English or of Chinese words has them."""
        year, month, day, *clock = re.split("[-T:]", value)
        half = clock and [f"{(int(clock[0]) - 1) % 12 + 1:02}", clock[1], "P" if int(clock[0]) >= NOON else "A"]
        for parts in ([month, day, year, *half], [year, month, day, *clock]):
            for _ in range(6):
                self.press("ArrowLeft")
            for part in parts:
                self.page.keyboard.type(part)
                if part is year:
                    self.press("ArrowRight")  # two digits lead on by themselves, but a year has room for six
            if self.page.evaluate("document.activeElement.value") == value:
                return
        raise AssertionError(f"{value} could not be typed")

    def _turn(self, chosen: str, value: str, key: str) -> None:
        """Space for the first of a group of which nothing is chosen, then arrows."""
        for number in range(80):
            now = self.page.evaluate(f"({chosen})(document.activeElement)")
            if value in now if "\n" in now else value == now:
                return
            self.press("Space" if number == 0 and not now else key)
        raise AssertionError(f"no choice {value}")

    def fill(self, values: Mapping[str, Any]) -> None:
        """All boxes in the order in which they stand on the page."""
        form = self.page.locator("form[data-fields]").first
        order = form.evaluate("""each => [...each.querySelectorAll(
            'input[name], select[name], textarea[name], [data-next]')].map(box => box.name || box.id)""")
        assert set(values) <= set(order), set(values) - set(order)
        for name in dict.fromkeys(each for each in order if each in values):
            if isinstance(values[name], list):
                self._rows(name, values[name])
            else:
                self.set(name, values[name])

    def _rows(self, name: str, rows: list[Mapping[str, Any]]) -> None:
        there = self.page.locator(f"#{name} > .rowset")
        for number, row in enumerate(rows):
            if there.count() <= number:
                self.tab_until("", name="_rows", value=f"add:{name}")
                self.press("Enter")
                expect(there).to_have_count(number + 1)
            for box in there.nth(number).locator("input, select, textarea").all():
                full = box.get_attribute("name") or ""
                if full.rpartition("-")[2] in row:
                    self.set(full, row[full.rpartition("-")[2]])

    def sign_in(self) -> Keys:
        self.page.goto("/sign-in")
        expect(self.page.get_by_label("账号")).to_be_focused()  # when the page comes
        self.page.keyboard.insert_text(self.who.login)
        self.tab_to("口令")
        self.page.keyboard.insert_text(self.who.service.passwords[self.who.login])
        self.press("Enter")
        expect(self.page).to_have_url(f"{self.who.service.url}/")
        return self

    def to_the_case(self) -> None:
        self.follow("案卷文书")
        expect(self.page).to_have_url(re.compile("/cases$"))
        self.follow(self.page.locator("tr", has_text=NAME).get_by_role("link").first.inner_text())
        expect(self.page).to_have_url(re.compile("/cases/[^/]+$"))

    def to_the_paper(self, title: str) -> None:
        self.to_the_case()
        self.follow(title)
        expect(self.page).to_have_url(re.compile("/papers/[^/]+$"))
        self.who.wait_until_made()

    def upload(self, file: FilePayload, role: str = "") -> None:
        self.follow("上传扫描件")
        expect(self.page.locator("#file")).to_be_visible()
        if role:
            self.set("role", role)
        self.tab_to_box("file")
        self.page.locator("#file").set_input_files(file)
        self.follow("上传")
        self.who.sees("扫描件已收存")

    def goes_round(self) -> None:
        """Tab passes what can have the focus, once each, and comes round to the first; Shift+Tab goes back."""
        self.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        self.page.evaluate("() => { window.heldBefore = null; getSelection().removeAllRanges(); }")
        assert self.page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
        for _ in range(MOST):
            if (found := self.tab()) is not None and found["words"] == "跳到主要内容":
                break
        else:
            raise AssertionError(f"the focus does not come to the first link of {self.who.path}")
        stops = 0
        for _ in range(MOST):
            found = self.tab()
            if found is None or found["words"] == "跳到主要内容":
                break
            stops += 1
            assert found["onward"], f"the focus goes back up to {found} on {self.who.path}"
        else:
            raise AssertionError(f"the focus does not come round on {self.who.path}")
        assert stops > 5
        self.press("Tab")
        self.press("Tab")
        first = self.held()
        self.press("Tab")
        self.press("Shift+Tab")
        again = self.held()
        assert first is not None
        assert again is not None
        assert (first["words"], first["name"]) == (again["words"], again["name"])


def test_the_thread_by_keyboard_alone(browser: Browser, service: Service, notes: Notes) -> None:
    school, principal, township, leader = (
        Keys(Official(browser, service, notes, login)) for login in ("school", "principal", "township", "leader"))
    the_first_link_leads_to_the_page(school)
    school_registers(school)
    school_reports(school)
    principal_signs(principal)
    school_brings_the_sealed_page(school)
    township_admonishes(township)
    township_orders(township)
    leader_signs(leader)
    township_serves(township)
    township_checks(township)
    township_binds(township)
    assert [each for each in notes.console if not any(words in each for words in EXPECTED)] == []


def the_first_link_leads_to_the_page(school: Keys) -> None:
    school.sign_in()
    first = school.tab()
    assert first is not None
    assert first["words"] == "跳到主要内容"
    school.press("Enter")
    assert school.page.evaluate("document.activeElement.id") == "m"
    there = school.tab()
    assert there is not None
    assert there["inMain"], there
    school.goes_round()


def school_registers(school: Keys) -> None:
    school.follow("学生台账")
    school.follow("登记学生")
    expect(school.who.box("name")).to_be_visible()
    school.goes_round()
    given = pupil("64049920121111002", "64049919841111005", name=NAME)
    guardian = given["guardians"][0]
    wrong = guardian["id_number"][:17] + ("0" if guardian["id_number"][17] != "0" else "1")
    school.fill(given | {"township_id": "吉强镇", "guardians": [guardian | {"id_number": wrong}]})
    school.follow("保存")
    school.who.refused("校验")
    expect(school.who.box("guardians-0-id_number")).to_be_focused()
    school.held()
    school.page.evaluate("document.activeElement.blur()")
    link = school.page.locator(".wrong a").first
    target = (link.get_attribute("href") or "").removeprefix("#")
    school.tab_to(link.inner_text())
    school.press("Enter")
    expect(school.page.locator(f"[id='{target}']")).to_be_focused()
    school.set("guardians-0-id_number", guardian["id_number"])
    school.press("Control+Enter")
    school.who.sees("已登记")
    school.fill({"first_absent_on": "2026-09-07", "reason_code": "F"})
    school.follow("建案卷")
    school.who.sees("案卷已建")
    school.goes_round()


def school_reports(school: Keys) -> None:
    school.follow("填疑似辍学学生报告")
    expect(school.who.box("whereabouts")).to_be_visible()
    school.fill({"whereabouts": "先写一句。"})
    expect(school.page.locator("#saved")).to_contain_text("草稿已自动保存")
    the_session_ends(school)
    school.fill(REPORT)
    school.goes_round()
    school.follow("核对并送审签")
    school.who.sees("请再核对一遍")
    school.goes_round()
    school.follow("送审签")
    school.who.sees("已送审签")
    school.who.wait_until_made()


def the_session_ends(school: Keys) -> None:
    """The dialog takes the focus, Escape closes it and gives it back, and its button opens it again."""
    end_sessions(open_desk(Settings(instance=school.who.service.instance)), "school")
    school.set("whereabouts", "登录到期以后写的。")
    dialog = school.page.locator("dialog#again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("账号")).to_be_focused()
    for _ in range(8):
        found = school.tab()
        assert found is None or school.page.evaluate("Boolean(document.activeElement.closest('dialog'))"), found
    school.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(school.who.box("whereabouts")).to_be_focused()
    school.follow("登录")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("账号")).to_be_focused()
    school.page.keyboard.insert_text("school")
    school.tab_to("口令")
    school.page.keyboard.insert_text(school.who.service.passwords["school"])
    school.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(school.page.locator("#saved")).to_contain_text("草稿已自动保存")


def principal_signs(principal: Keys) -> None:
    principal.sign_in()
    principal.to_the_paper("疑似辍学学生报告")
    principal.goes_round()
    principal.follow("签发")
    principal.who.sees("已签发，文号")


def school_brings_the_sealed_page(school: Keys) -> None:
    school.to_the_paper("疑似辍学学生报告")
    school.upload(scan(school.who.pictures(), "盖章件", stamped=True))


def township_admonishes(township: Keys) -> None:
    township.sign_in()
    township.to_the_case()
    township.follow("填批评教育笔录")
    expect(township.who.box("start_at")).to_be_visible()
    township.fill(RECORD)
    township.follow("核对并定稿")
    township.who.sees("请再核对一遍")
    township.follow("定稿打印")
    township.who.wait_until_made()
    township.upload(scan(township.who.pictures(), "被教育人、执法人员"))


def township_orders(township: Keys) -> None:
    township.to_the_case()
    township.follow("填责令限期改正通知书")
    expect(township.who.box("findings")).to_be_visible()
    township.fill({"issue_date": "2026-09-18", "serve_on": "2026-09-18", "term_days": "7", "deadline_mode": "fixed"})
    township.press("Control+Enter")
    township.who.sees("请再核对一遍")
    township.follow("送审签")
    township.who.sees("已送审签")
    township.who.wait_until_made()


def leader_signs(leader: Keys) -> None:
    leader.sign_in()
    leader.to_the_paper("责令限期改正通知书")
    leader.press("Control+Enter")
    leader.who.sees("已签发，文号")


def township_serves(township: Keys) -> None:
    township.to_the_paper("责令限期改正通知书")
    township.upload(scan(township.who.pictures(), "盖章件", stamped=True))
    township.to_the_case()
    township.follow("登记送达")
    township.follow("留置送达")
    expect(township.who.box("witness_name")).to_be_visible()
    township.goes_round()
    township.fill(SERVICE | {"witness_name": "演示村主任", "witness": "village"})
    township.tab_to_box("proof")
    township.page.locator("#proof").set_input_files(snapshot("2026年9月18日19时30分　留置送达"))
    township.follow("登记送达")
    township.who.sees("送达已登记，2026年9月18日起算期限")


def township_checks(township: Keys) -> None:
    township.follow("填限期改正复查记录")
    expect(township.who.box("checked_on")).to_be_visible()
    township.fill(CHECK | {"checked_on": "2026-09-29"})
    township.follow("核对并定稿")
    township.who.sees("请再核对一遍")
    township.follow("定稿打印")
    township.who.wait_until_made()
    township.upload(scan(township.who.pictures(), "执法人员"))
    township.to_the_paper("送达回证")
    township.upload(scan(township.who.pictures(), "拒签　见证人：演示村主任"), ScanRole.RECEIPT.value)


def township_binds(township: Keys) -> None:
    township.to_the_case()
    township.follow("立卷")
    township.who.sees("材料齐全")
    township.goes_round()
    township.follow("立卷装订")
    township.who.sees("已立卷")
    township.who.wait_until_made("a[href$='/file.pdf']")
    township.tab_to("下载卷宗 PDF")
    with township.page.expect_download() as coming:
        township.press("Enter")
    assert coming.value.suggested_filename.endswith(".pdf")
