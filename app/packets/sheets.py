"""How each page of a PDF is laid on a sheet of A4 portrait, so that the number finds a clean place at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PIL import ImageOps

from app.outside import pdfium

WIDTH, HEIGHT = 595.276, 841.890
MM = 72 / 25.4
CLEAN = 14 * MM
"""The lowest strip of the sheet that belongs to the page number alone."""
LOOK = 0.5
"""Pixels a point when looking for ink: 36 dpi."""
PAPER = 245
"""Grey from which a pixel counts as paper."""


@dataclass(frozen=True)
class Layout:
    """`matrix` takes the page's own space (unrotated) onto the sheet; `landscape` sheets are shown by /Rotate 90."""

    matrix: tuple[float, float, float, float, float, float]
    landscape: bool


Matrix = tuple[float, float, float, float, float, float]


def layouts(pdf: bytes) -> tuple[Layout, ...]:
    """One Layout a page. Raises pdfium.Unreadable when the file cannot be opened."""
    with pdfium.opened(pdf) as document:
        return tuple(_layout(page) for page in document)


def _layout(page: Any) -> Layout:
    box, turn = page.get_cropbox(), page.get_rotation()
    upright, width, height = _upright(box, turn)
    landscape = width > height * 1.02
    if landscape:
        upright, width, height = _then(upright, (0, 1, -1, 0, height, 0)), height, width
    scale = _fit(width, height)
    laid = _then(upright, (scale, 0, 0, scale, (WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2))
    return Layout(_then(laid, _lift(page, laid_height=height * scale, landscape=landscape)), landscape)


def _upright(box: tuple[float, float, float, float], turn: int) -> tuple[Matrix, float, float]:
    """From the page's own space to how it is meant to be read, lower left corner at (0, 0), and that size."""
    left, bottom, right, top = box
    wide, high = right - left, top - bottom
    by_turn: dict[int, tuple[Matrix, float, float]] = {
        0: ((1, 0, 0, 1, -left, -bottom), wide, high),
        90: ((0, -1, 1, 0, -bottom, right), high, wide),
        180: ((-1, 0, 0, -1, right, top), wide, high),
        270: ((0, 1, -1, 0, top, -left), high, wide),
    }
    return by_turn[turn]


def _fit(width: float, height: float) -> float:
    """1 for anything that is A4 within 2 mm; otherwise as large as the sheet takes."""
    if abs(width - WIDTH) < 2 * MM and abs(height - HEIGHT) < 2 * MM:
        return 1.0
    return min(WIDTH / width, HEIGHT / height)


def _lift(page: Any, *, laid_height: float, landscape: bool) -> Matrix:
    """Shrinks towards the middle of the top edge just as much as the page number needs; mostly not at all."""
    lowest = (HEIGHT - laid_height) / 2 + _blank(page, landscape=landscape) * laid_height
    if lowest >= CLEAN:
        return (1, 0, 0, 1, 0, 0)
    scale = (HEIGHT - CLEAN) / (HEIGHT - lowest)
    return (scale, 0, 0, scale, WIDTH * (1 - scale) / 2, HEIGHT * (1 - scale))


def _blank(page: Any, *, landscape: bool) -> float:
    """The share of the sheet's height that is free of ink at its bottom; of an empty page, all."""
    picture = page.render(scale=LOOK).to_pil().convert("L")
    if landscape:
        picture = picture.rotate(90, expand=True)
    ink = ImageOps.invert(picture).point(lambda grey: 255 if grey > 255 - PAPER else 0).getbbox()
    return 1.0 if ink is None else float(1 - ink[3] / picture.height)


def _then(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second` (ISO 32000-1, 8.3.3: row vectors)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
