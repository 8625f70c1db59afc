"""The ledger as a workbook: every cell is text, so that no value is ever taken for a formula or loses a digit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from app.reports.cells import as_text, legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet


def workbook(title: str, headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> bytes:
    """An xlsx of one sheet. `headings`: each column's words and its width in characters."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number, (_, width) in enumerate(headings, 1):
        sheet.column_dimensions[_letter(number)].width = width
    sheet.append([_cell(sheet, words, head=True) for words, _ in headings])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: WriteOnlyWorksheet, text: str, *, head: bool = False) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, legible(text))
    as_text(cell)
    if head:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center")
    return cell


def _letter(number: int) -> str:
    return chr(64 + number)
