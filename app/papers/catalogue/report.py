"""What a school's report says: 《未成年人保护法》第二十八条第二款."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.errors import Problem
from app.law.deadlines import chinese_date
from app.papers.catalogue.common import ABSENCE, day, parties, rows, student_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.law.lawbook import Lawbook
    from app.papers.kinds import Printable, Raw, Values

LEAVE = {"none": "未请假", "expired": "请假期满未返校", "refused": "请假未获批准"}


def report_texts(values: Values, lawbook: Lawbook) -> Mapping[str, Printable]:
    """The sentences of the report that nobody types; the child's name stands in the text, never in the headline."""
    state = ABSENCE[str(values["absence"])]
    note = values.get("absence_note")
    return {
        "headline": f"关于1名学生{state}情况的报告",
        "recipients": f"{values['recipient_township']}、{values['recipient_bureau']}",
        "basis_label": lawbook.statutes.cite("未成年人保护法", 28, 2).label,
        "student_line": student_line(values),
        "parties": parties(values),
        "absence_line": f"该生自{day(values, 'first_absent_date')}起未到校，{LEAVE[str(values['leave_status'])]}，"
                        f"截至{day(values, 'issue_date')}仍未返校。{note or ''}",
    }


def report_problems(values: Values, _lawbook: Lawbook) -> Iterator[Problem]:
    """Persuasion comes between the first day of absence and the report."""
    first, issued = values["first_absent_date"], values["issue_date"]
    assert isinstance(first, date)  # noqa: S101  (both are required days)
    assert isinstance(issued, date)  # noqa: S101
    if issued < first:
        yield Problem("issue_date", f"成文日期早于首次缺课日{chinese_date(first)}。", "请核对日期。")
    for index, row in enumerate(rows(values, "actions")):
        done = row["date"]
        if isinstance(done, date) and not first <= done <= issued:
            between = f"{chinese_date(first)}至{chinese_date(issued)}"
            yield Problem(f"actions.{index}.date", f"第{index + 1}项措施的日期应在{between}之间。", "请核对日期。")


def opinion_proposed(values: Values) -> Raw:
    """What the law lets a school ask for, and no more."""
    name = values.get("student_name") or "该生"
    return f"我校已依法登记并多次劝返，{name}至今未返校。现书面报告，请依法处理。我校将继续做好劝返和返校后的帮扶工作。"
