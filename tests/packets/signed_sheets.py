"""Pages with a body, an organ's name and a date where a test wants them, in real Chinese letters."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pypdf import PdfWriter

from app.packets import sheets, stamp
from app.packets.lettering import lettering

if TYPE_CHECKING:
    from collections.abc import Sequence

MM = 72 / 25.4
LINE = 225 / 22
SIZE = 16.0
ORGAN, DATE = "西吉县吉强镇人民政府", "2026年9月18日"
Text = tuple[str, float, float]
"""Words, left edge and baseline in millimetres from the lower left corner."""


def sheet(*pages: Sequence[Text]) -> bytes:
    """A PDF of A4 pages that show these texts, 16 point."""
    writer = PdfWriter()
    letters = lettering(writer, "".join(text for page in pages for text, _, _ in page) or "空")
    for page in pages:
        made = writer.add_blank_page(sheets.WIDTH, sheets.HEIGHT)
        stamp.resource(made, "/Font", "/FxL", letters.font)
        for text, left, base in page:
            stamp.draw(writer, made, letters.show(text, left * MM, base * MM, SIZE))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def width(text: str) -> float:
    """Millimetres of a text of Chinese letters and narrow figures, near enough to centre by."""
    return sum(SIZE if ord(each) > 0x7F else SIZE / 2 for each in text) / MM


def signed(base: float, right: float = 26 + 4 * SIZE / MM, *, organ: str = ORGAN, date: str = DATE, body: float = 3,
           below: float | None = None) -> list[Text]:
    """A page signed as GB/T 9704-2012 7.3.5.1 lays it: date `right` mm from the paper's edge on baseline `base`,
    the organ centred over it; the body ends `body` lines above the organ; `below` lines under the date a note."""
    left = 210 - right - width(date)
    middle = left + width(date) / 2
    texts = [(date, left, base), (organ, middle - width(organ) / 2, base + LINE)]
    top = base + LINE + body * LINE
    while top < 297 - 37:
        texts.append(("演示正文逐行排满版心每行二十八个字" * 2, 28.0, top))
        top += LINE
    if below is not None:
        texts.append(("（联系人：演示王干事，联系电话：13900000001）", 39.0, base - below * LINE))
    return sorted(((text[:28], x, y) for text, x, y in texts), key=lambda each: -each[2])
