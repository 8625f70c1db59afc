"""学生台账 in the browser: conditions, pages, import, export, and the rise of the classes."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app.actions import import_pupils
from app.intake import sheets
from app.records import audit, offices, students
from app.web import ledger
from tests.lists import listed, pupil
from tests.people import CHILD, SCHOOL, identity
from tests.web.conftest import filled, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

WHOLE = re.compile(r"(?<!\d)640499\d{11}[\dX](?![\dX])")


def names(page: Any) -> list[str]:
    return [each.text_content() for each in page.xpath("//tbody/tr/td[1]/a")]


def ask(browser: Browser, **given: str) -> Any:
    answer = browser.send("/students", given)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def put(cast: Cast, count: int = 3) -> None:
    batch = import_pupils.receive_list(cast.desk, cast.school, listed([pupil(n) for n in range(count)]), "名单.xlsx")
    with cast.desk.register.reading() as db:
        seen = import_pupils.look_at_list(cast.desk, cast.school, db, batch)[1].digest
    import_pupils.import_pupils(cast.desk, cast.school, batch, seen)


@pytest.mark.parametrize("query", ["马小", "maxiaoyan", "Ma Xiao", "yanshima", "ysmxy", "0022", "演示马小燕"])
def test_a_pupil_is_found_by_name_sound_initials_and_end_of_number(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser], query: str) -> None:
    browser = browse("clerk", at_stage("opened"))
    assert names(ask(browser, q=query)) == [CHILD.name]


@pytest.mark.parametrize(("given", "found"), [
    ({"state": "at_school"}, False), ({"state": "suspected"}, True), ({"state": "graduated"}, False),
    ({"code": "F"}, True), ({"code": "A"}, False), ({"step": "report"}, True), ({"step": "check"}, False),
    ({"due": "late"}, False), ({"due": "today"}, True), ({"class": "8|"}, True), ({"class": "8|（2）班"}, True),
    ({"class": "7|"}, False), ({"state": "suspected", "code": "F"}, True), ({"state": "suspected", "code": "G"}, False),
    ({"state": "'--"}, False), ({"school": "0"}, False), ({"school": "x" * 40}, True)])
def test_each_condition_keeps_or_drops(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser], given: dict[str, str], found: object) -> None:
    page = ask(browse("clerk", at_stage("opened")), **given)
    assert names(page) == ([CHILD.name] if found else [])


def test_a_chip_takes_its_condition_off(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    browser = browse("clerk", at_stage("opened"))
    page = ask(browser, q="无此人", code="F")
    assert len(page.xpath('//button[@name="_drop"]')) == 2
    assert names(ask(browser, q="无此人", code="F", _drop="q")) == [CHILD.name]


def test_the_list_comes_page_by_page_with_its_count(
        cast: Cast, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    put(cast, 5)
    monkeypatch.setattr(ledger, "SIZE", 2)
    browser = browse("school")
    pages = [ask(browser, page=number) for number in ("1", "2", "3", "99")]
    assert [words(each).count("1–2/5") for each in pages] == [1, 0, 0, 0]
    assert "5–5/5" in words(pages[2])
    assert len({name for each in pages for name in names(each)}) == 5
    assert names(pages[3]) == names(pages[2])


def test_no_list_or_page_bears_a_whole_number(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("opened")
    browser = browse("clerk", cast)
    for text in (browser.get("/students").text, browser.get(f"/students/{cast.student}").text,
                 browser.send("/students", {"q": "0022"}).text):
        assert CHILD.name in text
        assert not WHOLE.search(text)


def upload(browser: Browser, data: bytes, name: str = "名单.xlsx") -> Any:
    return browser.client.post("/students/import", content_type="multipart/form-data", data={
        "csrf_token": browser.token(), "file": (io.BytesIO(data), name)})


def test_a_list_is_looked_at_confirmed_and_taken_back(cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("school")
    answer = upload(browser, listed([pupil(1), pupil(2)]))
    assert answer.status_code == 303
    place = answer.location
    page = browser.see(place)
    assert "2新增" in words(page).replace(" ", "")
    assert not WHOLE.search(html.tostring(page, encoding="unicode"))
    assert names(ask(browser)) == []
    assert browser.send(f"{place}/confirm", filled(page)).status_code == 303
    assert len(names(ask(browser))) == 2
    assert browser.send(f"{place}/undo").status_code == 303
    assert names(ask(browser)) == []


def test_a_wrong_list_tells_its_cells_and_cannot_be_confirmed(cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("school")
    sound = str(pupil(2)["id_number"])
    wrong = sound[:-1] + ("1" if sound[-1] != "1" else "2")
    place = upload(browser, listed([pupil(1), pupil(2, id_number=wrong)])).location
    answer = browser.get(place)
    assert answer.status_code == 422
    assert "名单!C4" in answer.text
    assert "校验码" in answer.text
    assert "确认导入" not in answer.text
    assert browser.send(f"{place}/confirm", {"seen": "x"}).status_code == 422
    assert names(ask(browser)) == []


def test_what_is_no_workbook_is_refused_on_the_page(browse: Callable[..., Browser]) -> None:
    browser = browse("school")
    answer = upload(browser, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert answer.status_code == 422
    assert "另存为 .xlsx" in answer.text
    assert browser.send("/students/import").status_code == 422


def test_an_import_of_another_office_is_not_there(cast: Cast, browse: Callable[..., Browser]) -> None:
    place = upload(browse("school"), listed([pupil(1)])).location
    assert browse("strange_school").get(place).status_code == 404
    assert browse("strange_school").send(f"{place}/confirm", {"seen": "x"}).status_code == 404


def test_the_blank_list_is_read_as_a_list_without_pupils(browse: Callable[..., Browser]) -> None:
    browser = browse("school")
    data = browser.get("/students/import/blank").data
    place = upload(browser, data).location
    assert "名单里没有学生" in browser.get(place).text


def exported(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return sheets.read(answer.data, "台账.xlsx")[0]


def test_an_export_masks_numbers_and_leaves_its_line(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("opened")
    found = exported(browse("clerk", cast).send("/students/export", {"q": "马小"}))
    assert found.rows[1][0] == CHILD.name
    assert found.rows[1][3] == "640499********0022"
    assert not WHOLE.search(repr(found.rows))
    assert len(exported(browse("clerk", cast).send("/students/export", {"q": "无此人"})).rows) == 1


def test_full_numbers_go_out_with_a_reason_and_every_child_is_written_down(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("opened")
    browser = browse("clerk", cast)
    assert browser.send("/students/export", {"revealed": "y", "reason": "要"}).status_code == 422
    found = exported(browser.send("/students/export", {"revealed": "y", "reason": "报县教育局核对学籍"}))
    assert found.rows[1][3] == str(identity(CHILD.digits))
    assert not found.flaws
    with cast.desk.register.reading() as db:
        line = list(audit.everything(db))[-1]
    assert (line["verb"], line["detail"]["students"]) == ("export_ledger", [cast.load_student().id])
    assert "核对" not in str(line["detail"])


def test_classes_rise_once_and_are_taken_back(cast: Cast, browse: Callable[..., Browser]) -> None:
    put(cast, 3)
    cast.at(2026, 8, 20)
    browser = browse("school")
    page = browser.see("/students/rise")
    assert "六年级（1）班3毕业" in words(page)
    page = browser.see("/students/rise?last=9")
    assert "六年级（1）班3七年级（1）班" in words(page)
    assert browser.send("/students/rise/confirm", filled(page)).status_code == 303
    with cast.desk.register.reading() as db:
        assert {each.grade for each in students.list_students(db, cast.school)} == {7}
    again = browser.see("/students/rise")
    assert "已经办过" in words(again)
    assert browser.send("/students/rise/confirm", {"last": "9", "seen": "x"}).status_code == 422
    undo = again.xpath('//form[contains(@action, "/undo")]/@action')[0]
    assert browser.send(undo).status_code == 303
    with cast.desk.register.reading() as db:
        assert {each.grade for each in students.list_students(db, cast.school)} == {6}


def test_a_small_school_sends_its_pupils_on_and_none_of_them_is_said_to_be_done(
    cast: Cast, browse: Callable[..., Browser],
) -> None:
    put(cast, 3)
    with cast.desk.register.transaction() as db:
        db.execute(students.students.update().values(grade=3))
    cast.at(2026, 8, 20)
    browser = browse("school")
    page = browser.see("/students/rise?last=3")
    assert "三年级（1）班3转入上一级学校" in words(page)
    assert browser.send("/students/rise/confirm", filled(page)).status_code == 303
    shown = [words(each) for each in ask(browser, state=ledger.FINISHED).xpath("//tbody/tr")]
    assert len(shown) == 3
    assert all("转入上一级学校" in each and "已毕业" not in each for each in shown)


def test_a_pupil_without_a_number_is_entered_with_sex_and_birthday(cast: Cast, browse: Callable[..., Browser]) -> None:
    from tests.web.test_students import typed  # noqa: PLC0415

    browser = browse("school")
    bare = typed(cast, id_number="", student_status_no="")
    assert browser.send("/students/new", bare).status_code == 422
    answer = browser.send("/students/new", bare | {"sex": "女", "birth_date": "2014-03-15"})
    assert answer.status_code == 303, answer.text
    student = cast.load_student()
    assert (student.id_number, student.sex, student.birth_date.isoformat()) == ("", "女", "2014-03-15")
    assert "（无）" in words(browser.see(f"/students/{student.public_id}"))
    with cast.desk.register.reading() as db:
        assert offices.load_code(db, SCHOOL).id == student.school_id
