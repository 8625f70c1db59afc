"""Runs alone in a limited child process: opens one foreign picture or PDF and answers with plain JPEG pages.

It is started by its path (python -I), never imported, and needs nothing of the service: if a decoder is broken into,
there is no secret here. Pictures lose all metadata; a PDF is drawn page by page, so no script, action, form or
attachment of it lives on. Argument: pdf | png | jpeg | look (a PDF, no pages drawn). stdin: the file.
stdout: one line of JSON, then the pages one after another.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterator

DPI = 200
SHORT, LONG = 1654, 2339
"""A4 at 200 dpi."""
PICTURE_SHORT, PICTURE_LONG = 2480, 3508
"""A4 at 300 dpi: more of a photo is not printed."""
PIXELS = 40_000_000
PAGES, MANY = 200, 5000
SECONDS_PER_PAGE = 6.0
QUALITY = 88
GPS = 0x8825


class Bad(Exception):
    """Why the file is refused; the words for users stand in evidence.py."""


def main(kind: str) -> None:
    """Answer on stdout; anything unforeseen ends the process with a traceback, which the parent takes as broken."""
    data = sys.stdin.buffer.read()
    notes: list[str] = []
    try:
        pages = [_jpeg(each) for each in _asked(data, kind, notes)]
    except Bad as bad:
        answer: dict[str, Any] = {"bad": str(bad)}
        pages = []
    else:
        answer = {"sizes": [len(each) for each in pages], "notes": notes}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(pages))


def _asked(data: bytes, kind: str, notes: list[str]) -> Iterator[Image.Image]:
    if kind == "look":
        _document(data, MANY)
        return
    yield from _drawn(data) if kind == "pdf" else _picture(data, kind, notes)


def _document(data: bytes, most: int) -> Any:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Bad("locked" if "password" in str(error).lower() else "broken") from error
    if not 0 < len(document) <= most:
        raise Bad("pages" if len(document) else "broken")
    return document


def _drawn(data: bytes) -> Iterator[Image.Image]:
    document = _document(data, PAGES)
    document.init_forms()
    for page in document:
        signal.setitimer(signal.ITIMER_PROF, SECONDS_PER_PAGE)  # its default is to end the process, also inside C code
        width, height = page.get_size()
        if min(width, height) < 1:
            raise Bad("broken")
        scale = min(DPI / 72, SHORT / min(width, height), LONG / max(width, height))
        yield page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    signal.setitimer(signal.ITIMER_PROF, 0)


def _picture(data: bytes, kind: str, notes: list[str]) -> Iterator[Image.Image]:
    Image.MAX_IMAGE_PIXELS = None  # checked here, as an error
    try:
        with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as opened:
            if opened.width * opened.height > PIXELS:
                raise Bad("pixels")
            if getattr(opened, "n_frames", 1) > 1:
                raise Bad("frames")
            if GPS in opened.getexif():
                notes.append("gps")
            opened.draft("RGB", (PICTURE_SHORT, PICTURE_LONG))
            turned = ImageOps.exif_transpose(opened)
            yield _flat(turned)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Bad("broken") from error


def _flat(picture: Image.Image) -> Image.Image:
    """On white, no larger than a printed sheet needs."""
    factor = max(min(picture.size) / PICTURE_SHORT, max(picture.size) / PICTURE_LONG)
    if factor > 1:
        size = (max(1, round(picture.width / factor)), max(1, round(picture.height / factor)))
        picture = (picture.convert("RGBA") if picture.mode in ("P", "LA", "PA") else picture).resize(size)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        return ground.convert("RGB")
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.point(lambda grey: grey / 256).convert("L").convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    red, green, blue = picture.split()
    plain = red.tobytes() == green.tobytes() == blue.tobytes()
    fresh = Image.new("L" if plain else "RGB", picture.size)
    fresh.paste(red if plain else picture)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1])
