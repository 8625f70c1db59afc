"""Where the seal belongs on a paper, and whether it has room there: 居中下压发文机关署名和成文日期.

The seal stands upright over the organ's name and the date, both a little below its centre, its top no more than a line
below the text above (GB/T 9704-2012 7.3.5.1). It may cover these two lines and the word （盖章） that keeps its
place, and nothing else.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import Refused
from app.outside import pdfium
from app.packets import page_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.packets.seal import SealImage

MM = 72 / 25.4
LINE = 225 / 22
"""Millimetres of a line (22 lines in a 版心 of 225 mm)."""
RAISED, LEAST_RAISED = 0.1, 0.0
"""How far the seal's centre lies above the organ's name, in parts of its width: best, and least."""
CLEAR, EDGE, STEP = 0.5, 5.0, 0.5
"""Millimetres: free of all other text, from the paper's edge, and between two places that are tried."""
INSIDE = 0.08
"""The date's middle lies at least so many widths inside the seal's lower edge."""
KEPT_WORDS = ("（盖章）", "(盖章)", "（印章）", "(印章)")
DRAWN = bytes(255 if value > 16 else 0 for value in range(256))  # noqa: PLR2004  (a faint point is no ink)
HAND = "请改用手工盖章，扫描后上传；或者作废后重新制发，在署名上方留出两行空白。"
INK, PAPER, RUN = 2.0, 245, re.compile(rb"\xff+")
"""Looking for ink: pixels a point (144 dpi), the darkest grey of bare paper, a run of ink in a row."""
SAME_LINE, HALO = 3.0, 0.75
"""Points by which baselines of one line differ at most; that letters may be drawn beyond their boxes."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Line:
    """What stands on one baseline, and its box in points: left, bottom, right, top."""

    text: str
    box: Box


@dataclass(frozen=True)
class Place:
    """Where the seal goes. `page` from 0; `left`, `bottom`: its lower left corner in points."""

    page: int
    left: float
    bottom: float


@dataclass(frozen=True)
class _Block:
    """The signature of a page: box of the organ's name, of the date, and everything else that is printed there."""

    page: int
    size: tuple[float, float]
    organ: Box
    date: Box
    others: tuple[Box, ...]


def place(pdf: bytes, names: Sequence[str], date: str, seal: SealImage) -> Place:
    """Find the organ's name (one of `names`) over `date` (2026年9月18日) and the seal's place on them.

    Raises Refused when there is no such signature or more than one, or when the seal would touch anything else.
    """
    blocks = _blocks(pdf, names, date)
    if not blocks:
        raise Refused("没有找到上下排列的机关署名和成文日期。", advice=HAND)
    if len(blocks) > 1:
        raise Refused("署名和成文日期不止一处，不能确定盖在哪里。", advice=HAND)
    return _placed(blocks[0], seal)


def _placed(block: _Block, seal: SealImage) -> Place:
    side = seal.millimetres * MM
    spans = _spans(seal)
    middle = (_middle(block.organ)[0] + _middle(block.date)[0]) / 2
    organ, date = _middle(block.organ)[1], _middle(block.date)[1]
    highest = date + side * (0.5 - INSIDE)
    free = [y for y in _heights(organ, side, highest)
            if not _touched(block, spans, middle - side / 2, y - side / 2, side)]
    if not free:
        raise Refused(_why(block, middle, organ + side * RAISED, side), advice=HAND)
    good = [y for y in free if _gap(block, middle, y, side) <= LINE * MM]
    return Place(block.page, middle - side / 2, (good or free)[0] - side / 2)


def _heights(organ: float, side: float, highest: float) -> Iterator[float]:
    """Heights of the centre that are tried: the best one, then nearer and farther ones, down and up by turns."""
    best = min(organ + side * RAISED, highest)
    yield best
    steps = 1
    while steps * STEP * MM <= side / 4:
        for y in (best - steps * STEP * MM, best + steps * STEP * MM):
            if organ + side * LEAST_RAISED <= y <= highest:
                yield y
        steps += 1


def _spans(seal: SealImage) -> list[tuple[float, float] | None]:
    """For each row of the picture from the top, what it covers from its first to its last drawn point, 0 to 1.

    A seal counts as full inside its rim: text in the ring's hollow would be touched as well.
    """
    found: list[tuple[float, float] | None] = []
    for row in range(seal.height):
        drawn = seal.opacity[row * seal.width:(row + 1) * seal.width].translate(DRAWN)
        first = drawn.find(b"\xff")
        found.append(None if first < 0 else (first / seal.width, (drawn.rfind(b"\xff") + 1) / seal.width))
    return found


def _touched(block: _Block, spans: Sequence[tuple[float, float] | None], left: float, bottom: float,
             side: float) -> bool:
    width, height = block.size
    edge = EDGE * MM
    if left < edge or bottom < edge or left + side > width - edge or bottom + side > height - edge:
        return True
    return any(_covers(spans, left, bottom, side, box) for box in block.others)


def _covers(spans: Sequence[tuple[float, float] | None], left: float, bottom: float, side: float, box: Box) -> bool:
    grown = (box[0] - CLEAR * MM, box[1] - CLEAR * MM, box[2] + CLEAR * MM, box[3] + CLEAR * MM)
    rows = len(spans)
    first = int((bottom + side - grown[3]) / side * rows)
    last = int((bottom + side - grown[1]) / side * rows)
    return any(span is not None and left + span[0] * side < grown[2] and left + span[1] * side > grown[0]
               for span in spans[max(first, 0):max(last + 1, 0)])


def _gap(block: _Block, middle: float, y: float, side: float) -> float:
    """Points from the seal's top up to the lowest text above it; 0 when there is none, as on a page of its own."""
    top = y + side / 2
    above = [box[1] for box in block.others if box[1] >= top and box[0] < middle + side and box[2] > 0]
    return min(above) - top if above else 0.0


def _why(block: _Block, middle: float, y: float, side: float) -> str:
    width, height = block.size
    edge = EDGE * MM
    if middle - side / 2 < edge or middle + side / 2 > width - edge or y + side / 2 > height - edge:
        return "印章会超出纸边。"
    above = any(box[1] > block.organ[3] and abs(_middle(box)[0] - middle) < side / 2 and box[1] < y + side / 2
                for box in block.others)
    where = "上方的正文" if above else "旁边或下方的文字、页码"
    return f"第{block.page + 1}页署名处的空白不够，印章会压住{where}。"


def _blocks(pdf: bytes, names: Sequence[str], date: str) -> list[_Block]:
    with pdfium.opened(pdf) as document:
        return [block for number, page in enumerate(document) for block in _of_page(page, number, names, date)]


def _of_page(page: Any, number: int, names: Sequence[str], date: str) -> Iterator[_Block]:
    """Every date that stands alone on its line with the organ's name alone on the line above it."""
    wanted, lines = {_squeezed(name) for name in names}, _lines(page)
    for place in range(1, len(lines)):
        above, line = lines[place - 1], lines[place]
        if line.text == _squeezed(date) and above.text in wanted and _one_below_the_other(above.box, line.box):
            kept = [lines[place - 2].box] if place > 1 and lines[place - 2].text in KEPT_WORDS else []
            others = _ink(page, [above.box, line.box, *kept])
            yield _Block(number, page.get_size(), above.box, line.box, (*others, *page_code.boxes(*page.get_size())))


def _one_below_the_other(name: Box, day: Box) -> bool:
    return _middle(name)[1] - _middle(day)[1] <= 2 * LINE * MM and name[2] > day[0] and day[2] > name[0]


def _lines(page: Any) -> list[_Line]:
    """The page's lines from the top, whatever order they were painted in: letters whose baselines are the same."""
    words = page.get_textpage()
    try:
        letters = sorted(_letters(words), key=lambda each: -each[0])
    finally:
        words.close()
    rows: list[list[tuple[float, str, Box]]] = []
    for each in letters:
        if rows and rows[-1][0][0] - each[0] <= SAME_LINE:
            rows[-1].append(each)
        else:
            rows.append([each])
    return [_Line("".join(text for _, text, _ in sorted(row, key=lambda each: each[2][0])),
                  _union([box for _, _, box in row])) for row in rows]


def _letters(words: Any) -> Iterator[tuple[float, str, Box]]:
    """Baseline, character and box of what is drawn of the text."""
    x, y = ctypes.c_double(), ctypes.c_double()
    for place in range(words.count_chars()):
        text = _squeezed(chr(pdfium.raw.FPDFText_GetUnicode(words.raw, place)))
        box = words.get_charbox(place)
        if text and box[2] > box[0] and box[3] > box[1] and pdfium.raw.FPDFText_GetCharOrigin(
                words.raw, place, x, y):
            yield y.value, text, box


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).replace("\0", "").split())


def _ink(page: Any, own: Sequence[Box]) -> list[Box]:
    """Everything that is drawn outside the `own` boxes, text or not: each run of ink of each row of points."""
    height = page.get_size()[1]
    drawn = page.render(scale=INK).to_pil().convert("L").point(lambda grey: 255 if grey < PAPER else 0)
    for left, bottom, right, top in own:
        drawn.paste(0, (int((left - HALO) * INK), int((height - top - HALO) * INK),
                        int((right + HALO) * INK) + 1, int((height - bottom + HALO) * INK) + 1))
    across, seen = drawn.width, drawn.tobytes()
    return [(run.start() / INK, height - (row + 1) / INK, run.end() / INK, height - row / INK)
            for row in range(drawn.height) for run in RUN.finditer(seen[row * across:(row + 1) * across])]


def _union(boxes: Sequence[Box]) -> Box:
    return (min(box[0] for box in boxes), min(box[1] for box in boxes),
            max(box[2] for box in boxes), max(box[3] for box in boxes))


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
