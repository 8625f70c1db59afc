"""The ledger in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app.records import offices
from tests.people import CHILD, SCHOOL, TOWNSHIP, identity
from tests.web.conftest import filled, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

GUARDIAN = identity("64049919850612001")


def typed(cast: Cast, **changed: str) -> dict[str, Any]:
    number = identity(CHILD.digits)
    with cast.desk.register.reading() as db:
        school, township = offices.load_code(db, SCHOOL).id, offices.load_code(db, TOWNSHIP).id
    return {
        "name": CHILD.name, "id_number": str(number), "student_status_no": f"G{number}", "school_id": str(school),
        "grade": "8", "class_name": "（2）班", "township_id": str(township), "village": "演示村",
        "home_address": "演示村一组", "hukou_address": "演示村一组", "guardians-0-name": "演示马明远",
        "guardians-0-relation": "父亲", "guardians-0-id_number": str(GUARDIAN), "guardians-0-phone": "13900000001",
        "guardians-0-address": "演示村一组", "_save": "1"} | changed


def test_a_pupil_is_entered_and_a_case_opened(cast: Cast, browse: Callable[..., Browser]) -> None:
    cast.at(2026, 9, 15)
    browser = browse("school")
    answer = browser.send("/students/new", typed(cast))
    assert answer.status_code == 303, answer.text
    student = cast.load_student()
    assert (student.sex, str(student.birth_date)) == ("女", "2011-03-15")
    page = browser.see(answer.headers["Location"])
    assert "已登记" in words(page)
    opened = browser.send(f"/students/{student.public_id}/case", {"first_absent_on": "2026-09-07", "reason_code": "F"})
    assert opened.status_code == 303
    assert "学校报告" in words(browser.see(opened.headers["Location"]))


def test_a_wrong_digit_is_told_at_its_box_and_nothing_typed_is_lost(cast: Cast, browse: Callable[..., Browser]) -> None:
    answer = browse("school").send("/students/new", typed(cast, id_number="640499201103150021"))
    assert answer.status_code == 422
    assert "校验码" in answer.text
    assert 'value="640499201103150021"' in answer.text
    assert 'value="演示马明远"' in answer.text
    assert 'href="#id_number"' in answer.text


def test_what_the_register_refuses_stands_on_the_sheet(cast: Cast, browse: Callable[..., Browser]) -> None:
    young = identity("64049920120901001")
    answer = browse("school").send("/students/new", typed(cast, **{"guardians-0-id_number": str(young)}))
    assert answer.status_code == 422
    assert "监护人应年满十八周岁" in answer.text
    assert 'href="#guardians-0-id_number"' in answer.text


def test_a_row_is_added_by_a_plain_button(cast: Cast, browse: Callable[..., Browser]) -> None:
    answer = browse("school").send("/students/new", typed(cast) | {"_rows": "add:guardians"})
    assert 'name="guardians-1-name"' in answer.text
    assert 'value="演示马明远"' in answer.text
    assert not cast.cases(cast.county)


def test_numbers_are_masked_until_a_look_that_is_written_down(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browser = browse("clerk", cast)
    number, address = str(identity(CHILD.digits)), f"/students/{cast.student}"
    for page in ("/students", address, f"/cases/{cast.case}", "/"):
        text = browser.get(page).text
        assert number not in text, page
        assert str(GUARDIAN) not in text, page
    before = cast.lines()
    shown = browser.send(f"{address}/reveal")
    assert number in shown.text
    assert str(GUARDIAN) in shown.text
    assert cast.lines() == before + 1
    assert number not in browser.get(address).text


def test_correcting_opens_with_a_trace_and_saves(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browser = browse("clerk", cast)
    address, before = f"/students/{cast.student}/edit", cast.lines()
    page = html.fromstring(browser.send(address).text)
    assert cast.lines() == before + 1
    values = filled(page) | {"village": "演示上沟村", "_save": "1"}
    answer = browser.send(address, values)
    assert answer.status_code == 303, answer.text
    assert cast.load_student().village == "演示上沟村"


@pytest.mark.parametrize("sent", [
    {"_rows": "x", "guardians-0-x": "1"}, {"_rows": "add:guardians"}, {"_rows": "x"}, {"_save": "1"},
    {"_save": "1", "guardians-0-name": "演示马明远"}])
def test_a_sheet_sent_back_with_boxes_left_out_shows_no_number_of_the_ledger(
    sent: dict[str, str], at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browser, lines = browse("clerk", cast), cast.lines()
    text = browser.send(f"/students/{cast.student}/edit", sent).text
    student = cast.load_student()
    for number in (student.id_number, student.student_status_no, student.guardians[0].id_number,
                   student.guardians[0].phone, student.home_address):
        assert number not in text
    assert cast.lines() == lines


@pytest.mark.parametrize("page", ["/students", "/cases"])
def test_a_person_is_found_by_name_and_no_address_bears_it(
    page: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    browser = browse("clerk", at_stage("opened"))
    form = browser.see(page).xpath('//form[@role="search"]')[0]
    assert (form.method, form.action) == ("POST", page)
    for query, found in (("马小", True), ("无此人", False)):
        assert (CHILD.name in words(html.fromstring(browser.send(page, {"q": query}).text))) is found
    assert CHILD.name in words(browser.see(f"{page}?q=无此人")), "an address is no question"
    assert browser.client.post(page, data={"q": "马小"}).status_code == 400, "no search without the page's own token"


def test_the_search_of_the_first_page_is_sent_by_post(browse: Callable[..., Browser]) -> None:
    form = browse("clerk").see("/").xpath('//form[@role="search"]')[0]
    assert (form.method, form.action) == ("POST", "/students")


def test_what_another_corrected_meanwhile_is_kept_and_so_is_what_was_typed(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browser, address = browse("clerk", cast), f"/students/{cast.student}/edit"
    first = filled(html.fromstring(browser.send(address).text))
    assert browser.send(address, first | {"village": "演示上沟村", "_save": "1"}).status_code == 303
    more = browser.send(address, first | {"class_name": "（9）班", "_rows": "x"})
    late = browser.send(address, filled(html.fromstring(more.text)) | {"_save": "1"})
    assert late.status_code == 422
    assert "被别人更正过" in late.text
    assert 'value="（9）班"' in late.text
    student = cast.load_student()
    assert (student.village, student.class_name) == ("演示上沟村", "（2）班")
    assert browser.send(address, {**first, "_seen": "", "_save": "1"}).status_code == 422


def test_values_are_never_read_as_markup(cast: Cast, browse: Callable[..., Browser]) -> None:
    answer = browse("school").send("/students/new", typed(cast, village="<script>alert(1)</script>"))
    assert "<script>alert" not in answer.text


def test_a_value_says_what_it_is_while_it_is_typed(browse: Callable[..., Browser]) -> None:
    browser = browse("school")
    number = str(identity(CHILD.digits))
    said = browser.send("/fields/say", {"_noun": "pupil", "_field": "guardians-0-id_number",
                                        "guardians-0-id_number": number})
    assert said.text.startswith("女，2011年3月15日出生")
    assert browser.send("/fields/say", {"_noun": "pupil", "_field": "nothing"}).status_code == 404
    assert browser.send("/fields/say", {"_noun": "nothing", "_field": "name"}).status_code == 404
