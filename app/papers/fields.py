"""The kinds of value a paper may hold. A value is parsed once, here, by the type of its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import Problem
from app.law import wording
from app.papers.field import Field, FieldRefused, Printable, Raw, Source, Value, Values
from app.papers.law_fields import Day, IdNumber, Moment, PersonName, Phone, StudentNo

__all__ = [
    "Choice",
    "Day",
    "Field",
    "FieldRefused",
    "Flag",
    "IdNumber",
    "LongText",
    "Moment",
    "PersonName",
    "Phone",
    "Printable",
    "Raw",
    "Rows",
    "Source",
    "StudentNo",
    "Text",
    "Value",
    "Values",
    "Whole",
]


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
        parsed = tuple(self._row(index, row, problems) for index, row in enumerate(rows))
        if problems:
            raise FieldRefused(*problems)
        return parsed

    def _row(self, index: int, row: object, problems: list[Problem]) -> Mapping[str, Value]:
        """The values of one row; what is wrong with them is added to `problems`."""
        if not isinstance(row, Mapping):
            raise self.refuse("每一行应是带名称的一组值。")
        place = f"{self.name}.{index}"
        unknown = sorted(set(row) - {column.name for column in self.columns})
        problems += [Problem(f"{place}.{name}", f"{self.label}：没有“{name}”这一项。") for name in unknown]
        values: dict[str, Value] = {}
        for column in self.columns:
            try:
                values[column.name] = column.parse(row.get(column.name))
            except FieldRefused as refused:
                problems += [
                    Problem(f"{place}.{found.where}",
                            f"{self.label}第{index + 1}{self.row_label}，{found.message}", found.advice)
                    for found in refused.problems
                ]
        return values

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
