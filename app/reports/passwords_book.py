"""The first passwords of an import as a sheet to cut into strips and hand out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from app.reports.cells import as_text, legible

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = ("单位", "姓名", "账号", "初始口令")
WIDTHS = (34, 14, 22, 22)
NOTE = "请当面交给本人；首次登录须换成自己的口令。交完请删去本文件。"


class Line(Protocol):
    """One person's line."""

    @property
    def office(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def password(self) -> str: ...


def passwords_book(handed: Sequence[Line]) -> bytes:
    """An xlsx with one row for each person; every cell is text, whatever it begins with."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  (a new workbook has one sheet)
    sheet.title = "初始口令"
    sheet.append([NOTE])
    sheet.append(list(HEAD))
    for each in handed:
        sheet.append([legible(text) for text in (each.office, each.name, each.login, each.password)])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            as_text(cell)
            cell.alignment = Alignment(vertical="center")
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCD", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
