"""今天要办 by role: what is due first, one way to each act, nothing dead, counts for those above, few queries."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from sqlalchemy import event

from app.actions import manage_accounts, register_signed
from app.actions.draft_paper import start_draft
from app.actions.submit_paper import return_paper
from app.records import cases, students
from app.web import duties
from tests.people import CHILD, PEOPLE, upload
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.people import Cast
    from tests.web.conftest import Browser


@contextmanager
def statements(cast: Cast) -> Iterator[list[str]]:
    """What is asked of the register meanwhile."""
    found: list[str] = []

    def note(*told: Any) -> None:
        found.append(told[2])

    event.listen(cast.desk.register.reader, "before_cursor_execute", note)
    yield found
    event.remove(cast.desk.register.reader, "before_cursor_execute", note)


def multiply(cast: Cast, many: int) -> None:
    """As many more cases like the first, each of a pupil of its own."""
    with cast.desk.change() as db:
        first = db.execute(cases.cases.select()).first()
        pupil = db.execute(students.students.select()).first()
        assert first is not None
        assert pupil is not None
        for number in range(100, 100 + many):
            db.execute(students.students.insert().values(
                **pupil._asdict() | {"id": number, "public_id": f"s{number}", "name": "演示某某"}))
            db.execute(cases.cases.insert().values(**first._asdict() | {
                "id": number, "public_id": f"c{number}", "case_no": f"n{number}", "student_id": number}))


@pytest.mark.parametrize("login", ["clerk", "leader", "school", "county", "admin"])
def test_home_asks_as_much_for_a_hundred_cases_as_for_one(
    login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browser = browse(login, cast)
    browser.see("/")
    with statements(cast) as few:
        browser.see("/")
    multiply(cast, 99)
    with statements(cast) as many:
        browser.see("/")
    assert len(many) == len(few) < 40


def test_the_county_sees_its_townships_in_counts_and_no_child(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("served")
    cast.at(2026, 10, 8)
    for login, office in (("county", "吉强镇人民政府"), ("bureau", "吉强镇人民政府")):
        page = browse(login, cast).see("/")
        row = words(page.xpath('//section[@id="todo"]//tbody/tr')[0])
        assert office in row
        assert "1件" in row
        assert CHILD.name not in words(page)
        assert page.xpath('//section[@id="todo"]//a[@href="/cases"]')


def test_the_county_sees_one_by_one_what_it_has_in_hand(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("served")
    cast.at(2026, 9, 29)
    start_draft(cast.desk, cast.county, cast.case, "compliance_check")
    page = browse("county", cast).see("/")
    assert CHILD.name in words(page.get_element_by_id("own"))
    assert CHILD.name not in words(page.get_element_by_id("todo"))


def test_the_city_sees_its_counties(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("opened")
    with cast.desk.register.transaction() as db:
        db.connection.exec_driver_sql("UPDATE accounts SET roles = '[\"city_clerk\"]' WHERE login = 'city_admin'")
    page = browse("city_admin", cast).see("/")
    assert "西吉县教育体育局" in words(page.xpath('//section[@id="todo"]//tbody/tr')[0])
    assert CHILD.name not in words(page)


def test_a_paper_to_be_signed_and_one_sent_back_are_one_click_away(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    leader, clerk = browse("leader", cast), browse("clerk", cast)
    assert leader.see("/").xpath(f'//section[@id="sign"]//a[@href="/papers/{paper}"]')
    return_paper(cast.desk, cast.leader, paper, "事实写清楚些")
    back = clerk.see("/").xpath('//section[@id="duties"]')[0]
    assert "退回要改" in words(back)
    assert "事实写清楚些" in words(back)
    assert back.xpath(f'.//a[@href="/papers/{paper}/edit"]')


def test_an_administrator_sees_how_the_installation_is(cast: Cast, browse: Callable[..., Browser]) -> None:
    admin = browse("admin")
    text = words(admin.see("/").get_element_by_id("duties"))
    for word in ("失败任务", "从未备份", "放假安排", "签名证书", "字体", "磁盘"):
        assert word in text
    (cast.desk.settings.instance / "backups").mkdir(exist_ok=True)
    (cast.desk.settings.instance / "backups" / "last").write_text(cast.clock.now().isoformat())
    assert "今天 上次备份" in words(admin.see("/").get_element_by_id("duties"))
    cast.at(2026, 9, 9)
    assert "8天前" in words(browse("admin").see("/").get_element_by_id("duties"))


def test_holidays_of_the_next_year_are_missed_from_november_on(cast: Cast, browse: Callable[..., Browser]) -> None:
    assert "2027年未录入" not in words(browse("admin").see("/"))
    cast.at(2026, 11, 2)
    assert "2027年未录入" in words(browse("admin").see("/"))


def test_an_auditor_sees_what_deserves_a_look(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("opened")
    browse("clerk", cast).send(f"/students/{cast.student}/reveal")
    assert "1次 近7天显示完整证件号码" in words(browse("auditor", cast).see("/"))


@pytest.mark.parametrize("login", PEOPLE)
def test_no_way_from_home_is_dead(login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    browser = browse(login, at_stage("ordered"))
    page = browser.see("/")
    for address in sorted({each for each in page.xpath("//main//a/@href | //nav//a/@href") if each.startswith("/")}):
        assert browser.get(address).status_code == 200, address
    assert not page.xpath('//div[@class="empty"][not(normalize-space())]')
    assert html.tostring(page)


def test_a_reset_is_seen_by_its_person_and_by_the_other_leaders_of_the_office(
    cast: Cast, browse: Callable[..., Browser],
) -> None:
    manage_accounts.reset_password(cast.desk, cast.people["admin"], cast.second.account_id)
    told = "演示黑科长重置了演示苏干事的口令"
    assert told.replace("演示苏干事", "您") not in words(browse("leader").see("/"))
    assert told in words(browse("leader").see("/"))
    assert "重置了" not in words(browse("clerk").see("/")), "not everybody's matter"
    assert "重置了" not in words(browse("principal").see("/")), "nor another office's"
    with cast.desk.register.transaction() as db:
        db.connection.exec_driver_sql("UPDATE accounts SET password_hash = (SELECT password_hash FROM accounts WHERE "
                                      "login = 'clerk'), must_change = (1 = 0) WHERE login = 'second'")
    assert "演示黑科长重置了您的口令" in words(browse("second").see("/"))
    cast.clock.move_to(cast.clock.now() + timedelta(days=15))
    assert "重置了" not in words(browse("leader").see("/"))


def test_who_is_said_to_have_signed_on_paper_sees_it(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = at_stage("admonished")
    order = cast.submit_order(cast.clerk)
    number = register_signed.register_signed(cast.desk, cast.second, register_signed.Signed(
        order, cast.leader.account_id, cast.desk.clock.today(), register_signed.draft_code(cast.load(order)),
        scan=upload("发文稿纸")))
    seen = browse("leader", cast).see("/").get_element_by_id("duties")
    assert f"以您的名义登记的纸上签发：《责令限期改正通知书》{number}" in words(seen)
    assert "演示苏干事" in words(seen)
    assert seen.xpath(f'.//a[@href="/papers/{order}"]')
    for other in ("both", "second", "bureau"):
        assert "以您的名义" not in words(browse(other, cast).see("/"))
    monkeypatch.setattr(duties, "MOST_SIGNED", 0)
    assert "还有1份" in words(browse("leader", cast).see("/"))
    cast.clock.move_to(cast.clock.now() + timedelta(days=31))
    assert "以您的名义" not in words(browse("leader", cast).see("/"))
