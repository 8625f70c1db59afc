"""Fields that every paper of a case shares, and the wording that is composed from them.

LEDGER fields hold what the register knows of a case, CONFIG fields what the installation and the act of issuing know.
Raw forms: days YYYY-MM-DD, choices by code, rows as lists of mappings; an empty value may be left out.

Block P, the case (LEDGER)
    case_no            案件编号, GY-640422-2026-0007
    student_name       学生姓名
    sex                性别, 男 or 女
    id_number          公民身份号码, 18 characters; printed masked, always
    birth_date         出生日期
    student_status_no  学籍号, G, J or L and 18 characters; printed masked, always
    school             学校, full name
    grade              年级, 1 to 9
    class_name         班, e.g. （2）班
    home_address       现住址
    guardians          法定监护人, rows {name, relation, id_number, phone, address}: never a 受托照护人 (民法典27)
    first_absent_date  首次缺课日
    absence            未到校状态, a value of app.law.dropout.AbsenceState: suspected, dropout
    reason_code        未到校原因代码, A to T; steers, never printed

Steps done before (LEDGER, each the day it was done)
    reported_on        学校报告日
    admonished_on      批评教育日, the first if there were several
    heard              已批评教育的监护人, rows {name, date, organ}: records whose signed scan is in
    order_no           责令限期改正通知书文号
    order_date         责令限期改正通知书成文日期
    served_on          送达日 (the day on which the service took effect)
    deadline           改正期限届满日

Of one paper only (LEDGER)
    served_title, served_no, served_date, addressee, addressee_relation   the receipt, one for each guardian
    opened_on, closed_on, papers {title, doc_no, date, page, note}, paper_count, page_count   the file's index

Block D, the issue (CONFIG)
    organ_level        发文机关层级, school, township or county; steers
    organ              发文机关全称 as on the seal: 西吉县吉强镇人民政府
    doc_no             文号; empty in a draft, prints （待编号）
    issue_date         成文日期: the day of approval, of the draft until then
    approver           签发人; empty in a draft
    contact, phone     联系人、联系电话
    recipient_township, recipient_bureau   the two offices that a school reports to, full names
    county_area        县（区）: 西吉县, 原州区; names the organ of review
    court              受理行政诉讼的法院, if the installation knows better than 有管辖权的人民法院
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.errors import Problem
from app.law.deadlines import chinese_date
from app.law.dropout import AbsenceState
from app.law.identity import IdentityNumber, full_years
from app.papers.kinds import Choice, Day, IdNumber, PersonName, Phone, Rows, Source, Text

if TYPE_CHECKING:
    from app.law.statutes import Citation
    from app.papers.kinds import Value, Values

LEDGER, CONFIG = Source.LEDGER, Source.CONFIG
GRADES = {str(number): f"{word}年级" for number, word in enumerate("一二三四五六七八九", 1)}
ABSENCE = {state.value: state.label for state in AbsenceState}
LEVELS = {"school": "学校", "township": "乡镇", "county": "县（区）"}
TO_BE_NUMBERED = "（待编号）"

GUARDIANS = Rows(
    name="guardians", label="法定监护人", source=LEDGER, row_label="人", most=4, shown_in="parties",
    basis="《民法典》第二十七条；受托照护人不是监护人",
    columns=(
        PersonName(name="name", label="姓名"),
        Text(name="relation", label="与学生关系", max_length=10, example="父亲"),
        IdNumber(name="id_number", label="公民身份号码", required=False),
        Phone(name="phone", label="电话", required=False),
        Text(name="address", label="住址", required=False, max_length=60),
    ),
)
STUDENT = (
    PersonName(name="student_name", label="学生姓名", source=LEDGER, shown_in="student_line"),
    Choice(name="sex", label="性别", source=LEDGER, shown_in="student_line", options={"男": "男", "女": "女"}),
    Day(name="birth_date", label="出生日期", source=LEDGER, shown_in="student_line"),
    Text(name="school", label="学校", source=LEDGER, shown_in="student_line", max_length=40),
    Choice(name="grade", label="年级", source=LEDGER, shown_in="student_line", options=GRADES),
    Text(name="class_name", label="班级", source=LEDGER, shown_in="student_line", required=False, max_length=20),
    Text(name="home_address", label="现住址", source=LEDGER, shown_in="student_line", required=False, max_length=60),
)
HEARD = Rows(
    name="heard", label="已批评教育的监护人", source=LEDGER, required=False, row_label="人", most=20,
    basis="《义务教育法》第五十八条：先批评教育，再责令限期改正",
    columns=(
        PersonName(name="name", label="姓名"),
        Day(name="date", label="日期"),
        Text(name="organ", label="机关", required=False, max_length=40),
    ),
)
CASE_NO = Text(name="case_no", label="案件编号", source=LEDGER, max_length=24, example="GY-640422-2026-0007")
CASE = (CASE_NO, *STUDENT, GUARDIANS)
"""Block P as every paper of a case needs it, each guardian in a sentence of its own."""
CASE_UNNAMED = (replace(CASE_NO, printed=False), *STUDENT, GUARDIANS)
"""The same for a paper that leaves the house under its own number, without that of the case."""
CASE_AGED = tuple(replace(each, printed=False, shown_in="") if each.name == "birth_date" else each
                  for each in CASE_UNNAMED)
"""The same for a paper with the child's masked number: the day of birth would unmask it, so it gives the age."""
CASE_LISTED = (CASE_NO, *STUDENT, replace(GUARDIANS, shown_in="guardian_list"))
"""The same, the guardians in one line."""
CASE_OF_ONE = (CASE_NO, *STUDENT, replace(GUARDIANS, printed=False, shown_in=""))
"""The same for a record of one guardian, who is named in it."""
ORGAN = (
    Text(name="organ", label="发文机关", source=CONFIG, max_length=40),
    Choice(name="organ_level", label="发文机关层级", source=CONFIG, printed=False, options=LEVELS),
)
CONTACT = (
    PersonName(name="contact", label="联系人", source=CONFIG),
    Phone(name="phone", label="联系电话", source=CONFIG),
)
ISSUE = (
    *ORGAN,
    Text(name="doc_no", label="文号", source=CONFIG, required=False, when_empty=TO_BE_NUMBERED, max_length=40),
    Day(name="issue_date", label="成文日期", source=CONFIG),
)
"""Block D as every issued paper needs it, CONTACT apart."""
OFFICERS = Rows(
    name="officers", label="执法人员", least=2, most=4, row_label="人",
    basis="参照《行政处罚法》第四十二条、第五十五条：不少于两人，出示执法证件",
    columns=(
        PersonName(name="name", label="姓名"),
        Text(name="cert_no", label="执法证号", max_length=30, example="宁64042200123"),
    ),
)


def day(values: Values, name: str) -> str:
    """2026年9月7日, or nothing when the fact is not known yet."""
    value = values.get(name)
    return chinese_date(value) if isinstance(value, date) else ""


def rows(values: Values, name: str) -> tuple[Mapping[str, Value], ...]:
    """The rows of a list, none when it is not there."""
    value = values.get(name)
    return tuple(row for row in value if isinstance(row, Mapping)) if isinstance(value, tuple) else ()


def student_line(values: Values) -> str:
    """Who the child is, without a number that could be misused (law: elements of a paper)."""
    return _student_line(values, f"{day(values, 'birth_date')}出生")


def student_line_aged(values: Values) -> str:
    """The same with the age on the day of issue: beside a masked number the day of birth would unmask it."""
    return _student_line(values, f"{age(values)}周岁")


def age(values: Values) -> int:
    """The child's full years on the day of issue."""
    born, on = values["birth_date"], values["issue_date"]
    assert isinstance(born, date)  # noqa: S101  (both are required days)
    assert isinstance(on, date)  # noqa: S101
    return full_years(born, on)


def _student_line(values: Values, born: str) -> str:
    home = f"，现住{values['home_address']}" if values.get("home_address") else ""
    return (f"{values['student_name']}，{values['sex']}，{born}，{values['school']}"
            f"{GRADES[str(values['grade'])]}{values.get('class_name') or ''}学生{home}。")


def parties(values: Values) -> tuple[Mapping[str, str | bool], ...]:
    """A sentence for each guardian, who is the party (义务教育法第五十八条: 父母或者其他法定监护人)."""
    return tuple({"text": _party(row)} for row in rows(values, "guardians"))


def _party(row: Mapping[str, Value]) -> str:
    number = row.get("id_number")
    parts = [str(row["name"]), f"系学生的{row['relation']}"]
    if row.get("address"):
        parts.append(f"住{row['address']}")
    if isinstance(number, str):
        parts.append(f"公民身份号码{IdentityNumber.parse(number).masked}")
    return "，".join(parts) + "。"


def guardian_list(values: Values) -> str:
    """马明远（父）、海秀兰（母）."""
    return "、".join(f"{row['name']}（{row['relation']}）" for row in rows(values, "guardians"))


def guardian_names(values: Values) -> str:
    return "、".join(str(row["name"]) for row in rows(values, "guardians"))


def you(values: Values) -> str:
    """你 or 你们."""
    return "你们" if len(rows(values, "guardians")) > 1 else "你"


def named(*citations: Citation) -> str:
    """Labels one after another, the name of a law once: 《…义务教育法》第五条第二款、第十一条第一款."""
    labels, before = [], ""
    for citation in citations:
        law, _, place = citation.label.partition("》")
        labels.append(place if law == before else citation.label)
        before = law
    return "、".join(labels)


def two_different(values: Values) -> Iterator[Problem]:
    """Two officers are two people (行政处罚法第四十二条, by analogy)."""
    officers = rows(values, "officers")
    for name, words in (("name", "姓名"), ("cert_no", "执法证号")):
        if len({row[name] for row in officers}) < len(officers):
            yield Problem("officers", f"执法人员的{words}重复，应是两名以上不同的人。", "请核对执法人员。")
