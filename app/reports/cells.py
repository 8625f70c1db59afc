"""Text in a workbook: never a formula, never a number, never a character that no workbook takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 knows no way to write (its section 2.2); openpyxl refuses the whole book for one of them."""


def legible(text: str) -> str:
    """The text as a workbook can hold it: one bad character in one old row does not close the book for everybody."""
    return _NOT_IN_XML.sub("", text)


def as_text(cell: Cell | MergedCell) -> None:
    """Keep the cell text, also after it was edited and saved by a spreadsheet program."""
    cell.data_type = "s"  # openpyxl makes a formula of whatever begins with =
    cell.number_format = "@"
    cell.quotePrefix = True
