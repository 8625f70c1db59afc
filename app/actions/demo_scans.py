"""Made-up scans for the demo: the printed page as a picture, with marks that say plainly that they are 演示."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from app.packets.seal import demo_font, demo_seal

if TYPE_CHECKING:
    from app.outside.press import Press

DPI = 150
RED, BLUE = (196, 30, 36), (28, 52, 140)


def scan(press: Press, pdf: bytes, *, stamped: bool, words: str) -> bytes:
    """The pages of `pdf` as one scanned PDF, with the demo seal on the last page or with handwritten `words`."""
    pages = [Image.open(io.BytesIO(page)).convert("RGB") for page in press.pages(pdf, dpi=DPI)]
    last = pages[-1]
    if stamped:
        seal = Image.open(io.BytesIO(demo_seal())).convert("RGBA").resize((248, 248))
        last.paste(seal, (last.width - 560, last.height - 560), seal)
    ImageDraw.Draw(last).text((180, last.height - 190), f"演示签名　{words}", fill=BLUE, font=demo_font(34))
    return _as_pdf(pages)


def photo(words: str) -> bytes:
    """A PNG that stands for a photo of the act."""
    picture = Image.new("RGB", (1200, 900), (226, 230, 234))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 1160, 860), outline=RED, width=6)
    draw.text((120, 380), "演示照片（虚构，非真实场景）", fill=RED, font=demo_font(56))
    draw.text((120, 500), words, fill=BLUE, font=demo_font(40))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def original(title: str, words: str) -> bytes:
    """A PNG of the size of an A4 page that stands for the scan of a paper that was made by hand."""
    picture = Image.new("RGB", (827, 1169), (250, 248, 242))
    draw = ImageDraw.Draw(picture)
    draw.text((90, 120), title, fill=(20, 20, 20), font=demo_font(44))
    draw.text((90, 230), "纸质原件扫描（演示，虚构）", fill=RED, font=demo_font(34))
    draw.text((90, 320), words, fill=BLUE, font=demo_font(28))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _as_pdf(pages: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    return out.getvalue()
