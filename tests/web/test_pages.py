"""What holds for every page: parts that belong together are there, identifiers are unique, nothing is English."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app import create_app
from app.records import cases, students
from app.web import trail
from tests.people import CHILD, Child
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

ACTIONS = Path(trail.__file__).resolve().parents[1] / "actions"


def addresses(cast: Cast) -> list[str]:
    case, order = cast.case, cast.paper("rectification_order").public_id
    return ["/", "/students", f"/students/{cast.student}", "/cases", f"/cases/{case}", "/register",
            "/packets", f"/cases/{case}/file", "/verify", "/verify/FX-1", f"/papers/{order}", "/nothing",
            f"/papers/{order}/scans/new", *(f"/papers/{order}/service?mode={mode}" for mode in (
                "direct", "leave", "post", "electronic", "forward", "entrust", "announce"))]


def faults(page: Any) -> list[str]:
    """What is wrong with the skeleton of a page."""
    ids = page.xpath("//@id")
    known = set(ids)
    found = [f"id {each} twice" for each in known if ids.count(each) > 1]
    found += [f"label for {each}" for each in page.xpath("//label/@for") if each not in known]
    found += [f"described by {each}" for group in page.xpath("//@aria-describedby | //@aria-labelledby")
              for each in group.split() if each not in known]
    found += [f"link to #{each[1:]}" for each in page.xpath('//a/@href[starts-with(., "#")]')
              if each[1:] not in known]
    found += [f"no name: {html.tostring(each)[:80]!r}" for each in page.xpath(
        '//input[not(@type="hidden")][not(@id = //label/@for)][not(ancestor::label)][not(@aria-label)]')]
    found += [] if len(page.xpath("//h1")) == 1 else ["not one h1"]
    found += [] if page.xpath("//main[@id='m']") else ["no main"]
    found += [f"two blue buttons {len(blue)}" for blue in [page.xpath("//*[@data-primary]")] if len(blue) > 1]
    return found


@pytest.mark.parametrize("login", ["clerk", "leader", "school", "county"])
def test_every_page_is_sound(login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    browser = browse(login, cast)
    for address in addresses(cast):
        answer = browser.get(address)
        if answer.status_code not in {200, 404}:
            assert answer.status_code == 303, address
            continue
        page = html.fromstring(answer.text)
        for template in page.xpath("//template"):
            template.drop_tree()
        assert faults(page) == [], address


def test_the_sheets_are_sound_with_and_without_errors(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("admonished")
    cast.at(2026, 9, 18)
    clerk = browse("clerk", cast)
    draft = clerk.send(f"/cases/{cast.case}/papers", {"kind": "rectification_order"}).headers["Location"]
    for answer in (clerk.get("/students/new"), clerk.send("/students/new", {"_save": "1"}), clerk.get(draft),
                   clerk.send(draft, {"_check": "1", "_version": "1"}), browse().get("/sign-in")):
        page = html.fromstring(answer.text)
        for template in page.xpath("//template"):
            template.drop_tree()
        assert [each for each in faults(page) if "h1" not in each] == []


def test_every_act_in_the_trail_has_a_chinese_word() -> None:
    verbs = set()
    for path in ACTIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            appends = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append"
            if appends and any(each.arg == "case_id" for each in node.keywords):
                verbs |= {each.value for each in ast.walk(node.args[2])
                          if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    assert verbs
    assert verbs - trail.WORDS.keys() == set()


def test_the_banner_tells_demo_data_from_real(cast: Cast, browse: Callable[..., Browser]) -> None:
    assert "演示数据" not in browse().get("/sign-in").text
    demo = replace(cast.desk, settings=replace(cast.desk.settings, demo=True))
    assert "演示数据" in create_app(desk=demo).test_client().get("/sign-in").text


def test_a_search_word_is_shown_as_text(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    text = browse("clerk", at_stage("opened")).send("/cases", {"q": '"><img src=x>'}).text
    assert "没有查到" in text
    assert "<img src=x" not in text


@pytest.mark.parametrize(("page", "room"), [("/cases", "cases")])
def test_a_list_that_is_cut_says_so(
    page: str, room: str, monkeypatch: pytest.MonkeyPatch, at_stage: Callable[[str], Cast],
    browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    cast.enrol(Child(name="演示苏小二", digits="64049920110416003"))
    with cast.desk.register.reading() as db:
        other = next(each for each in students.list_students(db, cast.school) if each.name == "演示苏小二")
    cast.open(other.public_id)
    browser = browse("clerk", cast)
    assert len(browser.see(page).xpath("//tbody/tr")) == 2
    assert "只显示前" not in words(browser.see(page))
    monkeypatch.setattr(import_module(f"app.web.{room}"), "MOST", 1)
    cut = browser.see(page)
    assert len(cut.xpath("//tbody/tr")) == 1
    assert "只显示前 1" in words(cut)
    assert "请用查询缩小范围" in words(cut)


def test_home_keeps_the_oldest_case_however_many_there_are(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    with cast.desk.change() as db:
        oldest = db.execute(cases.cases.select()).one()._asdict()
        pupil = db.execute(students.students.select()).one()._asdict()
        for number in range(2, 520):
            db.execute(students.students.insert().values(**pupil | {"id": number, "public_id": f"s{number}",
                                                                    "name": "演示某某"}))
            db.execute(cases.cases.insert().values(**oldest | {
                "id": number, "public_id": f"c{number}", "case_no": f"n{number}", "student_id": number}))
    page = browse("clerk", cast).see("/")
    assert len(page.xpath('//section[@id="todo"]//tbody/tr')) == 519
    assert CHILD.name in words(page)


def test_home_sorts_by_what_is_due_and_names_the_next_act(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("served")
    cast.at(2026, 9, 29)
    page = browse("clerk", cast).see("/")
    row = page.xpath("//tbody/tr")[0]
    assert CHILD.name in words(row)
    assert "今天" in words(row), "the first working day after the last day, 28 September"
    assert row.xpath('.//a[contains(@class, "btn-primary") or contains(@class, "btn-outline-primary")]')
    cast.at(2026, 10, 8)
    late = browse("clerk", cast).see("/")
    assert re.search("逾期9天", words(late))
