"""What stands in a register already does not close its workbook; no cell ever becomes a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from app.reports import audit_book, ledger, passwords_book, register_book
from app.web.admin_import import Handed

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = len(register_book.HEADINGS)
BOOKS: dict[str, Callable[[str], bytes]] = {
    "ledger": lambda text: ledger.workbook("学生台账", [("列", 9)], [[text]]),
    "audit": lambda text: audit_book.workbook(["列"], [[text]]),
    "register": lambda text: register_book.workbook(
        "演示", "2026年", [register_book.Line((text,) * WIDE)], [text]),
    "passwords": lambda text: passwords_book.passwords_book([Handed(text, text, text, text)]),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_bad_character_of_an_old_row_is_left_out_and_a_formula_stays_text(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(BOOKS[name]("=1+1\x01\ufffe作废\ud800")))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1作废"]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)
