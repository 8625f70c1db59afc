"""Opens an xlsx from outside; run as a program of its own by `sheets`, with limits, and never inside the service.

The workbook comes on the input, one JSON object goes to the output: {"sheets": [...]}, or {"refused": [what, where,
advice]}. Nothing is unpacked before the archive's own list of members was found sound, and no cell is laid out before
a streaming look has found the sheet's size: one cell at XFD1048576 would ask for 17 thousand million others.
"""

from __future__ import annotations

import io
import json
import re
import stat
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MEMBERS, UNPACKED, PACKED_RATIO, SMALL = 2_000, 200 << 20, 100, 4 << 20
"""Bounds of the archive. Below SMALL bytes the ratio is not asked: empty styled rows pack a thousandfold."""
SHEETS, ROWS, COLUMNS, CHARACTERS = 20, 50_000, 64, 1_000
DEPTH = 64
EXACT = 10 ** 15
"""A spreadsheet keeps 15 digits of a number; an ID number typed as one has lost the rest."""
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SAVE_AS = "请在表格软件里“另存为”Excel 工作簿（.xlsx）后再上传。"
COPY_VALUES = "请新建一个工作簿，把名单“选择性粘贴”为数值后再上传。"
LOST = "按数字保存，15位以后的数字已经丢失；请把这一列设为“文本”格式，再照证件重新录入"
UNCALCULATED = "是公式，没有计算结果；请改成数值，或在表格软件里打开并保存后再上传"
ERROR_VALUE = "是公式的错误值；请改成正确的内容"
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+1[4-9]")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ACTIVE = ("xl/vbaproject", "xl/macrosheets/", "xl/externallinks/", "xl/activex/", "xl/embeddings/", "xl/ctrlprops/",
           "customui/", "xl/dialogsheets/")


Flaws = dict[tuple[int, int], str]
"""What is wrong with a cell, by row and column from 0."""


class UnsoundError(Exception):
    """The workbook is refused: what, where, advice."""


def main() -> None:
    """Read the input, answer on the output."""
    try:
        answer: dict[str, Any] = {"sheets": read(sys.stdin.buffer.read())}
    except UnsoundError as unsound:
        answer = {"refused": [str(each) for each in unsound.args]}
    sys.stdout.write(json.dumps(answer))


def read(data: bytes) -> list[dict[str, Any]]:
    """The sheets as plain values. Raises UnsoundError; whatever else is raised means a damaged file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = _sound_members(archive)
        _require_workbook(archive, members)
        seen = {name: _look(archive, member) for name, member in members.items() if _is_xml(name)}
        places = _sheet_places(archive, members)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(book.sheets_metadata) > SHEETS:
        raise UnsoundError(f"有{len(book.sheets_metadata)}张工作表，超过{SHEETS}张。", "", "请只留下要上传的工作表。")
    return [_sheet(book, each.name, seen[places[each.name]]) | {"hidden": each.visible != SheetVisibleEnum.Visible}
            for each in book.sheets_metadata if each.name in places]


def _sound_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found = archive.infolist()
    if len(found) > MEMBERS:
        raise UnsoundError(f"压缩包里有{len(found)}个文件，不是正常的工作簿。", "", SAVE_AS)
    members: dict[str, zipfile.ZipInfo] = {}
    for member in found:
        _require_sound(member)
        if member.filename.lower() in members:
            raise UnsoundError("压缩包里有重名的文件，不是正常的工作簿。", "", SAVE_AS)
        members[member.filename.lower()] = member
    if sum(member.file_size for member in found) > UNPACKED:
        raise UnsoundError("展开后超过 200 MB。", "", "请只留名单，删去图片和多余的工作表，或分成几个文件。")
    return members


def _require_sound(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = PurePosixPath(name).parts
    if (not name or name.startswith("/") or ".." in parts or set(member.orig_filename) & set("\\:\0")
            or stat.S_ISLNK(member.external_attr >> 16)):
        raise UnsoundError("压缩包里有不正常的文件名，不是正常的工作簿。", "", SAVE_AS)
    if member.flag_bits & 1:
        raise UnsoundError("设了密码。", "", "请取消密码后重新保存。")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnsoundError("压缩方式不是工作簿用的。", "", SAVE_AS)
    if member.file_size > max(SMALL, PACKED_RATIO * member.compress_size):
        raise UnsoundError("展开后会大得不正常。", "", COPY_VALUES)


def _require_workbook(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
    types = members.get("[content_types].xml")
    if types is None or "xl/workbook.xml" not in members:
        raise UnsoundError("不是 Excel 工作簿（.xlsx）。", "", SAVE_AS)
    if MAIN.encode() not in _bytes(archive, types):
        raise UnsoundError("含有宏，或不是普通的 Excel 工作簿（.xlsx）。", "", SAVE_AS)
    for name, member in members.items():
        if name.startswith(_ACTIVE):
            what = "引用了别的工作簿" if "externallinks" in name else "含有宏、控件或嵌入的文件"
            raise UnsoundError(f"{what}。", member.filename, COPY_VALUES)


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def _bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member, mode="r") as part:
        return part.read()


class _Looker:
    """One pass over a part of XML: no declarations of types or entities, no depth, no way out, sheets of a size."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.depth = 0
        self.row, self.column = -1, -1
        self.formula = self.valued = False
        self.flaws: dict[tuple[int, int], str] = {}
        sheet = part.lower().startswith("xl/worksheets/") and part.lower().endswith(".xml")
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartElementHandler = self._cell_start if sheet else self._start
        self.parser.EndElementHandler = self._cell_end if sheet else self._end

    def _declared(self, *_found: object) -> None:
        raise UnsoundError("含有不允许的声明（DOCTYPE 或 ENTITY）。", self.part, SAVE_AS)

    def _start(self, name: str, given: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise UnsoundError("内部结构层次过深。", self.part, SAVE_AS)
        if (name.endswith(" Relationship") and given.get("TargetMode", "").lower() == "external"
                and not given.get("Type", "").endswith("/hyperlink")):
            raise UnsoundError("引用了文件之外的内容。", self.part, COPY_VALUES)

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _cell_start(self, name: str, given: dict[str, str]) -> None:
        self._start(name, given)
        kind = name.rpartition(" ")[2]
        if kind == "c":
            self._at_cell(given.get("r", ""))
            if given.get("t") == "e":
                self.flaws[self.row, self.column] = ERROR_VALUE
        elif kind == "f":
            self.formula = True
        elif kind in {"v", "is"}:
            self._require_near()
            self.parser.CharacterDataHandler = self._result if self.formula else None
        elif kind == "row":
            self.row = int(given.get("r", self.row + 2)) - 1
            self.column = -1

    def _at_cell(self, reference: str) -> None:
        self.formula = self.valued = False
        self.column += 1
        if found := _REFERENCE.fullmatch(reference):
            self.column, self.row = _column(found[1]), int(found[2]) - 1

    def _result(self, _text: str) -> None:
        self.valued = True
        self.parser.CharacterDataHandler = None

    def _require_near(self) -> None:
        if self.row >= ROWS or self.column >= COLUMNS:
            what = (f"第{self.row + 1}行还有内容，超过{ROWS}行。" if self.row >= ROWS
                    else f"第{letters(self.column)}列还有内容，超过{COLUMNS}列。")
            raise UnsoundError(what, f"{letters(self.column)}{self.row + 1}", "请删去这一格，或把名单分成几个文件。")

    def _cell_end(self, name: str) -> None:
        self.depth -= 1
        self.parser.CharacterDataHandler = None
        if name.endswith(" c") and self.formula and not self.valued:
            self.flaws[self.row, self.column] = UNCALCULATED


def _look(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Flaws:
    looker = _Looker(member.filename)
    left = member.file_size
    with archive.open(member, mode="r") as part:
        while chunk := part.read(1 << 16):
            left -= len(chunk)
            if left < 0:
                raise UnsoundError("展开后比标明的大。", member.filename, SAVE_AS)
            looker.parser.Parse(chunk)
    looker.parser.Parse(b"", True)
    return looker.flaws


def _sheet_places(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The part of each sheet by the sheet's name; chart sheets have none of theirs here."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, given: dict[str, str]) -> None:
        if name.endswith(" Relationship") and given.get("Type", "").endswith("/worksheet"):
            targets[given["Id"]] = given["Target"]

    def sheet(name: str, given: dict[str, str]) -> None:
        if name.endswith(" sheet"):
            keys = [value for key, value in given.items() if key.endswith("relationships id")]
            sheets[given["name"]] = keys[0] if keys else ""

    for part, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        if part in members:
            parser = expat.ParserCreate(namespace_separator=" ")
            parser.StartElementHandler = handler
            parser.Parse(_bytes(archive, members[part]), True)
    return {name: str(PurePosixPath("/xl") / targets[key]).lower().lstrip("/")
            for name, key in sheets.items() if key in targets}


def _sheet(book: CalamineWorkbook, name: str, flaws: Flaws) -> dict[str, Any]:
    rows: list[list[str]] = []
    for at, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
        texts = [_text(value, flaws, (at, column), name) for column, value in enumerate(row)]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
    while rows and not rows[-1]:
        rows.pop()
    return {"name": name, "rows": rows, "flaws": [[*place, flaw] for place, flaw in sorted(flaws.items())]}


def _text(value: Any, flaws: Flaws, place: tuple[int, int], sheet: str) -> str:
    if isinstance(value, str):
        if len(value) > CHARACTERS:
            raise UnsoundError(f"这一格有{len(value)}个字，超过{CHARACTERS}个。",
                               f"{sheet}!{letters(place[1])}{place[0] + 1}", "请缩短内容后再上传。")
        if _SCIENTIFIC.fullmatch(value.strip()):
            flaws[place] = LOST
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, flaws, place)
    return _moment(value)


def _number(value: float, flaws: Flaws, place: tuple[int, int]) -> str:
    if abs(value) >= EXACT:
        flaws[place] = LOST
    return str(int(value)) if value == int(value) else repr(value)


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return str(value)


def letters(column: int) -> str:
    """The letters of a column that counts from 0: A, …, Z, AA, … ."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _column(found: str) -> int:
    number = 0
    for letter in found:
        number = number * 26 + ord(letter) - 64
    return number - 1


if __name__ == "__main__":
    main()
