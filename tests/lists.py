"""Lists of invented pupils as a school would send them up."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from app.intake.school_list import COLUMNS
from tests.people import identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBER = 64049920120101000


def pupil(number: int = 1, **changed: Any) -> dict[str, Any]:
    """A row by field: the pupil of this number, the father's ID number with it."""
    child, father = identity(f"6404992012{number // 900 + 101:04d}{number % 900 + 100}"), identity(f"6404991985{number // 900 + 101:04d}{number % 900 + 100}")
    return {
        "name": f"演示马{chr(0x4E00 + number)}", "id_number": str(child), "student_status_no": f"G{child}", "grade": "六年级",
        "class_name": "（1）班", "township": "吉强镇", "village": "演示村", "home_address": "演示村二组（演示）",
        "guardian1_name": "演示马大山", "guardian1_relation": "父亲", "guardian1_id_number": str(father),
        "guardian1_phone": "13900000002"} | changed


def listed(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str] = (), title: str = "名单") -> bytes:
    """The rows as a workbook: a title row above the headings, all columns in the shipped order unless `columns`."""
    names = list(columns or COLUMNS)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(["学生名单（演示）"])
    sheet.append([COLUMNS[name] for name in names])
    for row in rows:
        sheet.append([row.get(name) for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
