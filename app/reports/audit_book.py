"""The audit lines as a workbook: text in every cell, so that nothing in it is ever counted as a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from app.reports.cells import as_text, legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell import Cell

WIDTHS = (9, 20, 14, 26, 18, 40, 24)


def workbook(head: Sequence[str], rows: Iterable[Sequence[str]], *, sheet_name: str = "留痕",
             widths: Sequence[int] = WIDTHS) -> bytes:
    """One sheet with a fixed head; each row has as many texts as `head`."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths[:len(head)]):
        sheet.column_dimensions[chr(ord("A") + number)].width = width

    def cell(text: str, *, bold: bool = False) -> Cell:
        made: Cell = WriteOnlyCell(sheet, value=legible(text))
        as_text(made)
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(text, bold=True) for text in head])
    for row in rows:
        sheet.append([cell(text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
