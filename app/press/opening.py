"""Runs alone behind the walls (foreign.py): opens one foreign picture or PDF and answers with plain JPEG pages.

It is started by its path, never imported, and needs nothing of the service: if a decoder is broken into, there is no
secret, file or network here. QR codes on the pages are read here too, for the same reason. Pictures lose all metadata;
a PDF is drawn page by page, so no script, action, form or attachment of it lives on.
Arguments: the file, and pdf | png | jpeg | look (a PDF, no pages drawn) | seal (a PNG with its opacity).
stdout: each page as soon as it is drawn, as a line of JSON (width, height, grey, codes, size) and its JPEG (of a seal
its plain RGBA bytes); at the end a line of JSON with the notes, or why the file is refused. So no page is held twice.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

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
QUALITY = 80
"""Of the JPEG pages: print at this resolution shows no difference to a finer one, noise costs a third less."""
DRAWN = 60 << 20
"""Bytes of all pages of one file; a small PDF may show one picture of noise on each of its pages."""
GPS = 0x8825
SEAL_SIDE = 1200
"""Pixels of a seal picture at most: 50 mm at 600 dpi."""
FAINT = 16
"""Opacity (of 255) up to which a point counts as not drawn."""
QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
CODES, LETTERS = 4, 80
"""QR codes told of one page, and characters of one; longer ones are none of ours."""


class Bad(Exception):
    """Why the file is refused; the words for users stand in evidence.py."""


def main(file: str, kind: str) -> None:
    """Answer on stdout; anything unforeseen ends the process with a traceback, which the parent takes as broken."""
    notes: list[str] = []
    try:
        data = Path(file).read_bytes()
        if kind == "seal":
            _send_seal(_cut_out(data))
        else:
            _send(_asked(data, kind, notes))
    except Bad as bad:
        _line({"bad": str(bad)})
    except MemoryError:
        _line({"bad": "slow"})
    else:
        _line({"notes": notes})


def _send(pages: Iterator[Image.Image]) -> None:
    drawn = 0
    for page in pages:
        jpeg, grey = _jpeg(page)
        drawn += len(jpeg)
        if drawn > DRAWN:
            raise Bad("heavy")
        _line({"width": page.width, "height": page.height, "grey": grey, "codes": _codes(page), "size": len(jpeg)})
        sys.stdout.buffer.write(jpeg)


def _codes(page: Image.Image) -> list[str]:
    """What the QR codes on a page say; looked for in red light, where stamps fade, then grown and smoothed."""
    red, grey = page.convert("RGB").getchannel("R"), page.convert("L")
    for picture in (red, ImageOps.autocontrast(grey.resize((round(grey.width * 1.5), round(grey.height * 1.5)),
                                                            Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur(1)))):
        found = zxingcpp.read_barcodes(picture, formats=QR_ONLY)
        texts = [each.text for each in found if 0 < len(each.text) <= LETTERS and each.text.isascii()]
        if texts:
            return list(dict.fromkeys(texts))[:CODES]
    return []


def _cut_out(data: bytes) -> Image.Image:
    """A seal picture with its opacity, cut to what is drawn on it, and no larger than is printed."""
    Image.MAX_IMAGE_PIXELS = None  # checked here, as an error
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            if opened.width * opened.height > PIXELS // 2:
                raise Bad("pixels")
            if getattr(opened, "n_frames", 1) > 1:
                raise Bad("frames")
            picture = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Bad("broken") from error
    drawn = picture.getchannel("A").point(lambda value: 255 if value > FAINT else 0).getbbox()
    if drawn is None:
        raise Bad("broken")
    picture = picture.crop(drawn)
    picture.thumbnail((SEAL_SIDE, SEAL_SIDE), Image.Resampling.LANCZOS)
    return picture


def _send_seal(picture: Image.Image) -> None:
    samples = picture.tobytes()
    _line({"width": picture.width, "height": picture.height, "grey": False, "codes": [], "size": len(samples)})
    sys.stdout.buffer.write(samples)


def _line(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")


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
        raise Bad(("many" if most == MANY else "pages") if len(document) else "broken")
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
            yield _flat(ImageOps.exif_transpose(_small(opened)))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Bad("broken") from error


def _small(picture: Image.Image) -> Image.Image:
    """No larger than a printed sheet needs; in place, because the process has no room for two large ones."""
    factor = max(min(picture.size) / PICTURE_SHORT, max(picture.size) / PICTURE_LONG)
    if factor > 1:
        picture = picture.convert("RGBA") if picture.mode in ("P", "LA", "PA") else picture
        picture.thumbnail((max(1, round(picture.width / factor)), max(1, round(picture.height / factor))))
    return picture


def _flat(picture: Image.Image) -> Image.Image:
    """On white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        return ground.convert("RGB")
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.point(lambda grey: grey / 256).convert("L").convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> tuple[memoryview, bool]:
    """The page as JPEG, and whether it is grey."""
    red, green, blue = picture.split()
    plain = red.tobytes() == green.tobytes() == blue.tobytes()
    fresh = Image.new("L" if plain else "RGB", picture.size)
    fresh.paste(red if plain else picture)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getbuffer(), plain


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
