"""What a school's report says: 《未成年人保护法》第二十八条第二款."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.errors import Problem
from app.law import dropout
from app.law.deadlines import chinese_date
from app.law.statutes import chinese_number
from app.papers.catalogue.common import ABSENCE, day, parties, rows, student_line_aged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.law.lawbook import Lawbook
    from app.papers.kinds import Printable, Raw, Value, Values

RULES = "《固原市建立义务教育控辍保学长效机制实施办法》（固政办发〔2021〕28号）"
REPORTED = {dropout.AbsenceState.SUSPECTED.value, dropout.AbsenceState.DROPOUT.value}
LEAVE = {"none": "未请假", "expired": "请假期满未返校", "refused": "请假未获批准"}


def report_texts(values: Values, lawbook: Lawbook) -> Mapping[str, Printable]:
    """The sentences of the report that nobody types; the child's name stands in the text, never in the headline."""
    state = ABSENCE[str(values["absence"])]
    note = values.get("absence_note")
    return {
        "headline": f"关于1名学生{state}情况的报告",
        "recipients": f"{values['recipient_township']}、{values['recipient_bureau']}",
        "basis_label": f"{lawbook.statutes.cite('未成年人保护法', 28, 2).label}和{RULES}",
        "student_line": student_line_aged(values),
        "actions": tuple(
            {name: str(row[name]) for name in ("by", "method", "result")}
            | {"no": chinese_number(number), "date": _on(row["date"])}
            for number, row in enumerate(rows(values, "actions"), 1)),
        "parties": parties(values),
        "absence_line": f"该生自{day(values, 'first_absent_date')}起未到校，{LEAVE[str(values['leave_status'])]}，"
                        f"截至{day(values, 'issue_date')}仍未返校。{note or ''}",
    }


def report_problems(values: Values, lawbook: Lawbook) -> Iterator[Problem]:
    """The child is suspected at least; persuasion comes between the first day of absence and the report."""
    first, issued = values["first_absent_date"], values["issue_date"]
    assert isinstance(first, date)  # noqa: S101  (both are required days)
    assert isinstance(issued, date)  # noqa: S101
    if issued < first:
        yield Problem("issue_date", f"成文日期早于首次缺课日{chinese_date(first)}。", "请核对日期。")
    elif values["absence"] not in REPORTED:
        yield Problem("absence", "尚未列为疑似辍学或者辍学，不作本报告。", _when(values, lawbook))
    for index, row in enumerate(rows(values, "actions")):
        done = row["date"]
        if isinstance(done, date) and not first <= done <= issued:
            between = f"{chinese_date(first)}至{chinese_date(issued)}"
            yield Problem(f"actions.{index}.date", f"第{index + 1}项措施的日期应在{between}之间。", "请核对日期。")


def _when(values: Values, lawbook: Lawbook) -> str:
    first, issued = values["first_absent_date"], values["issue_date"]
    assert isinstance(first, date)  # noqa: S101  (both are required days)
    assert isinstance(issued, date)  # noqa: S101
    suspected = dropout.absence(first, issued, vacations=lawbook.vacations).suspected_on
    if suspected is None or suspected <= issued:
        return "学生已返校的，不需要报告。"
    return f"持续缺课的，{chinese_date(suspected)}列为疑似辍学，届时再报告；此前请联系、劝返。"


def _on(value: Value) -> str:
    return chinese_date(value) if isinstance(value, date) else ""


def opinion_proposed(values: Values) -> Raw:
    """What the law lets a school ask for, and no more."""
    name = values.get("student_name") or "该生"
    return f"我校已依法登记并劝返，{name}至今未返校。现书面报告，请依法处理。我校将继续做好劝返和返校后的帮扶工作。"
