"""Writes app/templates_xlsx/offices.xlsx: the workbook in which schools, classes, villages and accounts are handed in.

The same call gives the same bytes, so that a difference in the kept file is a difference in this script.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.actions.office_sheets import COLUMNS, EXAMPLE  # noqa: E402  (the folder of the code is known by now)
from app.law.offices import Role  # noqa: E402  (as above)

TARGET = ROOT / "app/templates_xlsx/offices.xlsx"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
NOTES = {
    "学校": ("乡镇（街道）填名称或代码，重名的写明县（区），例如：西吉县吉强镇。"
             "代码相同的学校只更新名称和联系人，不重复增加。"),
    "班级": "学校填代码或全称，可以是“学校”表里刚填的。年级填：一年级至九年级。",
    "村": "一行一个村（社区）。已有的不重复增加。",
    "账号": "账号用小写字母、数字，不要用身份证号。单位填名称或代码。几个角色用“、”隔开。已有的账号不会改动。",
}
EXAMPLES = {
    "学校": ("S640422001", "西吉县演示中学", "西吉县吉强镇", "西吉县演示中学", "演示马老师", "0954-2000001"),
    "班级": ("S640422001", "八年级", "（2）班"),
    "村": ("西吉县吉强镇", "演示村"),
    "账号": ("yanshima", "演示马老师", "S640422001", "学校文书、印章管理员", ""),
}
ROLES_NOTE = "角色可填：" + "、".join(each.label for each in Role) + "。"
WIDE = 20


def workbook() -> bytes:
    """The workbook with its sheets, notes and example rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns in COLUMNS.items():
        sheet = book.create_sheet(name)
        sheet.append([NOTES[name] + (ROLES_NOTE if name == "账号" else "")])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns) + 1)
        sheet["A1"].alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[1].height = 64
        sheet.append(["说明", *(f"{heading}*" if must else heading for heading, must in columns.values())])
        sheet.append([EXAMPLE + "（本行不导入）", *EXAMPLES[name]])
        for cell in sheet[2]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6F0")
        for cell in sheet[3]:
            cell.font = Font(italic=True, color="808080")
        for index in range(1, len(columns) + 2):
            letter = sheet.cell(2, index).column_letter
            sheet.column_dimensions[letter].width = WIDE
            sheet.column_dimensions[letter].number_format = "@"
        sheet.freeze_panes = "B3"
    grades = ",".join(f"{word}年级" for word in "一二三四五六七八九")
    choice = DataValidation(type="list", formula1=f'"{grades}"', allow_blank=True)
    book["班级"].add_data_validation(choice)
    choice.add("C4:C2000")
    book.properties.creator, book.properties.created, book.properties.modified = "返校", MADE, MADE
    out = io.BytesIO()
    book.save(out)
    return still(out.getvalue())


def still(data: bytes) -> bytes:
    """The same archive with the moment of its making taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", content)
            made.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(workbook())
    print(f"{TARGET.relative_to(ROOT)} 已写好")
