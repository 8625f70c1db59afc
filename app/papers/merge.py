"""Two sheets of one draft laid side by side: what each of the two typed since the page was opened.

The page keeps of its opening only a mark of each value (a short hash, no content), which is enough to tell who touched
a field: whoever's value no longer bears the mark.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from app.papers.kinds import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.papers.kinds import Field, Raw

MARK = 10
"""Hexadecimal digits of a mark: two values of one field share one by chance once in 2**40."""


class Touched(Enum):
    """Who changed a field since the page was opened."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


class Pick(Enum):
    """Which value of a field goes into the draft."""

    MINE = "mine"
    STORED = "stored"
    TOGETHER = "together"
    """Rows only: the stored ones and, after them, mine that are not among them."""


@dataclass(frozen=True)
class Difference:
    """A field whose value differs between what somebody typed and what the draft holds."""

    field: Field
    mine: Raw
    stored: Raw
    touched: Touched

    @property
    def proposed(self) -> Pick | None:
        """What a merge of three takes; None where both changed the field and a person has to choose."""
        return {Touched.MINE: Pick.MINE, Touched.THEIRS: Pick.STORED, Touched.BOTH: None}[self.touched]

    @property
    def picks(self) -> tuple[Pick, ...]:
        """The choices that this field has."""
        rows = isinstance(self.field, Rows) and len(self.together) <= self.field.most
        more = rows and len(self.together) > max(len(_rows(self.mine)), len(_rows(self.stored)))
        return (Pick.STORED, Pick.MINE, *((Pick.TOGETHER,) if more else ()))

    @property
    def together(self) -> list[Mapping[str, Raw]]:
        """The rows of both, each once."""
        stored = _rows(self.stored)
        there = [plain(row) for row in stored]
        return [*stored, *(row for row in _rows(self.mine) if plain(row) not in there)]

    def value(self, pick: Pick) -> Raw:
        """The value that a choice puts into the draft."""
        match pick:
            case Pick.MINE:
                return self.mine
            case Pick.STORED:
                return self.stored
            case Pick.TOGETHER:
                return self.together


def marks(typed: Mapping[str, Raw]) -> dict[str, str]:
    """The mark of each value that is not empty, by field name."""
    return {name: mark(value) for name, value in typed.items() if plain(value) != ""}


def mark(value: Raw) -> str:
    """The mark of a value; the same for values that a form shows alike."""
    said = json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:MARK]


def plain(value: object) -> object:
    """A raw value as a form shows it: numbers as text, nothing and unticked as "", empty rows left out.

    Line ends count as one: a script sends what is in the box, a form sends it with the line ends of the wire.
    """
    if value is None or value is False:
        return ""
    if isinstance(value, dict):
        cells = {name: plain(cell) for name, cell in value.items()}
        return {name: cell for name, cell in cells.items() if cell != ""} or ""
    if isinstance(value, list | tuple):
        return [row for row in map(plain, value) if row != ""] or ""
    return value if isinstance(value, bool) else str(value).replace("\r\n", "\n")


def alike(one: Mapping[str, Raw], other: Mapping[str, Raw]) -> bool:
    """Whether two sheets hold the same."""
    return _filled(one) == _filled(other)


def differences(fields: Iterable[Field], base: Mapping[str, str], mine: Mapping[str, Raw],
                stored: Mapping[str, Raw]) -> tuple[Difference, ...]:
    """The fields that differ, in the order of the sheet; without marks of the opening both count as changed."""
    found = []
    for each in fields:
        left, right = mine.get(each.name), stored.get(each.name)
        if plain(left) == plain(right):
            continue
        opened = base.get(each.name, mark("")) if base else None
        touched = (Touched.THEIRS if mark(left) == opened
                   else Touched.MINE if mark(right) == opened else Touched.BOTH)
        found.append(Difference(each, left, right, touched))
    return tuple(found)


def _filled(typed: Mapping[str, Raw]) -> dict[str, object]:
    return {name: shown for name, value in typed.items() if (shown := plain(value)) != ""}


def _rows(value: Raw) -> list[Mapping[str, Raw]]:
    return [row for row in value if plain(row) != ""] if isinstance(value, list | tuple) else []
