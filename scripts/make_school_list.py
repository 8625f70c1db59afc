"""Writes app/templates_xlsx/school_list.xlsx: the list in which a school hands in its pupils.

The same call gives the same bytes, so that a difference in the kept file is a difference in this script.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.intake.school_list import COLUMNS, EXAMPLE, NEEDED, RELATIONS  # noqa: E402  (the folder of the code is known by now)
from scripts.make_offices_workbook import still  # noqa: E402  (as above)

TARGET = ROOT / "app/templates_xlsx/school_list.xlsx"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
NOTE = ("一行一名学生，带 * 的必填。号码列是文本格式，请不要改成数字。没有身份证号的学生空着身份证号，填性别和出生日期"
        "（写成2014-03-15）；有身份证号的不用填。户籍地址、监护人住址空着的，按现住址登记。学校代码只有县里导入几所学校时才填。")
EXAMPLES = {
    "name": "示例马小燕", "id_number": "640499201103150022", "student_status_no": "G640499201103150022",
    "grade": "八年级", "class_name": "（2）班", "township": "吉强镇", "village": "演示村",
    "home_address": "演示村一组（演示）", "guardian1_name": "演示马明远", "guardian1_relation": "父亲",
    "guardian1_id_number": "640499198506120019", "guardian1_phone": "13900000001"}
LISTS = {"sex": ("男", "女"), "grade": tuple(f"{word}年级" for word in "一二三四五六七八九"),
         "guardian1_relation": RELATIONS, "guardian2_relation": RELATIONS}
WIDE = {"id_number": 22, "student_status_no": 23, "home_address": 30, "hukou_address": 30}
ROWS = 5000


def workbook() -> bytes:
    """The list with its note, headings, example row and choices."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append([NOTE])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=12)
    sheet["A1"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 64
    sheet.append(["说明", *(f"{label}*" if name in NEEDED else label for name, label in COLUMNS.items())])
    sheet.append([EXAMPLE, *(EXAMPLES.get(name, "") for name in COLUMNS)])
    for cell in sheet[2]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
    for cell in sheet[3]:
        cell.font, cell.number_format = Font(italic=True, color="808080"), "@"
    for index, name in enumerate(("", *COLUMNS), 1):
        column = sheet.column_dimensions[sheet.cell(2, index).column_letter]
        column.width, column.number_format = WIDE.get(name.rpartition("guardian1_")[2], 16), "@"
        if name in LISTS:
            choice = DataValidation(type="list", formula1=f'"{",".join(LISTS[name])}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{sheet.cell(2, index).column_letter}4:{sheet.cell(2, index).column_letter}{ROWS}")
    sheet.freeze_panes = "C3"
    book.properties.creator, book.properties.created, book.properties.modified = "返校", MADE, MADE
    out = io.BytesIO()
    book.save(out)
    return still(out.getvalue())


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(workbook())
    print(f"{TARGET.relative_to(ROOT)} 已写好")
