"""The code on every page of our papers, and whether a scan that came back is the whole paper and nothing else.

`FX1.<26 letters>.<page>.<pages>`: the letters are the paper's own random identifier (128 bits, RFC 4648 base 32), so
that the code tells a stranger nothing and cannot be guessed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = re.compile(r"FX1\.([A-Z2-7]{26})\.(\d{1,3})\.(\d{1,3})", re.ASCII)
PADDING = "======"
QR, HAND = "qr", "hand"
"""How a scan was found to belong to its paper: by its codes, or by a person's word."""
AGAIN = "请重新扫描整份文书后再上传。"


@dataclass(frozen=True)
class Mark:
    """One page of one paper: `paper` is its public identifier, pages count from 1."""

    paper: str
    page: int
    pages: int


@dataclass(frozen=True)
class Match:
    """A scan that is the paper. `order`: places in the file (from 0) in the order of the paper's pages."""

    how: str
    order: tuple[int, ...]
    said: str = ""
    """What the person is to know, in Chinese: which pages were put in order."""


def text(mark: Mark) -> str:
    """What the QR code of a page says; only letters that QR writes tightly (ISO/IEC 18004, alphanumeric mode)."""
    letters = base64.b32encode(bytes.fromhex(mark.paper)).decode().rstrip("=")
    return f"FX1.{letters}.{mark.page}.{mark.pages}"


def read(said: str) -> Mark | None:
    """The page that a code names; None for anybody else's code."""
    found = MARK.fullmatch(said)
    if found is None:
        return None
    try:
        paper = base64.b32decode(found[1] + PADDING).hex()
    except binascii.Error:
        return None
    mark = Mark(paper, int(found[2]), int(found[3]))
    return mark if 1 <= mark.page <= mark.pages and text(mark) == said else None


def marks(pages: Sequence[Sequence[str]]) -> tuple[Mark | None, ...]:
    """What each page says of itself: None when there is no code of ours, or when two contradict each other."""
    found = [{mark for said in each if (mark := read(said)) is not None} for each in pages]
    return tuple(next(iter(each)) if len(each) == 1 else None for each in found)


def others(pages: Sequence[Mark | None], paper: str) -> tuple[str, ...]:
    """Other papers that lie in the scan, by their public identifiers, each once."""
    return tuple(dict.fromkeys(each.paper for each in pages if each is not None and each.paper != paper))


def match(pages: Sequence[Mark | None], total: int, confirmed: str) -> Match:
    """Whether these pages, none of another paper, are the paper of `total` pages.

    `confirmed` is what the person who compared scan and paper wrote; it is wanted where a code cannot be read, and
    helps no scan of which a page is known to be missing or double.

    Raises Refused that says which page is missing or double, or that a person has to confirm (where `note`).
    """
    known = Counter(each.page for each in pages if each is not None)
    twice = [page for page, count in sorted(known.items()) if count > 1]
    if twice:
        raise Refused(f"{_pages(twice)}重复了。", where="file", advice=f"每页只扫一次。{AGAIN}")
    missing = [page for page in range(1, total + 1) if page not in known]
    unread = [place for place, each in enumerate(pages) if each is None]
    if len(missing) > len(unread):
        what = f"缺{_pages(missing)}（共{total}页）。" if known else f"只有{len(pages)}页，文书共{total}页。"
        raise Refused(what, where="file", advice=AGAIN)
    if unread and not confirmed:
        places = "、".join(str(place + 1) for place in unread)
        raise Refused(f"扫描件第{places}页上没有读到文书的二维码。", where="note",
                      advice="请对照纸件核实是这份文书、页数齐全，在“人工核对说明”里写明后再上传；扫歪、发暗的请重扫。")
    return Match(HAND if unread else QR, *_order(pages, unread))


def _order(pages: Sequence[Mark | None], unread: Sequence[int]) -> tuple[tuple[int, ...], str]:
    if unread:
        return tuple(range(len(pages))), ""
    numbers = [each.page for each in pages if each is not None]
    order = tuple(sorted(range(len(numbers)), key=numbers.__getitem__))
    if numbers == sorted(numbers):
        return order, ""
    return order, f"扫描件的页序是{'、'.join(map(str, numbers))}，已按文书的页码理顺。"


def _pages(numbers: Sequence[int]) -> str:
    return f"第{'、'.join(map(str, numbers))}页"
