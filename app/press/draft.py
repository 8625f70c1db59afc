"""The mark 草稿 on the pages of a draft: drawn as outlines, so that reading the page back is not disturbed."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTCollection
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

from app.outside import fonts

WORDS = "草稿"
FONT = "NotoSansCJK-Regular.ttc"
SIZE, ANGLE, GREY = 150.0, 45.0, 0.88
"""Points, degrees, and how light (1 is white)."""


class _Path(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects outlines as PDF path operators."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.operators: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  (fontTools' name)
        self.operators.append(f"{point[0]:.0f} {point[1]:.0f} m")

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802  (fontTools' name)
        self.operators.append(f"{point[0]:.0f} {point[1]:.0f} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802  (fontTools' name)
        self.operators.append(" ".join(f"{x:.0f} {y:.0f}" for x, y in points) + " c")

    def _closePath(self) -> None:  # noqa: N802  (fontTools' name)
        self.operators.append("h")


def marked(pdf: bytes) -> bytes:
    """The same PDF with a light 草稿 beneath the text of each page."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        under = DecodedStreamObject()
        under.set_data(_drawing(float(page.mediabox.width), float(page.mediabox.height)))
        contents = page[NameObject("/Contents")].get_object()
        old = list(contents) if isinstance(contents, list) else [page.raw_get("/Contents")]
        page[NameObject("/Contents")] = ArrayObject([writer._add_object(under), *old])  # noqa: SLF001  (pypdf's only way)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@lru_cache(maxsize=8)
def _drawing(width: float, height: float) -> bytes:
    """Operators that paint the words across the middle of a page of this size (points)."""
    scale, turn = SIZE / 1000, math.radians(ANGLE)
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    half = len(WORDS) * 1000 / 2
    x, y = width / 2 - cos * half + sin * 380, height / 2 - sin * half - cos * 380
    matrix = f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {x:.2f} {y:.2f} cm"
    return f"q {GREY} g {matrix} {_outlines()} f Q\n".encode("ascii")


@lru_cache(maxsize=1)
def _outlines() -> str:
    folder = next(each for each, names in fonts.FREE_FONTS.items() if FONT in names)
    font = TTCollection(str(folder / FONT), lazy=True).fonts[0]
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    drawn = []
    for index, character in enumerate(WORDS):
        pen = _Path(glyphs)
        glyphs[cmap[ord(character)]].draw(pen)
        drawn.append(f"q 1 0 0 1 {index * 1000} 0 cm {' '.join(pen.operators)} f Q")
    return " ".join(drawn)
