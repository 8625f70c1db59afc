"""Lays an approved seal on a paper in true size, and measures the finished page before anybody may take it.

What is laid is a flat picture of the spot, text and seal in one: the seal cannot be taken out of the PDF. The words
under it stay black, as under a stamp, and stay in the file as text.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from app.errors import NeedsPerson
from app.outside import pdfium

if TYPE_CHECKING:
    from app.packets.seal import SealImage
    from app.packets.signature import Place

MM = 72 / 25.4
DPI, LOOK = 600, 150
"""Dots per inch at which the spot is laid, and at which the finished page is measured."""
NEAR = 0.6
"""Millimetres by which what is measured may differ from what was meant."""
RED = 40
"""How much redder a point must have become (of 255) to count as the seal's."""
WRONG = "盖章后的页面与应有的不一致，已停止。"


@dataclass(frozen=True)
class Measured:
    """Where the seal stands on the finished page: millimetres from the lower left corner, and its width."""

    left: float
    bottom: float
    width: float


def lay(pdf: bytes, place: Place, seal: SealImage) -> bytes:
    """`pdf` with the seal on it; everything else in it stays as it was."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    page = writer.pages[place.page]
    spot, box = _spot(pdf, place, seal)
    overlay = PdfWriter()
    sheet = overlay.add_blank_page(float(page.mediabox.width), float(page.mediabox.height))
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): DictionaryObject(
        {NameObject("/FxSeal"): overlay._add_object(_image(spot))})})  # noqa: SLF001  (pypdf's only way)
    stream = DecodedStreamObject()
    stream.set_data(f"q {box[2]:.4f} 0 0 {box[2]:.4f} {box[0]:.4f} {box[1]:.4f} cm /FxSeal Do Q\n".encode("ascii"))
    sheet[NameObject("/Contents")] = overlay._add_object(stream)  # noqa: SLF001  (pypdf's only way)
    page.merge_page(sheet)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def measure(before: bytes, after: bytes, place: Place, seal: SealImage) -> Measured:
    """Compare the two files point by point. Raises NeedsPerson unless just the seal came, in its place and size."""
    olds, news = _drawn(before), _drawn(after)
    changed = [number for number, (old, new) in enumerate(zip(olds, news, strict=True)) if _came(old, new)]
    if changed != [place.page]:
        raise NeedsPerson(WRONG, advice="请把文书的文号告诉管理员。")
    box, height = _came(olds[place.page], news[place.page]), news[place.page].height
    assert box is not None  # noqa: S101  (the page is among the changed)
    scale = LOOK / 25.4
    found = Measured(box[0] / scale, (height - box[3]) / scale, (box[2] - box[0]) / scale)
    meant = (place.left / MM, place.bottom / MM, seal.millimetres, seal.millimetres)
    shown = (found.left, found.bottom, found.width, (box[3] - box[1]) / scale)
    if any(abs(one - other) > NEAR for one, other in zip(meant, shown, strict=True)):
        raise NeedsPerson(WRONG, advice="请把文书的文号告诉管理员。")
    return found


def _spot(pdf: bytes, place: Place, seal: SealImage) -> tuple[Image.Image, tuple[float, float, float]]:
    """The square of the page under the seal with the seal on it, and where it lies: left, bottom, side in points."""
    scale = DPI / 72
    pixels = round(seal.millimetres / 25.4 * DPI)
    with pdfium.opened(pdf) as document:
        page = document[place.page]
        width, height = page.get_size()
        left, top = round(place.left * scale), round((height - place.bottom) * scale) - pixels
        whole = (left / scale, height - (top + pixels) / scale, pixels / scale)
        crop = (whole[0], whole[1], width - whole[0] - whole[2], height - whole[1] - whole[2])
        ground = page.render(scale=scale, crop=crop).to_pil().convert("RGB")
    if abs(ground.width - pixels) > 2 or abs(ground.height - pixels) > 2:  # noqa: PLR2004  (rounding of the renderer)
        raise NeedsPerson(WRONG, advice="请把文书的文号告诉管理员。")
    picture = Image.merge("RGBA", (*Image.frombytes("RGB", (seal.width, seal.height), seal.colours).split(),
                                   Image.frombytes("L", (seal.width, seal.height), seal.opacity)))
    stamp = Image.new("RGBA", (pixels, pixels), "white")
    stamp.alpha_composite(picture.resize((pixels, pixels), Image.Resampling.LANCZOS))
    return ImageChops.multiply(ground.resize((pixels, pixels)), stamp.convert("RGB")), whole


def _image(picture: Image.Image) -> DecodedStreamObject:
    image = DecodedStreamObject()
    image.set_data(zlib.compress(picture.tobytes(), 9))
    for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/ColorSpace", "/DeviceRGB"),
                       ("/Filter", "/FlateDecode")):
        image[NameObject(key)] = NameObject(value)
    for key, number in (("/Width", picture.width), ("/Height", picture.height), ("/BitsPerComponent", 8)):
        image[NameObject(key)] = NumberObject(number)
    return image


def _drawn(pdf: bytes) -> list[Any]:
    with pdfium.opened(pdf) as document:
        return [page.render(scale=LOOK / 72).to_pil().convert("RGB") for page in document]


def _came(old: Any, new: Any) -> tuple[int, int, int, int] | None:
    """The box of the points that became red."""
    return ImageChops.subtract(_redness(new), _redness(old)).point(lambda value: 255 if value > RED else 0).getbbox()


def _redness(picture: Any) -> Any:
    red, green, blue = picture.split()
    return ImageChops.subtract(red, ImageChops.lighter(green, blue))
