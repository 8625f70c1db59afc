"""The few characters a packet adds by itself (page numbers, the code under the QR), as a font of just them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from app.errors import NeedsPerson
from app.outside import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfWriter
    from pypdf.generic import IndirectObject

PREFERRED = ("NotoSerifCJK-Regular.ttc", "LXGWWenKai-Regular.ttf")
UNITS = 1000
NAME = "FanxiaoNumbers"


@dataclass(frozen=True)
class Lettering:
    """A font of the characters asked for; a character's code in the PDF is its glyph number."""

    font: IndirectObject
    glyphs: dict[str, int]
    widths: dict[str, int]

    def width(self, text: str, size: float) -> float:
        """Width of `text` in points at `size` points."""
        return sum(self.widths[each] for each in text) * size / UNITS

    def show(self, text: str, x: float, y: float, size: float) -> str:
        """Content operators that draw `text` with its baseline at (x, y); the resource is called /FxL."""
        codes = "".join(f"{self.glyphs[each]:04X}" for each in text)
        return f"BT 0 g /FxL {size:.2f} Tf {x:.2f} {y:.2f} Td <{codes}> Tj ET\n"


def lettering(writer: PdfWriter, characters: str) -> Lettering:
    """Put a font with exactly `characters` into `writer`. Raises NeedsPerson when no font at hand has them all."""
    wanted = "".join(sorted(set(characters)))
    data, widths = _subset(_source(wanted), wanted)
    file = DecodedStreamObject()
    file.set_data(data)
    file[NameObject("/Length1")] = NumberObject(len(data))
    glyphs = {each: number for number, each in enumerate(wanted, 1)}
    return Lettering(_font(writer, file, glyphs, widths), glyphs, widths)


def _source(wanted: str) -> TTFont:
    for name in PREFERRED:
        for folder in fonts.folders():
            for font in _faces(folder / name):
                if all(ord(each) in font.getBestCmap() for each in wanted):
                    return font
    raise NeedsPerson("缺少打印页码所需的字体。", advice="请管理员安装 fonts-noto-cjk。")


def _faces(path: Any) -> Iterator[TTFont]:
    if not path.is_file():
        return
    if path.suffix == ".ttc":
        yield TTCollection(path, lazy=True).fonts[0]
    else:
        yield TTFont(path, lazy=True)


def _subset(source: TTFont, wanted: str) -> tuple[bytes, dict[str, int]]:
    """A TrueType file of .notdef and the wanted glyphs, redrawn from any outline format, and their widths per 1000."""
    cmap, glyph_set = source.getBestCmap(), source.getGlyphSet()
    scale = UNITS / source["head"].unitsPerEm
    names = [f"g{number}" for number in range(1, len(wanted) + 1)]
    outlines = {".notdef": TTGlyphPen(None).glyph()}
    metrics = {".notdef": (UNITS, 0)}
    for name, each in zip(names, wanted, strict=True):
        pen = TTGlyphPen(None)
        drawn = glyph_set[cmap[ord(each)]]
        drawn.draw(Cu2QuPen(_Scaled(pen, scale), max_err=1.0, reverse_direction="CFF " in source))
        outlines[name] = pen.glyph()
        metrics[name] = (round(drawn.width * scale), 0)
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(each): name for name, each in zip(names, wanted, strict=True)})
    builder.setupGlyf(outlines)
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2()
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue(), {each: metrics[name][0] for name, each in zip(names, wanted, strict=True)}


class _Scaled:
    """A pen that multiplies all points; fontTools' own TransformPen would lose TTGlyphPen's quadratic splines."""

    def __init__(self, pen: TTGlyphPen, scale: float) -> None:
        self.pen, self.scale = pen, scale

    def __getattr__(self, name: str) -> Any:
        def draw(*points: tuple[float, float] | None) -> None:
            getattr(self.pen, name)(*(point and (point[0] * self.scale, point[1] * self.scale) for point in points))
        return draw


def _font(writer: PdfWriter, file: DecodedStreamObject, glyphs: dict[str, int],
          widths: dict[str, int]) -> IndirectObject:
    """The Type 0 font over `file` (ISO 32000-1, 9.7), with a ToUnicode map so that numbers can be copied out."""
    name = NameObject(f"/FANXIA+{NAME}")
    add = writer._add_object  # noqa: SLF001  (pypdf's only way)
    descriptor = add(_dict(
        Type=NameObject("/FontDescriptor"), FontName=name, Flags=NumberObject(4),
        FontBBox=_numbers(-100, -200, 1100, 1000),
        ItalicAngle=NumberObject(0), Ascent=NumberObject(880), Descent=NumberObject(-120), CapHeight=NumberObject(700),
        StemV=NumberObject(80), FontFile2=add(file.flate_encode())))
    descendant = add(_dict(
        Type=NameObject("/Font"), Subtype=NameObject("/CIDFontType2"), BaseFont=name, FontDescriptor=descriptor,
        CIDSystemInfo=_dict(Registry=TextStringObject("Adobe"), Ordering=TextStringObject("Identity"),
                            Supplement=NumberObject(0)),
        DW=NumberObject(UNITS), CIDToGIDMap=NameObject("/Identity"),
        W=ArrayObject([NumberObject(1), _numbers(*(widths[each] for each in glyphs))])))
    unicode = DecodedStreamObject()
    unicode.set_data(_to_unicode(glyphs).encode())
    return add(_dict(
        Type=NameObject("/Font"), Subtype=NameObject("/Type0"), BaseFont=name, Encoding=NameObject("/Identity-H"),
        DescendantFonts=ArrayObject([descendant]), ToUnicode=add(unicode.flate_encode())))


def _to_unicode(glyphs: dict[str, int]) -> str:
    rows = "\n".join(f"<{number:04X}> <{each.encode('utf-16-be').hex().upper()}>" for each, number in glyphs.items())
    return ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Fanxiao def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{len(glyphs)} beginbfchar\n{rows}\nendbfchar\nendcmap end end\n")


def _dict(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def _numbers(*values: int) -> ArrayObject:
    return ArrayObject([NumberObject(each) for each in values])
