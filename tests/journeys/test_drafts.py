"""Drafts that lose nothing, in a real browser: two desks, a session that ends, a line that breaks, an impatient hand."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error, expect

from app.actions.desk import open_desk
from app.records import accounts, papers, sessions, students
from app.settings import Settings
from tests.journeys.official import Official
from tests.journeys.test_browser import REPORT, choose_township, pupil

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from app.actions.desk import Desk
    from tests.journeys.official import Notes
    from tests.journeys.running import Service

pytestmark = [
    pytest.mark.browser, pytest.mark.press, pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(datetime.now(UTC).date() < date(2026, 9, 30),  # noqa: TID251  (the service asks the real clock)
                       reason="the story is of September 2026 and the clock is before it"),
]
EXPECTED = ("the server responded with a status of 401", "Response Status Error Code 401", "ERR_INTERNET_DISCONNECTED", "htmx:")
"""The browser's own lines for what came when the session was over or the line was down."""


def test_nothing_typed_is_lost_and_nothing_is_made_twice(browser: Browser, service: Service, notes: Notes) -> None:
    desk = open_desk(Settings(instance=service.instance))
    school = Official(browser, service, notes, "school").sign_in()
    case = registers_with_a_double_click(school, desk)
    draft = starts_a_report(school, case)
    breaks_the_line(school)
    ends_the_session_while_typing(school, desk)
    two_desks(browser, service, notes, school, draft)
    sends_with_a_double_click(school, desk, draft)
    loses_nothing_without_script(browser, service, notes, desk)
    assert [each for each in notes.console if not any(words in each for words in EXPECTED)] == []


def registers_with_a_double_click(school: Official, desk: Desk) -> str:
    given = pupil("64049920121106004", "64049919870211006", name="演示双击生")
    school.go("/students/new")
    school.fill(**given)
    choose_township(school)
    school.page.locator("button[data-primary]").dblclick()
    school.sees("已登记")
    page = school.path
    assert named(desk, "演示双击生") == 1
    school.page.go_back()
    if school.box("name").input_value() == "演示双击生":  # the browser gave the sheet back as it was sent
        school.page.locator("button[data-primary]").click()
        school.page.wait_for_load_state()
        assert named(desk, "演示双击生") == 1
    school.go(page)
    school.fill(first_absent_on="2026-09-07", reason_code="F")
    school.page.get_by_role("button", name="建案卷").dblclick()
    school.sees("下一步")
    return school.path


def named(desk: Desk, name: str) -> int:
    with desk.register.reading() as db:
        return len(db.execute(students.students.select().where(students.students.c.name == name)).all())


def starts_a_report(school: Official, case: str) -> str:
    school.go(case)
    school.page.locator("button[data-primary]").dblclick()
    expect(school.box("whereabouts")).to_be_visible()
    return school.path


def saved(who: Official) -> None:
    expect(who.page.locator("#saved")).to_contain_text("草稿已自动保存")


def typed(desk: Desk, draft: str) -> dict[str, Any]:
    with desk.register.reading() as db:
        row = db.execute(papers.papers.select().where(papers.papers.c.public_id == draft.split("/")[2])).one()
    return dict(row.typed)


def breaks_the_line(school: Official) -> None:
    school.fill(whereabouts="第一句。")
    saved(school)
    school.context.set_offline(True)
    school.fill(whereabouts="第一句。线断了再写的第二句。")
    expect(school.page.locator("#saved")).to_contain_text("未保存，网络断了，内容还在本页")
    school.page.locator("button[name=_check]").click()
    expect(school.page.locator("#away")).to_contain_text("没有交出去")
    school.context.set_offline(False)
    saved(school)
    school.page.reload()
    expect(school.box("whereabouts")).to_have_value("第一句。线断了再写的第二句。")


def end_sessions(desk: Desk, login: str) -> None:
    with desk.change() as db:
        account = accounts.find_login(db, login)
        assert account is not None
        sessions.end_all(db, account.id, desk.clock.now())


def ends_the_session_while_typing(school: Official, desk: Desk) -> None:
    end_sessions(desk, "school")
    school.fill(whereabouts="登录到期以后写的。")
    dialog = school.page.locator("dialog#again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("账号")).to_be_focused()
    school.shoot("登录到期")
    signs_in_at(school, "township")
    expect(dialog).to_contain_text("只能由")
    school.shoot("登录到期-换了人")
    signs_in_at(school, "school")
    expect(dialog).not_to_be_visible()
    saved(school)
    expect(school.box("whereabouts")).to_have_value("登录到期以后写的。")
    school.page.reload()
    expect(school.box("whereabouts")).to_have_value("登录到期以后写的。")
    school.fill(**REPORT)
    saved(school)
    end_sessions(desk, "school")
    with suppress(Error):  # a box that asks what to say may find out first: then the dialog lies over the button
        school.page.locator("button[name=_save]").click(timeout=3000)
    expect(dialog).to_be_visible()
    signs_in_at(school, "school")
    expect(dialog).not_to_be_visible()
    expect(school.box("whereabouts")).to_have_value(REPORT["whereabouts"])


def signs_in_at(who: Official, login: str) -> None:
    dialog = who.page.locator("dialog#again")
    dialog.get_by_label("账号").fill(login)
    dialog.get_by_label("口令").fill(who.service.passwords[login])
    dialog.get_by_role("button", name="登录", exact=True).click()


def two_desks(browser: Browser, service: Service, notes: Notes, school: Official, draft: str) -> None:
    school.go(draft)
    other = Official(browser, service, notes, "school").sign_in()
    other.go(draft)
    other.fill(whereabouts="另一台电脑上写的。")
    saved(other)
    school.fill(whereabouts="这一台写的。", leave_status="none")
    expect(school.page.locator("#saved")).to_contain_text("另存了一份，没有丢")
    school.fill(whereabouts="这一台写的，写完了。")
    school.page.wait_for_timeout(1200)
    school.shoot("另存-还在填")
    school.page.get_by_role("link", name="对照两份").click()
    school.sees("另一台电脑上写的。")
    school.sees("这一台写的，写完了。")
    school.shoot("两份对照")
    school.page.get_by_label("用我填的").first.check()
    school.press("保存所选")
    school.sees("已按您选的保存到草稿")
    expect(school.box("whereabouts")).to_have_value("这一台写的，写完了。")
    other.fill(whereabouts="另一台又写。")
    expect(other.page.locator("#saved")).to_contain_text("另存了一份")
    other.context.close()
    school.page.reload()
    school.sees("的另一份填写未处理")
    school.shoot("草稿-另一份未处理")
    school.page.get_by_role("link", name="查看").click()
    school.page.get_by_text("舍弃我填的这一份").click()
    school.shoot("两份对照-舍弃")
    school.press("确定舍弃")
    school.sees("已舍弃")


def sends_with_a_double_click(school: Official, desk: Desk, draft: str) -> None:
    school.go(draft)
    school.press("核对并送审签")
    school.sees("请再核对一遍")
    school.page.get_by_role("button", name="送审签").dblclick()
    school.sees("待审签")
    with desk.register.reading() as db:
        row = db.execute(papers.papers.select().where(papers.papers.c.public_id == draft.split("/")[2])).one()
    assert row.state == "submitted"
    school.page.go_back()
    school.does_not_see("没有办成")


def loses_nothing_without_script(browser: Browser, service: Service, notes: Notes, desk: Desk) -> None:
    plain = Official(browser, service, notes, "school", script=False).sign_in()
    plain.go("/students/new")
    given = pupil("64049920130206004", "64049919870211006", name="演示没有脚本")
    given |= {f"guardians-0-{name}": value for name, value in given.pop("guardians")[0].items()}
    plain.fill(**given)
    choose_township(plain)
    end_sessions(desk, "school")
    plain.press("保存")
    plain.sees("已经代存")
    plain.shoot("代存-登录")
    plain.page.get_by_label("账号").fill("school")
    plain.page.get_by_label("口令").fill(service.passwords["school"])
    plain.press("登录")
    plain.sees("刚才没办完的")
    plain.shoot("接着办")
    plain.press("接着办")
    plain.sees("演示没有脚本")
    assert named(desk, "演示没有脚本") == 1
