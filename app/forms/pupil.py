"""The sheet of a pupil and the guardians. Sex and birth date are read from the ID number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forms.sheet import Sheet
from app.papers.catalogue.common import GRADES
from app.papers.kinds import Choice, Group, IdNumber, PersonName, Phone, Rows, StudentNo, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.papers.kinds import Raw

RELATIONS = {each: each for each in (
    "父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母", "兄", "姐", "其他监护人")}
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
            IdNumber(name="id_number", label="身份证号", hint="性别和出生日期由身份证号带出，不另填。"),
            StudentNo(name="student_status_no", label="学籍号", hint="1个字母加18位，如G开头。"),
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
