"""What comes back from the copier and the camera: made from the page that was printed, and marked 演示."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from app.actions.demo_scans import photo
from app.packets.seal import demo_font, demo_seal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import FilePayload

PAPER, INK = (250, 249, 246), (28, 52, 140)
DPI = 150


def scan(pages: Sequence[bytes], words: str, *, stamped: bool = False) -> FilePayload:
    """The pages slightly askew with ink on the last: a PNG of one page, a PDF of several."""
    seen = [Image.open(io.BytesIO(page)).convert("RGB").resize((1240, 1754)) for page in pages]
    seen = [page.rotate(0.4, fillcolor=PAPER) for page in seen]
    last = seen[-1]
    if stamped:
        seal = Image.open(io.BytesIO(demo_seal())).convert("RGBA").resize((248, 248))
        last.paste(seal, (last.width - 560, last.height - 560), seal)
    ImageDraw.Draw(last).text((180, last.height - 190), f"演示签名　{words}", fill=INK, font=demo_font(34))
    out = io.BytesIO()
    if len(seen) == 1:
        last.save(out, "PNG", dpi=(DPI, DPI))
        return {"name": "扫描.png", "mimeType": "image/png", "buffer": out.getvalue()}
    seen[0].save(out, "PDF", save_all=True, append_images=seen[1:], resolution=DPI)
    return {"name": "扫描.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


def snapshot(words: str) -> FilePayload:
    """A photo of the act."""
    return {"name": "照片.png", "mimeType": "image/png", "buffer": photo(words)}
