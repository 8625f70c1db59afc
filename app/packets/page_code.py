"""A small QR code on every page of a finished paper, so that its scan is known again when it comes back.

It stands in the 天头 (37 mm, GB/T 9704-2012 5.2.2) at the right: outside the 版心, away from the page number, from the
binding edge and the staple, and from the 骑缝章.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from PIL import ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from app.errors import Refused
from app.outside import pdfium

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MM = 72 / 25.4
SIDE, TOP, QUIET = 20.0, 9.0, 4
"""Millimetres of the code with its quiet zone, and from the paper's top edge; modules of the quiet zone (ISO 18004)."""
RIGHT, LEFT = 26.0, 28.0
"""Margins of the 版心 in millimetres (GB/T 9704-2012 5.2.2)."""
LOOK = 0.5
"""Pixels a point when looking for ink: 36 dpi."""
PAPER = 245
Box = tuple[float, float, float, float]


def coded(pdf: bytes, said: Callable[[int, int], str]) -> bytes:
    """`pdf` with a code on each page; `said(page, pages)` is what it says.

    Raises Refused when a page has no free place for it.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    places = _places(pdf)
    for number, (page, place) in enumerate(zip(writer.pages, places, strict=True), 1):
        overlay = PdfWriter()
        sheet = overlay.add_blank_page(float(page.mediabox.width), float(page.mediabox.height))
        stream = DecodedStreamObject()
        stream.set_data(_drawn(said(number, len(places)), place).encode("ascii"))
        sheet[NameObject("/Contents")] = overlay._add_object(stream.flate_encode())  # noqa: SLF001  (pypdf's only way)
        page.merge_page(sheet)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def boxes(width: float, height: float) -> tuple[Box, ...]:
    """Places of the code on a page, best first, in points from the lower left (left, bottom, right, top)."""
    side, quiet = SIDE * MM, SIDE * MM * QUIET / 33
    bottom = height - TOP * MM - side
    lefts = (width - RIGHT * MM - side + quiet, LEFT * MM - quiet)
    return tuple((left, bottom, left + side, bottom + side) for left in lefts)


def _places(pdf: bytes) -> list[Box]:
    with pdfium.opened(pdf) as document:
        return [_place(page, number) for number, page in enumerate(document, 1)]


def _place(page: Any, number: int) -> Box:
    width, height = page.get_size()
    ink = ImageOps.invert(page.render(scale=LOOK).to_pil().convert("L")).point(
        lambda grey: 255 if grey > 255 - PAPER else 0)
    for left, bottom, right, top in boxes(width, height):
        seen = ink.crop((int(left * LOOK), int((height - top) * LOOK),
                         int(right * LOOK), int((height - bottom) * LOOK)))
        if seen.getbbox() is None:
            return left, bottom, right, top
    raise Refused(f"第{number}页上边没有印二维码的空白。", advice="请把模板的上边距恢复为37毫米，页眉不要放内容。")


def _drawn(said: str, place: Box) -> str:
    """Operators of the code as filled runs of modules (ISO/IEC 18004, level M)."""
    rows = list(segno.make(said, error="m", micro=False, boost_error=False).matrix_iter(border=QUIET))
    left, _, right, top = place
    size = (right - left) / len(rows)
    return "q 0 g\n" + "".join(
        f"{left + start * size:.3f} {top - (y + 1) * size:.3f} {count * size:.3f} {size:.3f} re\n"
        for y, row in enumerate(rows) for start, count in _runs(bytes(map(bool, row)))) + "f Q\n"


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = found[-1][0], found[-1][1] + 1
        elif dark:
            found.append((x, 1))
    return found
