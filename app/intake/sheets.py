"""Reads an uploaded xlsx: as text, sheet by sheet, opened by a program of its own with limits (app/intake/workbook.py).

A value is never guessed: a number that lost digits, a formula without result, an error value come with their cell and
what to do, and whoever imports refuses the cell.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import Refused
from app.intake import workbook
from app.outside import child

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 20 << 20
LIMITS = child.Limits(memory=1 << 30, cpu=20, file_size=0, wall=40)
PROGRAM = (sys.executable, "-I", str(Path(workbook.__file__)))
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = {b"%PDF-": "PDF", b"\xff\xd8\xff": "图片", b"\x89PNG": "图片", b"<": "网页或 XML", b"{\\rtf": "RTF"}
BROKEN = "已损坏或不完整，或者过于复杂，打不开。"
BROKEN_ADVICE = f"请在表格软件里打开核对，只留名单；{workbook.SAVE_AS}"


@dataclass(frozen=True)
class SheetText:
    """One sheet. Cells are text as it stands, "" where there is none; `rows[0][0]` is A1; rows end where text ends.

    Whole numbers are without ".0", dates ISO (2011-03-15, or 2011-03-15 08:30).
    """

    name: str
    hidden: bool
    rows: tuple[tuple[str, ...], ...]
    flaws: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Cells whose text is not what was meant, by row and column from 0, each with what to do: never take them."""

    def value(self, row: int, column: int) -> str:
        """The text of a cell, "" outside of what is written."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    def cell(self, row: int, column: int) -> str:
        """How people call a cell: 名单!D7."""
        return f"{self.name}!{workbook.letters(column)}{row + 1}"


def read(data: bytes, name: str) -> tuple[SheetText, ...]:
    """The sheets of an xlsx, in their order, hidden ones too.

    Args:
        data: the whole file, 20 MB at most.
        name: the user's name for it; only ever used in messages.

    Raises:
        Refused: anything but one sound workbook within the limits; says where and what to do.
    """
    shown = "".join(each for each in name if each.isprintable())[-60:]
    _require_xlsx(data, shown)
    done = child.run(PROGRAM, stdin=data, limits=LIMITS)
    try:
        answer = json.loads(done.out)
    except ValueError:
        raise Refused(f"“{shown}”{BROKEN}", where="file", advice=BROKEN_ADVICE) from None
    return _sheets(answer, shown)


def _require_xlsx(data: bytes, shown: str) -> None:
    if not data:
        raise Refused(f"“{shown}”是空文件。", where="file", advice="请重新选择文件。")
    if len(data) > LARGEST:
        raise Refused(f"“{shown}”超过 20 MB。", where="file", advice="请删去图片和多余的工作表，或分成几个文件。")
    if data.startswith(OLE):
        raise Refused(f"“{shown}”是加密的，或是旧格式（.xls）。", where="file",
                      advice="请取消打开密码，另存为 .xlsx 后再上传。")
    if not data.startswith(ZIP):
        kind = next((f"，而是{kind}" for magic, kind in OTHERS.items() if data.lstrip().startswith(magic)), "")
        raise Refused(f"“{shown}”不是 Excel 工作簿（.xlsx）{kind}。", where="file",
                      advice=f"改文件后缀名不起作用；{workbook.SAVE_AS}")


def _sheets(answer: dict[str, Any], shown: str) -> tuple[SheetText, ...]:
    if "refused" in answer:
        what, where, advice = answer["refused"]
        place = f"（{where}）" if where else ""
        raise Refused(f"“{shown}”{place}{what}", where="file", advice=advice)
    return tuple(SheetText(each["name"], each["hidden"], tuple(map(tuple, each["rows"])),
                           {(row, column): flaw for row, column, flaw in each["flaws"]}) for each in answer["sheets"])
