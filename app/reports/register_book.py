"""The 发文登记簿 as a workbook that prints as a bound book: A4 across, heads repeated, void lines struck.

Every cell is text: a number that begins with = is never counted as a formula.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from app.reports.cells import as_text, legible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = (("文号", 27), ("题名", 22), ("成文日期", 11), ("拟稿", 12), ("签发人", 12), ("送达", 17), ("文件指纹", 15),
            ("备注", 32))
FACE = "仿宋_GB2312"
THIN, MEDIUM = Side(style="thin"), Side(style="medium")
HEAD_ROW = 3
LEAST_HEIGHT, LINE_HEIGHT = 26, 15
"""Points of a row and of a line in it."""
MM = 1 / 25.4
"""Inches in a millimetre, as margins are said."""


@dataclass(frozen=True)
class Line:
    """One line of the book, as many texts as `HEADINGS`."""

    texts: tuple[str, ...]
    void: bool = False


def workbook(title: str, period: str, lines: Sequence[Line], closing: Sequence[str]) -> bytes:
    """An xlsx of one sheet; `closing` are the lines of the gap check below the table."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  (a new book has one)
    sheet.title = "发文登记簿"
    _head(sheet, title, period)
    for number, line in enumerate(lines, HEAD_ROW + 1):
        for column, text in enumerate(line.texts, 1):
            _write(sheet, number, column, text, strike=line.void and column < len(HEADINGS))
        sheet.row_dimensions[number].height = _height(line)
    for number, text in enumerate(closing, HEAD_ROW + len(lines) + 2):
        _write(sheet, number, 1, text, plain=True)
    _lay_out(sheet, title, period)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _height(line: Line) -> float:
    """Points for the cell with the most lines; LibreOffice does not find them itself when it prints an xlsx."""
    most = max(math.ceil(sum(1 if letter.isascii() else 2 for letter in text) / (width - 2))
               for text, (_, width) in zip(line.texts, HEADINGS, strict=True))
    return max(LEAST_HEIGHT, most * LINE_HEIGHT + 6)


def _head(sheet: Worksheet, title: str, period: str) -> None:
    last = len(HEADINGS)
    for row, text, size in ((1, title, 18), (2, period, 12)):
        sheet.row_dimensions[row].height = size * 2
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
        _write(sheet, row, 1, text, plain=True)
        sheet.cell(row, 1).font = Font(name="方正小标宋简体" if row == 1 else FACE, size=size)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center", vertical="center")
    for column, (text, width) in enumerate(HEADINGS, 1):
        _write(sheet, HEAD_ROW, column, text)
        cell = sheet.cell(HEAD_ROW, column)
        cell.font = Font(name="黑体", size=11)
        cell.alignment = Alignment(horizontal="center", vertical="center")
        cell.border = Border(left=THIN, right=THIN, top=MEDIUM, bottom=MEDIUM)
        sheet.column_dimensions[get_column_letter(column)].width = width


def _write(sheet: Worksheet, row: int, column: int, text: str, *, strike: bool = False, plain: bool = False) -> None:
    cell = sheet.cell(row, column)
    cell.value = legible(text)
    as_text(cell)
    cell.font = Font(name=FACE, size=11, strike=strike)
    if not plain:
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def _lay_out(sheet: Worksheet, title: str, period: str) -> None:
    """A4 across, wider at the left edge where it is bound; office and year above, 第n页 共N页 below."""
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 25 * MM, 12 * MM, 20 * MM, 18 * MM
    margins.header = margins.footer = 9 * MM
    above, below = HeaderFooterItem(), HeaderFooterItem()
    above.right.text, below.center.text = f"{title.replace('&', '&&')}　{period}", "第&P页　共&N页"
    sheet.oddHeader, sheet.oddFooter = above, below
