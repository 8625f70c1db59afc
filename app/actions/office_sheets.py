"""The workbook of offices and people as rows: which sheets and columns there are, and whom a cell means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law.offices import Level, Office, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.intake.sheets import SheetText

EXAMPLE = "示例"
"""What the first cell of a row says that shows how to fill in, and is passed over."""
HEADING_ROWS = 10
COLUMNS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "学校": {"code": ("学校代码", True), "name": ("学校名称", True), "township": ("乡镇（街道）", True),
             "full_name": ("印章上的全称", False), "contact": ("联系人", False), "phone": ("联系电话", False)},
    "班级": {"school": ("学校", True), "grade": ("年级", True), "class": ("班级", True)},
    "村": {"township": ("乡镇（街道）", True), "village": ("村（社区）", True)},
    "账号": {"login": ("账号", True), "name": ("姓名", True), "office": ("单位", True), "roles": ("角色", True),
             "cert_no": ("执法证号", False)},
}
"""Sheet → column → (heading, whether every row fills it)."""
ALSO = {"office_code": "office", "township_code": "township", "village": "village", "class": "class", "grade": "grade"}
"""Places that actions name otherwise than the sheets do."""
LIKE = str.maketrans("()", "（）")
GRADE = {word: number for number, word in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True)
class Row:
    """One filled row: texts by column, and where each stands."""

    sheet: str
    texts: Mapping[str, str]
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def problem(self, refused: Refused) -> Problem:
        """A refusal at the cell it speaks of, or at the first cell of the row."""
        place = self.cells.get(ALSO.get(refused.where, refused.where)) or next(iter(self.cells.values()))
        return Problem(place, refused.what, refused.advice)


class Directory:
    """The offices in charge, by all that people call them."""

    def __init__(self, found: Iterable[Office]) -> None:
        self.all: list[Office] = []
        self.by_code: dict[str, Office] = {}
        self._called: dict[str, list[Office]] = {}
        for each in found:
            self.add(each)

    def add(self, office: Office) -> None:
        """One more, added by the workbook itself."""
        self.all.append(office)
        self.by_code[office.code] = office
        above = [self.by_code[code].area_name for code in office.path.split("/") if code in self.by_code][:-1]
        names = {office.code, office.name, office.full_name, office.area_name,
                 *(f"{each}{office.area_name}" for each in above)}
        for name in names:
            self._called.setdefault(name, []).append(office)

    def one(self, text: str, level: Level | None, where: str) -> Office:
        """The office meant by a code or name. Raises Refused when there is none, or more than one."""
        found = [each for each in self._called.get(text, ()) if level in (None, each.level)]
        what = level.label if level else "单位"
        if not found:
            raise Refused(f"没有这个{what}：{text}。", where=where, advice="请核对名称或代码；它也可能不归您的单位管。")
        if len(found) > 1:
            raise Refused(f"叫“{text}”的有{len(found)}个。", where=where,
                          advice=f"请改填代码，或写明县（区），例如：{found[0].full_name}。")
        return found[0]


def rows_of(sheets: Sequence[SheetText]) -> tuple[list[Row], list[Problem]]:
    """The filled rows of the known sheets in the order of COLUMNS, and what is wrong with headings and cells."""
    by_name = {each.name.strip(): each for each in sheets}
    rows: list[Row] = []
    problems: list[Problem] = []
    for name, columns in COLUMNS.items():
        if sheet := by_name.get(name):
            _read(sheet, name, columns, rows, problems)
    if not by_name.keys() & COLUMNS.keys():
        problems.append(Problem("", f"没有名为{'、'.join(COLUMNS)}的工作表。", "请用模板填写。"))
    return rows, problems


def grade_of(text: str) -> int:
    """8, 八, 八年级 → 8. Raises Refused."""
    word = text.strip().removesuffix("年级")
    if word in GRADE:
        return GRADE[word]
    if word.isascii() and word.isdigit() and 1 <= int(word[:3]) <= len(GRADE):
        return int(word)
    raise Refused(f"年级应是一到九年级，不是“{text}”。", where="grade")


def roles_of(text: str) -> frozenset[Role]:
    """乡镇干部、乡镇领导 → roles. Raises Refused for a word that is none."""
    by_label = {each.label: each for each in Role}
    found = [word for word in re.split(r"[、，,；;\s]+", text) if word]
    for word in found:
        if word not in by_label:
            raise Refused(f"没有“{word}”这个角色。", where="roles", advice=f"可填：{'、'.join(by_label)}。")
    return frozenset(by_label[word] for word in found)


def _read(sheet: SheetText, name: str, columns: Mapping[str, tuple[str, bool]], rows: list[Row],
          problems: list[Problem]) -> None:
    place = _headings(sheet, columns)
    if place is None:
        needed = "、".join(heading for heading, must in columns.values() if must)
        problems.append(Problem(name, f"前{HEADING_ROWS}行里没有找到表头。", f"应有这几列：{needed}。请用模板填写。"))
        return
    first, at = place
    for number in range(first + 1, len(sheet.rows)):
        texts = {column: sheet.value(number, index).strip() for column, index in at.items()}
        if not any(texts.values()) or sheet.value(number, 0).strip().startswith(EXAMPLE):
            continue
        cells = {column: sheet.cell(number, index) for column, index in at.items()}
        flaws = [Problem(cells[column], sheet.flaws[number, index]) for column, index in at.items()
                 if (number, index) in sheet.flaws]
        flaws += [Problem(cells[column], f"请填写{heading}。") for column, (heading, must) in columns.items()
                  if must and not texts[column]]
        problems += flaws
        if not flaws:
            rows.append(Row(name, texts, cells))


def _headings(sheet: SheetText, columns: Mapping[str, tuple[str, bool]]) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the column of each; None when one that must be there is not."""
    for number, row in enumerate(sheet.rows[:HEADING_ROWS]):
        said = {cell.strip().rstrip("*").translate(LIKE): index for index, cell in reversed(list(enumerate(row)))}
        at = {column: said[heading] for column, (heading, _) in columns.items() if heading in said}
        if all(column in at for column, (_, must) in columns.items() if must):
            return number, at
    return None
