"""What stands in a packet, in which order, and on which pages: the plan behind the 卷内目录.

Order: papers by date, each order at once followed by its 送达回证. The cover and the index carry no
page number, as is usual for a 卷; the papers carry one continuous number from 1, so the index never changes itself.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypdf import PdfReader

from app.errors import Refused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Item:
    """One paper or piece of evidence, as a finished PDF."""

    title: str
    pdf: bytes
    key: str = ""
    """Name by which another item can follow this one."""
    date: dt.date | None = None
    doc_no: str = ""
    note: str = ""
    follows: str = ""
    """`key` of the order to which this 送达回证 belongs."""
    source_sha256: str = ""
    """SHA-256 of the file as it was handed in, when `pdf` was made from it."""


@dataclass(frozen=True)
class Row:
    """One line of the 卷内目录."""

    number: int
    title: str
    doc_no: str
    date: dt.date | None
    first: int
    """First page of the item, in the continuous number."""
    last: int
    note: str

    @property
    def pages(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True)
class Plan:
    """The items in order and their index rows; `total` counts the numbered pages, without the front matter."""

    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    total: int
    front_pages: int = 0


def in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """By date (undated last, otherwise as given), each item followed by those that belong to it.

    Raises Refused when an item follows one that is not there, or two share a key.
    """
    keys = [each.key for each in items if each.key]
    if len(keys) != len(set(keys)):
        raise Refused("卷宗里有两份材料用了同一个编号。", where="items", advice="请检查材料清单。")
    for each in items:
        if each.follows and (each.follows not in keys or each.follows == each.key):
            raise Refused(f"“{each.title}”所附的文书不在卷内。", where="items", advice="请先加入被送达的文书。")
    placed: list[Item] = []
    for each in sorted((each for each in items if not each.follows), key=_by_date):
        _place(each, items, placed)
    if len(placed) != len(items):
        raise Refused("材料之间互相跟随，无法排序。", where="items", advice="请检查送达回证与文书的对应关系。")
    return tuple(placed)


def _place(item: Item, items: Sequence[Item], placed: list[Item]) -> None:
    placed.append(item)
    if item.key:
        for each in sorted((each for each in items if each.follows == item.key), key=_by_date):
            _place(each, items, placed)


def _by_date(item: Item) -> tuple[bool, str]:
    return item.date is None, item.date.isoformat() if item.date else ""


def plan(items: Sequence[Item], front_pages: int = 0, *, reorder: bool = True) -> Plan:
    """The index rows of `items`.

    Args:
        items: at least one.
        front_pages: PDF pages of cover and index, which come first and are not numbered.
        reorder: False keeps the order as given (a person arranged it).

    Raises:
        Refused: nothing to put in, or an item that is no readable PDF.
    """
    if not items:
        raise Refused("卷宗里没有材料。", where="items", advice="请至少加入一份文书。")
    ordered = in_order(items) if reorder else tuple(items)
    rows, page = [], 1
    for number, each in enumerate(ordered, 1):
        count = page_count(each.pdf, each.title)
        rows.append(Row(number, each.title, each.doc_no, each.date, page, page + count - 1, each.note))
        page += count
    return Plan(ordered, tuple(rows), page - 1, front_pages)


def page_count(pdf: bytes, title: str) -> int:
    """Pages of a PDF. Raises Refused, naming `title`, when it cannot be read or has none."""
    try:
        count = len(PdfReader(io.BytesIO(pdf)).pages)
    except Exception as error:  # pypdf raises many kinds on a broken file
        raise Refused(f"“{title}”不是完好的 PDF。", where=title, advice="请重新导出或扫描这份材料。") from error
    if not count:
        raise Refused(f"“{title}”没有页面。", where=title, advice="请重新导出或扫描这份材料。")
    return count
