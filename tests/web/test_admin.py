"""系统管理: the pages by which an administrator keeps the own tree, and nobody another's."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from lxml import html

from app.actions import sign_in
from app.records import accounts, offices, places
from tests.actions.test_import_offices import GOOD
from tests.people import COUNTY, OTHER_TOWNSHIP, SCHOOL, TOWNSHIP
from tests.web.conftest import Browser, words
from tests.web.test_pages import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast

PAGES = ("/admin/offices", f"/admin/offices/{TOWNSHIP}", f"/admin/offices/{SCHOOL}", f"/admin/offices/{COUNTY}",
         f"/admin/offices/{TOWNSHIP}/schools/new", f"/admin/offices/{TOWNSHIP}/accounts/new", "/admin/accounts",
         "/admin/import", "/account", "/account/password", "/account/authenticator")


@pytest.fixture
def admin(browse: Callable[..., Browser]) -> Browser:
    return browse("admin")


def office(cast: Cast, code: str) -> offices.Office:
    with cast.desk.register.reading() as db:
        return offices.load_code(db, code)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_sound(admin: Browser, address: str) -> None:
    assert faults(admin.see(address)) == []


def test_the_tree_shows_the_own_county_and_no_other(admin: Browser) -> None:
    said = words(admin.see("/admin/offices"))
    assert "吉强镇人民政府" in said
    assert "彭阳县" not in said
    assert "固原市教育体育局" not in said.partition("单位 级别")[2]


@pytest.mark.parametrize("address", [
    f"/admin/offices/{OTHER_TOWNSHIP}", "/admin/offices/640400", f"/admin/offices/{OTHER_TOWNSHIP}/schools/new",
    f"/admin/offices/{OTHER_TOWNSHIP}/accounts/new"])
def test_an_office_outside_the_charge_looks_like_none(admin: Browser, address: str) -> None:
    assert admin.get(address).status_code == 404
    assert admin.send(address, {"name": "演示", "login": "ma", "roles": "auditor"}).status_code in {404, 405}


def test_an_account_outside_the_charge_looks_like_none(cast: Cast, admin: Browser) -> None:
    key = cast.stranger.account_id
    assert admin.get(f"/admin/accounts/{key}").status_code == 404
    for act in ("disable", "enable", "reset", "second-factor"):
        assert admin.send(f"/admin/accounts/{key}/{act}").status_code == 404, act
    assert "陈干事" not in words(admin.see("/admin/accounts"))


def test_a_school_with_classes_and_people_is_made_and_closed(cast: Cast, admin: Browser) -> None:
    made = admin.send(f"/admin/offices/{TOWNSHIP}/schools/new", {"code": "S64042201", "name": "西吉县演示二中"})
    assert made.headers["Location"] == "/admin/offices/S64042201"
    there = made.headers["Location"]
    admin.send(f"{there}/classes", {"grade": "8", "names": "（1）班\r\n（2）班\r\n\r\n（1）班"})
    admin.send(f"{there}/classes/remove", {"grade": "8", "name": "（2）班"})
    with cast.desk.register.reading() as db:
        assert places.classes_of(db, office(cast, "S64042201").id) == (places.SchoolClass(8, "（1）班"),)
    page = html.fromstring(admin.send(f"{there}/accounts/new", {
        "login": "mals", "name": "演示马老师", "roles": ["school_clerk", "seal_keeper"]}).text)
    password = page.xpath('//*[@id="password"]')[0].text_content()
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("mals", password)).stage is sign_in.Stage.PASSWORD
    assert password not in admin.get(there).text
    admin.send(f"{there}/close")
    assert "已停办" in words(admin.see(there))
    assert office(cast, "S64042201").closed


def test_what_an_office_prints_is_set_and_cleared(cast: Cast, admin: Browser) -> None:
    given = {"name": "吉强镇人民政府", "full_name": "西吉县吉强镇人民政府", "organ_code": "演示吉政", "contact": "", "phone": "09542000009"}
    assert admin.send(f"/admin/offices/{TOWNSHIP}/settings", given).status_code == 303
    found = office(cast, TOWNSHIP)
    assert (found.organ_code, found.contact, found.phone) == ("演示吉政", "", "0954-2000009")
    wrong = admin.send(f"/admin/offices/{TOWNSHIP}/settings", given | {"phone": "电话", "full_name": ""})
    assert wrong.status_code == 422
    assert office(cast, TOWNSHIP).full_name == "西吉县吉强镇人民政府"


def test_a_school_with_pupils_is_not_closed(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("enrolled")
    answer = browse("admin", cast).send(f"/admin/offices/{SCHOOL}/close")
    assert answer.status_code == 422
    assert "还有在校学生" in answer.text
    assert not office(cast, SCHOOL).closed


def test_a_search_finds_by_name_role_and_state(cast: Cast, admin: Browser) -> None:
    admin.send(f"/admin/accounts/{cast.second.account_id}/disable")
    for asked, found in (({"q": "苏干事"}, 1), ({"role": "principal"}, 1), ({"state": "off"}, 1), ({"q": "没有"}, 0)):
        page = html.fromstring(admin.send("/admin/accounts", asked).text)
        assert len(page.xpath("//tbody/tr")) == found, asked


def test_roles_are_changed_and_none_at_all_is_refused(cast: Cast, admin: Browser) -> None:
    there = f"/admin/accounts/{cast.second.account_id}"
    none = admin.send(there, {"name": "演示苏干事"})
    assert none.status_code == 422
    assert "至少给一个角色" in none.text
    assert admin.send(there, {"name": "演示苏干事", "roles": ["principal"]}).status_code == 422
    assert admin.send(there, {"name": "演示苏干事", "roles": ["nonsense"]}).status_code == 422
    assert admin.send(there, {"name": "演示苏干事", "roles": ["auditor"]}).status_code == 303
    with cast.desk.register.reading() as db:
        found = accounts.find(db, cast.second.account_id)
    assert found is not None
    assert [each.value for each in found.roles] == ["auditor"]


def test_a_workbook_is_looked_at_confirmed_and_its_passwords_handed_out_once(cast: Cast, admin: Browser) -> None:
    template = admin.get("/admin/import/template.xlsx")
    made = openpyxl.load_workbook(io.BytesIO(template.data))
    for name, lines in GOOD.items():
        for line in lines:
            made[name].append(line)
    out = io.BytesIO()
    made.save(out)
    looked = admin.send("/admin/import", {"file": (io.BytesIO(out.getvalue()), "单位.xlsx")})
    assert looked.status_code == 200, looked.text
    assert office_missing(cast)
    hidden = {each.get("name"): each.get("value") for each in html.fromstring(looked.text).xpath(
        '//form[@action="/admin/import/confirm"]//input[@type="hidden"]')}
    assert admin.send("/admin/import/confirm", {**hidden, "seen": "0" * 64}).status_code == 422
    done = html.fromstring(admin.client.post("/admin/import/confirm", data=hidden).text)
    password = done.xpath("//tbody/tr/td")[-1].text_content()
    handed = done.xpath('//input[@name="handed"]/@value')[0]
    sheet = admin.send("/admin/import/passwords", {"handed": handed})
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(sheet.data)).worksheets[0]]
    assert rows[-1] == ["西吉县演示二中", "演示马老师", "mals", password]
    assert password not in str([each for each in cast.desk.settings.instance.rglob("*") if each.is_file()
                                and password.encode() in each.read_bytes()])
    cast.clock.move_to(cast.clock.now().replace(minute=cast.clock.now().minute + 31))
    assert admin.send("/admin/import/passwords", {"handed": handed}).status_code == 422


def office_missing(cast: Cast) -> bool:
    with cast.desk.register.reading() as db:
        return offices.find_code(db, "S64042201") is None


def test_a_workbook_of_another_person_is_not_confirmed(browse: Callable[..., Browser], admin: Browser) -> None:
    empty = admin.get("/admin/import/template.xlsx").data
    looked = html.fromstring(admin.send("/admin/import", {"file": (io.BytesIO(empty), "单位.xlsx")}).text)
    assert not looked.xpath('//form[@action="/admin/import/confirm"]'), "nothing to confirm in an empty one"
    assert browse("city_admin").send("/admin/import/confirm", {"workbook": "x", "seen": ""}).status_code == 422


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"x" * (1 << 21)])
def test_a_file_that_is_no_workbook_is_refused_in_chinese(admin: Browser, data: bytes) -> None:
    answer = admin.send("/admin/import", {"file": (io.BytesIO(data), "单位.xlsx")})
    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath('//*[@id="wrong"]')
