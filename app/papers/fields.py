"""The kinds of value a paper may hold. A value is parsed once, here, by the type of its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from app.errors import Problem
from app.law import identity, names, wording
from app.law.deadlines import chinese_date, chinese_moment

Raw: TypeAlias = "str | bool | int | Sequence[Mapping[str, Raw]] | None"
"""What a form, a data file or the register holds: text, flags, whole numbers, lists of rows."""
Value: TypeAlias = "str | bool | int | date | datetime | tuple[Mapping[str, Value], ...] | None"
Values: TypeAlias = "Mapping[str, Value]"
Printable: TypeAlias = "str | bool | tuple[Mapping[str, str | bool], ...]"
"""What a template may see: plain text, a flag for `if`, rows of plain text for `for`. Nothing else, ever."""


class FieldRefused(Exception):
    """The value does not fit its field; `problems` name sub-fields of rows by `index.name`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = problems


class Source(StrEnum):
    """Where a value comes from."""

    TYPED = "typed"
    LEDGER = "ledger"
    CONFIG = "config"

    @property
    def label(self) -> str:
        return {"typed": "填写", "ledger": "台账", "config": "设置"}[self.value]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value of a paper. `name` is the identifier of the glossary, `label` what an official reads."""

    name: str
    label: str
    source: Source = Source.TYPED
    required: bool = True
    printed: bool = True
    """False: steers the paper but is not printed (JSON Schema `writeOnly`)."""
    shown_in: str = ""
    """Name of the derived text that prints the value; a template need not print it a second time."""
    hint: str = ""
    basis: str = ""
    """Legal basis, shown beside the box: 《义务教育法》第五十八条."""
    when_empty: str = ""
    """What is printed when there is no value."""
    example: Raw = ""
    default: Callable[[Values], Raw] | None = None
    """Proposes a first value from the ledger's facts (some may be absent); the official may change it."""

    def parse(self, raw: Raw) -> Value:
        """The value, or None when it is empty and may be. Raises FieldRefused in Chinese."""
        if raw is None or (isinstance(raw, str | list) and not raw):
            if self.required:
                raise FieldRefused(Problem(self.name, f"请填写{self.label}。"))
            return None
        return self.read(raw)

    def read(self, raw: Raw) -> Value:
        raise NotImplementedError  # every field kind below says how

    def show(self, value: Value) -> Printable:
        """What the template sees."""
        return self.when_empty if value is None else str(value)

    def refuse(self, message: str, advice: str = "") -> FieldRefused:
        return FieldRefused(Problem(self.name, f"{self.label}：{message}", advice))

    def text_of(self, raw: Raw) -> str:
        if not isinstance(raw, str | int) or isinstance(raw, bool):
            raise self.refuse("应是文字。")
        return str(raw)


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """One line of text."""

    max_length: int = 100

    def read(self, raw: Raw) -> Value:
        text = self.text_of(raw).strip()
        if not text:
            return self.parse(None)
        if found := wording.unprintable(text, newlines=False):
            raise self.refuse(found)
        if len(text) > self.max_length:
            raise self.refuse(f"最多{self.max_length}字，现有{len(text)}字。")
        return text


@dataclass(frozen=True, kw_only=True)
class LongText(Field):
    """Several lines of text; each line becomes a paragraph of its own."""

    max_length: int = 800

    def read(self, raw: Raw) -> Value:
        lines = (line.strip() for line in self.text_of(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        text = "\n".join(line for line in lines if line)
        if not text:
            return self.parse(None)
        if found := wording.unprintable(text, newlines=True):
            raise self.refuse(found)
        if len(text) > self.max_length:
            raise self.refuse(f"最多{self.max_length}字，现有{len(text)}字。")
        return text

    def show(self, value: Value) -> Printable:
        lines = () if value is None else str(value).split("\n")
        return tuple({"text": line, "first": index == 0} for index, line in enumerate(lines))


@dataclass(frozen=True, kw_only=True)
class PersonName(Field):
    """A person's name (2–60 characters of Han, letters and the interpunct U+00B7)."""

    def read(self, raw: Raw) -> Value:
        try:
            return str(names.PersonName.parse(self.text_of(raw)))
        except ValueError as error:
            raise self.refuse(str(error)) from None


@dataclass(frozen=True, kw_only=True)
class IdNumber(Field):
    """A resident's identity number (GB 11643-1999); papers show it masked, always."""

    def read(self, raw: Raw) -> Value:
        try:
            return str(identity.IdentityNumber.parse(self.text_of(raw)))
        except ValueError as error:
            raise self.refuse(str(error)) from None

    def show(self, value: Value) -> Printable:
        return identity.IdentityNumber.parse(value).masked if isinstance(value, str) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class StudentNo(Field):
    """学籍号: G, J or L and 18 characters, usually the identity number: papers show it masked as well."""

    def read(self, raw: Raw) -> Value:
        try:
            return str(identity.StudentNumber.parse(self.text_of(raw)))
        except ValueError as error:
            raise self.refuse(str(error)) from None

    def show(self, value: Value) -> Printable:
        return identity.StudentNumber.parse(value).masked if isinstance(value, str) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class Phone(Field):
    """A mobile number (11 digits) or a landline with area code."""

    def read(self, raw: Raw) -> Value:
        try:
            return identity.parse_phone(self.text_of(raw))
        except ValueError as error:
            raise self.refuse(str(error)) from None


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A day of law, a `date` in Asia/Shanghai; raw form YYYY-MM-DD."""

    def read(self, raw: Raw) -> Value:
        try:
            return date.fromisoformat(self.text_of(raw).strip())
        except ValueError:
            raise self.refuse("日期应写成 2026-09-18 的样子。") from None

    def show(self, value: Value) -> Printable:
        return chinese_date(value) if isinstance(value, date) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class Moment(Field):
    """A local time to the minute (Asia/Shanghai, without zone); raw form YYYY-MM-DDTHH:MM."""

    def read(self, raw: Raw) -> Value:
        text = self.text_of(raw).strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.refuse("时间应写成 2026-09-18 15:30 的样子。") from None
        if moment.tzinfo is not None or len(text) <= len("2026-09-18"):
            raise self.refuse("时间应写成 2026-09-18 15:30 的样子。")
        return moment

    def show(self, value: Value) -> Printable:
        return chinese_moment(value) if isinstance(value, datetime) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class Whole(Field):
    """A whole number between two limits, with its unit for the label."""

    least: int = 0
    most: int = 9999
    unit: str = ""

    def read(self, raw: Raw) -> Value:
        text = self.text_of(raw).strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004  (nine digits fit any count)
            raise self.refuse("应是整数。")
        if not self.least <= int(text) <= self.most:
            raise self.refuse(f"应在{self.least}到{self.most}{self.unit}之间。")
        return int(text)


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few: code → Chinese label."""

    options: Mapping[str, str]

    def read(self, raw: Raw) -> Value:
        code = self.text_of(raw)
        if code not in self.options:
            raise self.refuse(f"请从{'、'.join(self.options.values())}中选一项。")
        return code

    def show(self, value: Value) -> Printable:
        return self.options[value] if isinstance(value, str) else self.when_empty


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """Yes or no. `must` names the refusal when it has to be yes."""

    must: str = ""

    def parse(self, raw: Raw) -> Value:
        value = raw in (True, "true", "on", "1", "y", 1)
        if self.must and not value:
            raise self.refuse(self.must)
        return value

    def show(self, value: Value) -> Printable:
        return bool(value)


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """A list of rows, each with the same sub-fields; raw form a list of mappings."""

    columns: tuple[Field, ...]
    least: int = 1
    most: int = 20
    row_label: str = "行"

    def parse(self, raw: Raw) -> Value:
        rows = [row for row in (raw if isinstance(raw, list | tuple) else []) if not isinstance(row, Mapping) or any(
            value not in ("", None, False) for value in row.values())]
        if len(rows) < (self.least if self.required else 0):
            raise self.refuse(f"至少填{self.least}{self.row_label}。")
        if len(rows) > self.most:
            raise self.refuse(f"最多{self.most}{self.row_label}。")
        problems: list[Problem] = []
        parsed: list[Mapping[str, Value]] = []
        for index, row in enumerate(rows):
            if not isinstance(row, Mapping):
                raise self.refuse("每一行应是带名称的一组值。")
            values: dict[str, Value] = {}
            unknown = sorted(set(row) - {column.name for column in self.columns})
            problems += [Problem(f"{self.name}.{index}.{name}", f"{self.label}：没有“{name}”这一项。")
                         for name in unknown]
            for column in self.columns:
                try:
                    values[column.name] = column.parse(row.get(column.name))
                except FieldRefused as refused:
                    problems += [
                        Problem(f"{self.name}.{index}.{found.where}",
                                f"{self.label}第{index + 1}{self.row_label}，{found.message}", found.advice)
                        for found in refused.problems
                    ]
            parsed.append(values)
        if problems:
            raise FieldRefused(*problems)
        return tuple(parsed)

    def show(self, value: Value) -> Printable:
        rows = value if isinstance(value, tuple) else ()
        shown = []
        for index, row in enumerate(rows):
            assert isinstance(row, Mapping)  # noqa: S101  (parse made it so)
            cells: dict[str, str | bool] = {"no": str(index + 1)}
            for column in self.columns:
                cell = column.show(row[column.name])
                cells[column.name] = cell if isinstance(cell, str | bool) else "".join(
                    str(line["text"]) for line in cell)
            shown.append(cells)
        return tuple(shown)
