"""What every field of a paper is: where its value comes from, how it is read once, what a template sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from app.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

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
    quoted: bool = False
    """What somebody said, written down as it was said: a word that a paper must not carry is told, not refused."""
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
