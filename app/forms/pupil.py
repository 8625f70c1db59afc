"""The sheet of a pupil and the guardians. Sex and birth date come from the ID number, or are typed without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import Problem
from app.forms.sheet import Sheet
from app.papers.catalogue.common import GRADES
from app.papers.kinds import Choice, Day, Group, IdNumber, PersonName, Phone, Rows, StudentNo, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.papers.kinds import Raw

RELATIONS = {each: each for each in (
    "父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母", "兄", "姐", "其他监护人")}
SEXES = {"男": "男", "女": "女"}
GUARDIANS = Rows(
    name="guardians", label="监护人", row_label="人", least=1, most=4,
    basis="《民法典》第二十七条",
    hint="法定监护人，通常是父母；替父母照看孩子的亲属填在“受托照护人”。",
    columns=(
        PersonName(name="name", label="姓名"),
        Choice(name="relation", label="与学生关系", options=RELATIONS),
        IdNumber(name="id_number", label="身份证号"),
        Phone(name="phone", label="电话"),
        Text(name="address", label="住址", max_length=60, hint="文书送达用，写到村组或门牌。"),
    ),
)


def groups(schools: Mapping[str, str], townships: Mapping[str, str]) -> tuple[Group, ...]:
    """The groups of the sheet; schools and townships are those the person may choose from (id → name)."""
    return (
        Group(title="学生", fields=(
            PersonName(name="name", label="姓名", hint="照户口簿填写；少数民族姓名中间用“·”。"),
            IdNumber(name="id_number", label="身份证号", required=False,
                     hint="性别和出生日期由身份证号带出，不另填；还没有身份证号的空着。"),
            StudentNo(name="student_status_no", label="学籍号", required=False,
                      hint="1个字母加18位：G正式、J无身份证、L临时；还没有的空着。"),
            Choice(name="sex", label="性别", options=SEXES, required=False, hint="没有身份证号时填。"),
            Day(name="birth_date", label="出生日期", required=False, hint="没有身份证号时填。"),
        )),
        Group(title="就读", fields=(
            Choice(name="school_id", label="学校", options=schools),
            Choice(name="grade", label="年级", options=GRADES),
            Text(name="class_name", label="班级", max_length=20, example="（2）班"),
        )),
        Group(title="住址", fields=(
            Choice(name="township_id", label="乡镇（街道）", options=townships,
                   hint="监护人现住地所属的乡镇，由它办理。"),
            Text(name="village", label="村（社区）", max_length=40),
            Text(name="home_address", label="现住址", max_length=60),
            Text(name="hukou_address", label="户籍地址", max_length=60),
            PersonName(name="caregiver", label="受托照护人", required=False, hint="没有就空着。"),
        )),
        Group(title="监护人", fields=(GUARDIANS,)),
    )


def pupil_form(schools: Mapping[str, str], townships: Mapping[str, str], data: Mapping[str, Raw] | None = None,
               given: Any = None) -> Sheet:
    """The sheet, empty, filled from the ledger (`data`) or from the browser (`given`)."""
    return Sheet(groups(schools, townships), data, given)


def complete(sheet: Sheet) -> bool:
    """Whether every value holds, and who has no ID number has sex and birth date; else the sheet says what is wrong."""
    if not sheet.check():
        return False
    values = sheet.values()
    missing = [] if values["id_number"] else [
        Problem(name, f"没有身份证号的学生，请填写{label}。")
        for name, label in (("sex", "性别"), ("birth_date", "出生日期")) if not values[name]]
    sheet.refuse(missing)
    return not missing
