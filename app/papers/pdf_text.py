"""What a PDF shows: the words of its pages, its fonts, and the glyphs that are only boxes.

The text layer returns the right character even where a box was printed; therefore the embedded fonts themselves are
asked
which of the codes in use draw `.notdef` (LibreOffice embeds Type 1 subsets of CFF fonts and TrueType subsets of the
others).
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTFont, TTLibError
from pypdf import PdfReader

from app.outside import pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_END_HYPHEN = "\ufffe"
"""What pdfium puts for a hyphen at the end of a line."""
_AS_READ = {ord(LINE_END_HYPHEN): "-"} | {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)
}
"""pdfium itself gives the ligatures ﬀ…ﬆ as letters."""
_CODE = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]+)>")
_NAMED = re.compile(rb"dup (\d+) ?/([^\s]+) put")
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True)
class EmbeddedFont:
    """One font of the PDF. `boxes`: the characters that it draws as `.notdef`; None when its format is not known."""

    name: str
    embedded: bool
    boxes: tuple[str, ...] | None


def squeezed(text: str) -> str:
    """The form in which texts are compared: NFC, without blanks and line ends, Latin ligatures as their letters."""
    return "".join(unicodedata.normalize("NFC", text.translate(_AS_READ)).split())


def page_texts(pdf: bytes) -> list[str]:
    """The squeezed text of each page, in the order of painting. Raises pdfium.Unreadable."""
    with pdfium.opened(pdf) as document:
        return [squeezed(_text(page)) for page in document]


def fonts_of(pdf: bytes) -> list[EmbeddedFont]:
    """Every font that the pages use."""
    found: dict[int, EmbeddedFont] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for each in page.get("/Resources", {}).get("/Font", {}).values():
            if each.idnum not in found:
                found[each.idnum] = _font(each.get_object())
    return list(found.values())


def _text(page: Any) -> str:
    words = page.get_textpage()
    try:
        return str(words.get_text_range())
    finally:
        words.close()
        page.close()


def _font(font: Any) -> EmbeddedFont:
    name = str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2]
    descriptor = font.get("/FontDescriptor", {}).get_object() if "/FontDescriptor" in font else {}
    used = dict(_codes(font["/ToUnicode"].get_object().get_data())) if "/ToUnicode" in font else {}
    if "/FontFile" in descriptor:
        return EmbeddedFont(name, embedded=True, boxes=_type1_boxes(descriptor["/FontFile"].get_object(), used))
    if "/FontFile2" in descriptor and font.get("/Subtype") == "/TrueType":
        return EmbeddedFont(name, embedded=True, boxes=_truetype_boxes(descriptor["/FontFile2"].get_object(), used))
    return EmbeddedFont(name, embedded=any(key.startswith("/FontFile") for key in descriptor), boxes=None)


def _codes(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Code → characters, of every code that the subset holds; LibreOffice puts only codes in use into a subset."""
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        yield from ((int(code, 16), _unicode(value)) for code, value in _CODE.findall(block))
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, value in _RANGE.findall(block):
            for code in range(int(first, 16), int(last, 16) + 1):
                yield code, chr(ord(_unicode(value)[-1]) + code - int(first, 16))


def _unicode(value: bytes) -> str:
    return bytes.fromhex(value.decode("ascii")).decode("utf-16-be", "replace")


def _type1_boxes(program: Any, used: dict[int, str]) -> tuple[str, ...] | None:
    """A Type 1 font says in plain text which glyph each code draws."""
    clear = program.get_data()[:int(program["/Length1"])]
    if b"/Encoding 256 array" not in clear:
        return None
    drawn = {int(code) for code, glyph in _NAMED.findall(clear) if glyph != b".notdef"}
    return tuple(character for code, character in used.items() if code not in drawn and character.strip())


def _truetype_boxes(program: Any, used: dict[int, str]) -> tuple[str, ...] | None:
    """In a TrueType subset a character without a glyph is a copy of glyph 0."""
    try:
        font = TTFont(io.BytesIO(program.get_data()))
        outlines, order, cmap = font["glyf"], font.getGlyphOrder(), font["cmap"].tables[0].cmap
        box = _outline(outlines, order[0])
        return tuple(character for code, character in used.items()
                     if character.strip() and (code not in cmap or (box and _outline(outlines, cmap[code]) == box)))
    except (TTLibError, KeyError, IndexError, AssertionError):
        return None


def _outline(outlines: Any, name: str) -> tuple[tuple[int, int], ...]:
    return tuple(outlines[name].getCoordinates(outlines)[0])
