"""骑缝章: one picture of a seal, cut into strips over the right edges of the pages (a custom).

The product never draws the seal of an office. It places a picture that was uploaded and approved, and a picture is not
an 电子印章 (国办发〔2025〕33号). The demo seal is a square frame that says so; real ones are round (国发〔1999〕25号).
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import DecodedStreamObject, NameObject, NumberObject, StreamObject

from app.errors import NeedsPerson, Refused
from app.outside import fonts

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import IndirectObject

MM = 72 / 25.4
GROUP = 12
"""Pages that share one seal at most: a strip stays 3.5 mm wide."""
SMALLEST, LARGEST = 200, 4000
"""Pixels of a side."""
DIAMETERS = (30.0, 50.0)
"""Millimetres: 国发〔1999〕25号 knows 42 (乡镇), 45 (县市) and 50 (自治区)."""
RED = (200, 16, 16, 255)
LEAST_RED = 60
"""How much redder than green and blue (of 255) the drawn points are on the whole."""


@dataclass(frozen=True)
class SealImage:
    """A seal picture: colours and opacity, both one byte a channel, and its true width in millimetres."""

    width: int
    height: int
    colours: bytes
    opacity: bytes
    millimetres: float


def read_seal(png: bytes, millimetres: float = 42.0) -> SealImage:
    """Check a seal picture. Raises Refused when it is no PNG, not transparent around it, not square or too small."""
    if not DIAMETERS[0] <= millimetres <= DIAMETERS[1]:
        raise Refused(f"印章直径应在 {DIAMETERS[0]:.0f} 至 {DIAMETERS[1]:.0f} 毫米之间。", where="seal")
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
            width, height = opened.size
            _check_size(width, height)
            if getattr(opened, "n_frames", 1) != 1:
                raise Refused("印章图片不能是动画。", where="seal", advice="请使用静态的 PNG 图片。")
            picture = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("印章图片不是完好的 PNG 文件。", where="seal", advice="请使用透明背景的 PNG 图片。") from error
    opacity = picture.getchannel("A")
    corners = [opacity.getpixel(place) for place in
               ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1))]
    if any(corners) or max(opacity.tobytes()) < 128:  # noqa: PLR2004  (half of the range)
        raise Refused("印章图片的背景不是透明的，盖上会遮住文字。", where="seal", advice="请使用透明背景的 PNG 图片。")
    return SealImage(width, height, picture.convert("RGB").tobytes(), opacity.tobytes(), millimetres)


def require_red(seal: SealImage) -> None:
    """Pass for a seal in red; else raise Refused (GB/T 9704-2012 7.3.5.1: 印章用红色)."""
    inked = [seal.colours[3 * place:3 * place + 3] for place in range(0, len(seal.opacity), 7)
             if seal.opacity[place] > 127]  # noqa: PLR2004  (half of the range)
    red, green, blue = (sum(each[channel] for each in inked) / max(1, len(inked)) for channel in range(3))
    if red < max(green, blue) + LEAST_RED:
        raise Refused("印章图片不是红色的。", where="seal", advice="请用红色印文、透明背景的 PNG 图片。")


def _check_size(width: int, height: int) -> None:
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise Refused(f"印章图片的尺寸是 {width}×{height} 像素，应在 {SMALLEST} 至 {LARGEST} 像素之间。", where="seal",
                      advice="请用 600 像素左右的图片。")
    if abs(width - height) > max(width, height) * 0.03:
        raise Refused("印章图片应是正方形，印章充满图片。", where="seal", advice="请裁去印章四周的空白。")


def groups(pages: int) -> tuple[int, ...]:
    """How many pages share each seal: as even as can be, 12 at most; a single page takes none."""
    if pages < 2:  # noqa: PLR2004  (nothing to join)
        return ()
    count = -(-pages // GROUP)
    return tuple(pages // count + (number < pages % count) for number in range(count))


@dataclass(frozen=True)
class Strip:
    """The part of a seal that one page bears: strip `index` of `count` from the left, whole columns of the picture."""

    seal: SealImage
    index: int
    count: int

    @property
    def columns(self) -> range:
        return range(self.index * self.seal.width // self.count, -(-(self.index + 1) * self.seal.width // self.count))


def embed(writer: PdfWriter, part: Strip) -> IndirectObject:
    """Put the columns of the strip into `writer`, and no others: no page of a file holds a seal to be taken out."""
    mask = writer._add_object(_image(part, part.seal.opacity, "/DeviceGray"))  # noqa: SLF001  (pypdf's only way)
    image = _image(part, part.seal.colours, "/DeviceRGB")
    image[NameObject("/SMask")] = mask
    return writer._add_object(image)  # noqa: SLF001  (pypdf's only way)


def _image(part: Strip, samples: bytes, space: str) -> StreamObject:
    size, columns = len(samples) // (part.seal.width * part.seal.height), part.columns
    starts = range(0, len(samples), part.seal.width * size)
    image = DecodedStreamObject()
    image.set_data(zlib.compress(b"".join(
        samples[start + columns.start * size:start + columns.stop * size] for start in starts), 9))
    names = (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/ColorSpace", space), ("/Filter", "/FlateDecode"))
    for key, value in names:
        image[NameObject(key)] = NameObject(value)
    for key, number in (("/Width", len(columns)), ("/Height", part.seal.height), ("/BitsPerComponent", 8)):
        image[NameObject(key)] = NumberObject(number)
    return image


def strip(part: Strip, page: tuple[float, float], inset: float = 0.0) -> str:
    """Operators that draw the strip at the right edge, at mid-height; resource /FxS is its picture.

    `page` is width and height in points; `inset` millimetres keep it off the edge for printers that leave one blank.
    """
    side = part.seal.millimetres * MM
    wide, right, column = side / part.count, page[0] - inset * MM, side / part.seal.width
    left, bottom = right - wide, (page[1] - side) / 2
    begin = left + part.columns.start * column - part.index * wide
    return (f"q {left:.3f} {bottom:.3f} {wide:.3f} {side:.3f} re W n "
            f"{len(part.columns) * column:.3f} 0 0 {side:.3f} {begin:.3f} {bottom:.3f} cm /FxS Do Q\n")


def demo_seal(text: str = "样章·演示", side: int = 600) -> bytes:
    """A PNG of a red rounded square that says 样章·演示: by its shape and words plainly no seal of an office."""
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    edge = side // 40
    draw.rounded_rectangle((edge, edge, side - edge, side - edge), radius=side // 8, outline=RED, width=side // 30)
    font = demo_font(side // 6)
    draw.text((side / 2, side / 2), text, font=font, fill=RED, anchor="mm")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def demo_font(size: int) -> ImageFont.FreeTypeFont:
    """A Chinese font at `size` pixels. Raises NeedsPerson when none is installed."""
    for folder in fonts.folders():
        for name in ("NotoSerifCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc", "LXGWWenKai-Regular.ttf"):
            if (folder / name).is_file():
                return ImageFont.truetype(str(folder / name), size)
    raise NeedsPerson("缺少中文字体，画不出样章。", advice="请管理员安装 fonts-noto-cjk。")
