"""学生名单: reads the sheets of a school's list into pupils and guardians, each fault by its cell.

Columns are known by their headings in any order; what a heading says in brackets, spaces and full-width forms do not
count. Nothing is guessed: what a list leaves out stays "" here; what that means is for whoever knows the pupil.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.errors import Problem
from app.law.identity import IdentityNumber, StudentNumber, parse_phone
from app.law.names import PersonName
from app.law.wording import unprintable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.intake.sheets import SheetText

PUPIL = {
    "school_code": "学校代码", "name": "姓名", "id_number": "身份证号", "sex": "性别", "birth_date": "出生日期",
    "student_status_no": "学籍号", "grade": "年级", "class_name": "班级",
    "township": "乡镇（街道）", "village": "村（社区）",
    "home_address": "现住址", "hukou_address": "户籍地址", "caregiver": "受托照护人",
}
GUARDIAN = {"name": "姓名", "relation": "与学生关系", "id_number": "身份证号", "phone": "电话", "address": "住址"}
GUARDIANS = 2
COLUMNS = PUPIL | {f"guardian{number}_{name}": f"监护人{number}{label}" for number in range(1, GUARDIANS + 1)
                   for name, label in GUARDIAN.items()}
"""Field by field, the heading as the shipped list has it."""
ALSO = {"学生姓名": "name", "公民身份号码": "id_number", "身份证号码": "id_number", "身份证件号": "id_number",
        "证件号码": "id_number", "全国学籍号": "student_status_no", "学籍号码": "student_status_no", "班": "class_name",
        "乡镇": "township", "街道": "township", "所属乡镇": "township", "村": "village", "社区": "village",
        "现住地址": "home_address", "家庭住址": "home_address", "户籍地": "hukou_address",
        "户口所在地": "hukou_address", "出生年月日": "birth_date", "照护人": "caregiver"}
NEEDED = ("name", "grade", "class_name", "township", "village", "home_address", "guardian1_name", "guardian1_relation",
          "guardian1_id_number", "guardian1_phone")
"""Columns without which a sheet is no list."""
EXAMPLE = "示例"
REMOVE = "删除"
"""Written as the second guardian's name: who is not named in this row is no longer a guardian."""
LONGEST = {"class_name": 20, "village": 40, "home_address": 60, "hukou_address": 60, "township": 60, "relation": 20,
           "address": 60, "school_code": 24}
RELATIONS = ("父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母", "兄", "姐", "其他监护人")
HEAD_ROWS = 12
"""Rows at the top among which the headings are looked for: title and notes may stand above them."""
_GRADES = {**{f"{word}年级": number for number, word in enumerate("一二三四五六七八九", 1)},
           **{f"初{word}": number for number, word in enumerate("一二三", 7)},
           **{str(number): number for number in range(1, 10)}, **{f"{number}年级": number for number in range(1, 10)}}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
"""Without marks only eight digits: 2014111 may be the first or the eleventh."""
_BRACKETS = re.compile(r"[（(][^（）()]*[)）]|[*＊:：]")
_MARKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Line:
    """A pupil of the list; "" is what the list leaves out.

    `place` is the row as people call it (名单第7行), `cells` say where each value stands; `alone`: whoever is not
    among these guardians is to be taken out.
    """

    place: str
    cells: dict[str, str]
    pupil: dict[str, str | int | date | None]
    guardians: tuple[dict[str, str], ...]
    alone: bool = False


@dataclass
class Parsed:
    """The lines that hold, and what is wrong with the others."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse(sheets: Sequence[SheetText]) -> Parsed:
    """Every sheet that has the headings; hidden sheets and others are passed over, one at least must be a list."""
    found = Parsed()
    lists = [(sheet, head) for sheet in sheets if not sheet.hidden and (head := _head(sheet)) is not None]
    if not lists:
        wanted = "、".join(COLUMNS[name] for name in NEEDED)
        found.problems.append(Problem("", "没有找到名单的表头。",
                                      f"请用系统的空白名单；表头要有：{wanted}。隐藏的工作表不读。"))
    for sheet, (row, columns) in lists:
        _read(sheet, row, columns, found)
    if lists and not found.lines and not found.problems:
        found.problems.append(Problem("", "名单里没有学生。", "请从表头下一行起填写，示例行不算。"))
    return found


def _head(sheet: SheetText) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and where each column stands, or None for a sheet that is no list."""
    for row, cells in enumerate(sheet.rows[:HEAD_ROWS]):
        columns: dict[str, int] = {}
        for column, text in enumerate(cells):
            name = _known(text)
            if name and name not in columns:
                columns[name] = column
        if {"name", "guardian1_name"} <= columns.keys() or len(columns.keys() & set(NEEDED)) >= len(NEEDED) // 2 + 1:
            return row, columns
    return None


def _known(heading: str) -> str:
    plain = _plain(heading)
    return _HEADINGS.get(plain, "") or _HEADINGS.get(_plain(_BRACKETS.sub("", heading)), "")


def _plain(text: str) -> str:
    folded = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return folded.replace("(", "（").replace(")", "）").rstrip("*:")


_HEADINGS = {**{_plain(label): name for name, label in COLUMNS.items()},
             **{_plain(_BRACKETS.sub("", label)): name for name, label in COLUMNS.items()}, **ALSO}


def _read(sheet: SheetText, head: int, columns: dict[str, int], found: Parsed) -> None:
    missing = [COLUMNS[name] for name in NEEDED if name not in columns]
    if missing:
        found.problems.append(Problem(f"{sheet.name}第{head + 1}行", f"表头缺少：{'、'.join(missing)}。",
                                      "请补上这几列，或用系统的空白名单。"))
        return
    for row in range(head + 1, len(sheet.rows)):
        cells = {name: sheet.cell(row, column) for name, column in columns.items()}
        texts = {name: _MARKS.sub(" ", sheet.value(row, column)).strip() for name, column in columns.items()}
        if not any(texts.values()) or sheet.value(row, 0).strip() == EXAMPLE or texts["name"].startswith(EXAMPLE):
            continue
        flawed = [Problem(cells[name], f"{COLUMNS[name]}{sheet.flaws[row, column]}。")
                  for name, column in columns.items() if (row, column) in sheet.flaws]
        reader = _Reader(texts, cells, flawed)
        line = reader.line(f"{sheet.name}第{row + 1}行")
        if reader.problems:
            found.problems += reader.problems
        else:
            found.lines.append(line)


class _Reader:
    """One row of the list; what is wrong stands in `problems`."""

    def __init__(self, texts: dict[str, str], cells: dict[str, str], flawed: list[Problem]) -> None:
        self.texts, self.cells = texts, cells
        self.problems = list(flawed)
        self._skipped = {each.where for each in flawed}

    def line(self, place: str) -> Line:
        pupil: dict[str, str | int | date | None] = {
            "school_code": self._text("school_code", needed=False), "name": self._name("name"),
            "id_number": self._read("id_number", _identity, needed=False),
            "student_status_no": self._read("student_status_no", _status_no, needed=False),
            "grade": self._read("grade", _grade), "class_name": self._text("class_name"),
            "township": self._text("township"), "village": self._text("village"),
            "home_address": self._text("home_address"),
            "hukou_address": self._text("hukou_address", needed=False),
            "caregiver": self._name("caregiver", needed=False)}
        pupil |= self._birth(str(pupil["id_number"] or ""))
        return Line(place, self.cells, pupil, tuple(self._guardians()),
                    alone=self.texts.get("guardian2_name") == REMOVE)

    def _birth(self, id_number: str) -> dict[str, str | int | date | None]:
        """Sex and birth date: from the number, against which what was typed must hold; typed for who has none."""
        sex = self._read("sex", _sex, needed=False)
        born = self._read("birth_date", _day, needed=False)
        if not id_number:
            given = self.texts.get("id_number", "")
            for name, value in (("sex", sex), ("birth_date", born)):
                if not given and value is None and not self.texts.get(name):
                    self._say(name, f"没有身份证号的学生，请填写{COLUMNS[name]}。")
            return {"sex": sex, "birth_date": born}
        number = IdentityNumber.parse(id_number)
        if sex not in (None, number.sex):
            self._say("sex", f"身份证号显示性别为{number.sex}，与填写的不一致，请对照证件核对。")
        if born not in (None, number.birth_date):
            self._say("birth_date", "与身份证号里的出生日期不一致，请对照证件核对。")
        return {"sex": number.sex, "birth_date": number.birth_date}

    def _guardians(self) -> Iterator[dict[str, str]]:
        for number in range(1, GUARDIANS + 1):
            prefix = f"guardian{number}_"
            removed = self.texts.get(prefix + "name") == REMOVE
            if removed and number == 1:
                self._say(prefix + "name", f"监护人1不能{REMOVE}。")
            if number > 1 and (removed or not any(self.texts.get(prefix + name) for name in GUARDIAN)):
                continue
            yield {"name": self._name(prefix + "name") or "",
                   "relation": str(self._read(prefix + "relation", _relation) or ""),
                   "id_number": str(self._read(prefix + "id_number", _identity) or ""),
                   "phone": str(self._read(prefix + "phone", parse_phone) or ""),
                   "address": self._text(prefix + "address", needed=False, longest=LONGEST["address"])}

    def _name(self, column: str, *, needed: bool = True) -> str | None:
        found = self._read(column, lambda text: str(PersonName.parse(text)), needed=needed)
        return str(found) if found is not None else ("" if not needed else None)

    def _text(self, column: str, *, needed: bool = True, longest: int = 0) -> str:
        def read(text: str) -> str:
            if wrong := unprintable(text, newlines=False):
                raise ValueError(wrong)
            if len(text) > (most := longest or LONGEST[column]):
                raise ValueError(f"有{len(text)}个字，最多{most}个。")
            return text

        return str(self._read(column, read, needed=needed) or "")

    def _read(self, column: str, parse_as: Callable[[str], str | int | date], *,
              needed: bool = True) -> str | int | date | None:
        text = self.texts.get(column, "")
        if self.cells.get(column) in self._skipped:
            return None
        if not text:
            if needed:
                self._say(column, f"请填写{COLUMNS[column]}。")
            return None
        try:
            return parse_as(text)
        except ValueError as error:
            self._say(column, f"{COLUMNS[column]}：{error}")
            return None

    def _say(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.cells.get(column, self.cells["name"]), message))


def _identity(text: str) -> str:
    return str(IdentityNumber.parse(text))


def _status_no(text: str) -> str:
    return str(StudentNumber.parse(text))


def _grade(text: str) -> int:
    found = _GRADES.get(_plain(text))
    if found is None:
        raise ValueError("请填写一年级至九年级，或1至9。")
    return found


def _sex(text: str) -> str:
    if text not in {"男", "女"}:
        raise ValueError("请填写男或女。")
    return text


def _relation(text: str) -> str:
    if text not in RELATIONS:
        raise ValueError(f"请从{'、'.join(RELATIONS)}中选填。")
    return text


def _day(text: str) -> date:
    plain = unicodedata.normalize("NFKC", text)
    found = _DAY.fullmatch(plain) or _DIGITS.fullmatch(plain)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise ValueError("请写成2014-03-15或20140315的样子。")
