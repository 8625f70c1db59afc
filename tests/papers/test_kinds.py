"""Each kind of field reads what it should, says in Chinese what is wrong, and shows what a template may see."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.papers.kinds import (
    Choice,
    Day,
    Field,
    FieldRefused,
    Flag,
    IdNumber,
    LongText,
    Moment,
    PersonName,
    Phone,
    Rows,
    StudentNo,
    Text,
    Whole,
)

CHILD = "640499201103150022"
TEXT = Text(name="place", label="地点", max_length=5)
ROWS = Rows(name="officers", label="执法人员", least=2, most=3, row_label="人", columns=(
    PersonName(name="name", label="姓名"), Text(name="cert_no", label="执法证号", required=False)))


@pytest.mark.parametrize(("field", "raw", "value", "shown"), [
    (TEXT, "  村部 ", "村部", "村部"),
    (LongText(name="t", label="事实"), "一\r\n\r\n 二 ", "一\n二",
     ({"text": "一", "first": True}, {"text": "二", "first": False})),
    (PersonName(name="n", label="姓名"), "阿卜杜•热合曼", "阿卜杜·热合曼", "阿卜杜·热合曼"),
    (IdNumber(name="i", label="身份证号"), CHILD, CHILD, "640499********0022"),
    (StudentNo(name="s", label="学籍号"), f"g{CHILD}", f"G{CHILD}", "G640499********0022"),
    (Phone(name="p", label="电话"), "0954-2012345", "0954-2012345", "0954-2012345"),
    (Day(name="d", label="日期"), "2026-09-08", date(2026, 9, 8), "2026年9月8日"),
    (Moment(name="m", label="时间"), "2026-09-18T15:30", datetime(2026, 9, 18, 15, 30), "2026年9月18日15时30分"),  # noqa: DTZ001
    (Whole(name="w", label="期限", least=3, most=15), "7", 7, "7"),
    (Whole(name="w", label="期限", least=3, most=15), 7, 7, "7"),
    (Choice(name="c", label="年级", options={"8": "八年级"}), 8, "8", "八年级"),
    (Flag(name="f", label="已告知"), "on", True, True),
    (Flag(name="f", label="已告知"), None, False, False),
])
def test_a_field_reads_and_shows(field: Field, raw: object, value: object, shown: object) -> None:
    assert field.parse(raw) == value  # type: ignore[arg-type]
    assert field.show(field.parse(raw)) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(("field", "raw", "part"), [
    (TEXT, "", "请填写地点"),
    (TEXT, "   ", "请填写地点"),
    (TEXT, "一二三四五六", "最多5字，现有6字"),
    (TEXT, "村\n部", "换行符"),
    (TEXT, True, "应是文字"),
    (TEXT, ["村部"], "应是文字"),
    (PersonName(name="n", label="姓名"), "马", "姓名"),
    (IdNumber(name="i", label="身份证号"), "640499201103150023", "校验码"),
    (Day(name="d", label="日期"), "2026-02-30", "2026-09-18 的样子"),
    (Moment(name="m", label="时间"), "2026-09-18", "15:30 的样子"),
    (Moment(name="m", label="时间"), "2026-09-18T15:30+08:00", "15:30 的样子"),
    (Whole(name="w", label="期限", least=3, most=15, unit="日"), 16, "应在3到15日之间"),
    (Whole(name="w", label="期限"), "七", "应是整数"),
    (Choice(name="c", label="方式", options={"home": "入户"}), "other", "请从入户中选一项"),
    (Flag(name="f", label="已告知", must="请先告知权利。"), False, "请先告知权利"),
    (ROWS, [{"name": "王海峰"}], "至少填2人"),
    (ROWS, [{"name": "王海峰"}] * 4, "最多3人"),
])
def test_a_field_says_what_is_wrong(field: Field, raw: object, part: str) -> None:
    with pytest.raises(FieldRefused, match=part) as refused:
        field.parse(raw)  # type: ignore[arg-type]
    assert refused.value.problems[0].where == field.name


def test_rows_name_the_row_and_its_column() -> None:
    with pytest.raises(FieldRefused) as refused:
        ROWS.parse([{"name": "王海峰"}, {"name": "", "cert_no": "1", "post": "所长"}])
    assert [each.where for each in refused.value.problems] == ["officers.1.post", "officers.1.name"]
    assert refused.value.problems[1].message == "执法人员第2人，请填写姓名。"


def test_empty_rows_of_a_form_are_no_rows() -> None:
    assert ROWS.parse([{"name": "王海峰"}, {"name": "", "cert_no": ""}, {"name": "李云霞"}]) == (
        {"name": "王海峰", "cert_no": None}, {"name": "李云霞", "cert_no": None})


def test_rows_are_numbered_and_number_columns_are_masked() -> None:
    field = Rows(name="guardians", label="监护人", columns=(IdNumber(name="id_number", label="身份证号"),))
    assert field.show(field.parse([{"id_number": CHILD}])) == ({"no": "1", "id_number": "640499********0022"},)


def test_what_is_empty_prints_its_own_words() -> None:
    assert Text(name="doc_no", label="文号", required=False, when_empty="（待编号）").show(None) == "（待编号）"
    assert Day(name="d", label="日期", required=False).show(None) == ""
