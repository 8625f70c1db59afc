"""A workbook of offices and people: every error at its cell, all of it or nothing, and twice the same is once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from app.actions import import_offices, office_sheets, sign_in
from app.errors import Refused
from app.intake import sheets
from app.records import accounts, offices, places
from scripts.make_offices_workbook import TARGET, workbook
from tests.actions.whole import changed, whole
from tests.people import OTHER_TOWNSHIP, SCHOOL, TOWNSHIP

if TYPE_CHECKING:
    from app.intake.sheets import SheetText
    from tests.people import Cast

GOOD = {
    "学校": [("", "S64042201", "西吉县演示二中", "西吉县吉强镇", "", "演示马老师", "0954-2000008")],
    "班级": [("", "西吉县演示二中", "七年级", "（1）班"), ("", SCHOOL, "8", "（2）班")],
    "村": [("", TOWNSHIP, "演示新村")],
    "账号": [("", "mals", "演示马老师", "S64042201", "学校文书、印章管理员", "")],
}


def book(rows: dict[str, list[tuple[str, ...]]]) -> tuple[SheetText, ...]:
    """The template with these rows, as it comes back from a spreadsheet programme."""
    made = openpyxl.load_workbook(TARGET)
    for name, lines in rows.items():
        for line in lines:
            made[name].append(line)
    out = io.BytesIO()
    made.save(out)
    return sheets.read(out.getvalue(), "单位.xlsx")


def look(cast: Cast, rows: dict[str, list[tuple[str, ...]]], login: str = "admin") -> import_offices.Plan:
    return import_offices.look_at_offices(cast.desk, cast.people[login], book(rows))


def test_the_template_is_what_its_script_writes() -> None:
    assert TARGET.read_bytes() == workbook()
    assert Path(TARGET).name == "offices.xlsx"


def test_the_examples_of_the_template_are_passed_over(cast: Cast) -> None:
    plan = look(cast, {})
    assert (plan.count, plan.unchanged, plan.problems) == (0, 0, [])


def test_all_of_it_comes_in_and_the_same_again_changes_nothing(cast: Cast) -> None:
    admin, found = cast.people["admin"], book(GOOD)
    plan = import_offices.look_at_offices(cast.desk, admin, found)
    assert plan.problems == []
    handed = import_offices.import_offices(cast.desk, admin, found, plan.fingerprint)
    with cast.desk.register.reading() as db:
        school = offices.load_code(db, "S64042201")
        assert (school.name, school.contact, school.phone) == ("西吉县演示二中", "演示马老师", "0954-2000008")
        assert [each.name for each in places.classes_of(db, school.id)] == ["（1）班"]
        assert "演示新村" in places.villages_of(db, offices.load_code(db, TOWNSHIP).id)
    assert sign_in.sign_in(cast.desk, sign_in.SignIn("mals", handed[0].password)).stage is sign_in.Stage.PASSWORD
    again = import_offices.look_at_offices(cast.desk, admin, found)
    assert (again.count, again.unchanged, again.problems) == (0, 5, [])
    with pytest.raises(Refused, match="没有要新增"):
        import_offices.import_offices(cast.desk, admin, found, again.fingerprint)


WRONG = [
    ("学校", ("", "S64042202", "演示三中", "没有镇", "", "", ""), "学校!D4", "没有这个乡镇"),
    ("学校", ("", "S64042202", "演示三中", OTHER_TOWNSHIP, "", "", ""), "学校!D4", "没有这个乡镇"),
    ("学校", ("", "S-64042202", "演示三中", TOWNSHIP, "", "", ""), "学校!B4", "只用字母和数字"),
    ("学校", ("", "S64042202", "", TOWNSHIP, "", "", ""), "学校!C4", "请填写学校名称"),
    ("学校", ("", "S64042202", "演示三中", TOWNSHIP, "", "", "电话"), "学校!G4", "电话号码"),
    ("学校", ("", "YS640425001", "演示三中", TOWNSHIP, "", "", ""), "学校!B4", "已经用了"),
    ("班级", ("", "没有学校", "八年级", "（1）班"), "班级!B4", "没有这个学校"),
    ("班级", ("", SCHOOL, "十年级", "（1）班"), "班级!C4", "一到九年级"),
    ("村", ("", SCHOOL, "演示村"), "村!B4", "没有这个乡镇"),
    ("账号", ("", "马老师", "演示马老师", SCHOOL, "学校文书", ""), "账号!B4", "账号名只能"),
    ("账号", ("", "mals", "演示马老师", SCHOOL, "乡镇领导", ""), "账号!E4", "不能放在"),
    ("账号", ("", "mals", "演示马老师", SCHOOL, "老师", ""), "账号!E4", "没有“老师”这个角色"),
    ("账号", ("", "mals", "演示马老师", "640400", "审计员", ""), "账号!D4", "没有这个单位"),
    ("账号", ("", "clerk", "演示别人", TOWNSHIP, "乡镇干部", ""), "账号!B4", "已经有了"),
]


@pytest.mark.parametrize(("sheet", "line", "where", "told"), WRONG)
def test_an_error_is_named_with_its_cell_and_nothing_comes_in(
        cast: Cast, sheet: str, line: tuple[str, ...], where: str, told: str) -> None:
    found = book({"学校": GOOD["学校"], sheet: [line]})
    plan = import_offices.look_at_offices(cast.desk, cast.people["admin"], found)
    assert [(each.where, told in each.message) for each in plan.problems] == [(where, True)]
    before = whole(cast.desk)
    with pytest.raises(Refused, match="没有导入"):
        import_offices.import_offices(cast.desk, cast.people["admin"], found, plan.fingerprint)
    assert changed(before, whole(cast.desk)) == set()


def test_a_name_that_several_townships_bear_has_to_be_told_apart(cast: Cast) -> None:
    names = offices.offices.c.area_name
    with cast.desk.change() as db:
        db.execute(offices.offices.update().where(offices.offices.c.code == "640422101").values(area_name="吉强镇"))
        assert len(db.execute(offices.offices.select().where(names == "吉强镇")).all()) == 2
    assert "有2个" in look(cast, {"村": [("", "吉强镇", "演示新村")]}).problems[0].message
    assert look(cast, {"村": [("", TOWNSHIP, "演示新村")]}).problems == []


def test_what_is_confirmed_is_what_was_shown(cast: Cast) -> None:
    admin, found = cast.people["admin"], book(GOOD)
    plan = import_offices.look_at_offices(cast.desk, admin, found)
    with cast.desk.change() as db:
        places.add_village(db, offices.load_code(db, TOWNSHIP).id, "演示新村")
    before = whole(cast.desk)
    with pytest.raises(Refused, match="有了变化"):
        import_offices.import_offices(cast.desk, admin, found, plan.fingerprint)
    assert changed(before, whole(cast.desk)) == set()


def test_whoever_is_no_administrator_cannot_even_look(cast: Cast) -> None:
    for login in ("clerk", "leader", "bureau", "principal"):
        with pytest.raises(Refused, match="不能办理"):
            look(cast, GOOD, login)


def test_a_number_of_which_a_spreadsheet_lost_digits_is_refused() -> None:
    sheet = sheets.SheetText("村", hidden=False, rows=(("乡镇（街道）", "村（社区）"), ("6.4E+17", "演示村")),
                             flaws={(1, 0): "按数字保存"})
    rows, problems = office_sheets.rows_of([sheet])
    assert (rows, [each.where for each in problems]) == ([], ["村!A2"])


def test_no_account_is_there_before_the_workbook_is_confirmed(cast: Cast) -> None:
    look(cast, GOOD)
    with cast.desk.register.reading() as db:
        assert "mals" not in accounts.logins(db)
