"""What is stamped on the finished sheets: continuous page number, 骑缝章, and on the cover the QR of the check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import segno
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from app.errors import Refused
from app.packets import seal, sheets
from app.packets.lettering import Lettering, lettering

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter
    from pypdf.generic import IndirectObject

    from app.packets.contents import Plan
    from app.packets.seal import SealImage

MM = 72 / 25.4
NUMBER_SIZE, NUMBER_BASE = 9.0, 8.5 * MM
SMALLEST_QR = 20.0


@dataclass(frozen=True)
class QrPlace:
    """Where the QR goes: page of the front matter from 0; left and top edge and side, millimetres from the top left."""

    page: int
    left: float
    top: float
    side: float = 24.0


@dataclass(frozen=True)
class Straddle:
    """A checked seal picture for the 骑缝章, and how far (mm) to keep off the paper's edge."""

    seal: SealImage
    inset: float = 0.0


@dataclass(frozen=True)
class Marks:
    """What is stamped besides the numbers; the QR needs an address."""

    code: str
    verify_url: str
    qr: QrPlace | None
    straddle: Straddle | None


def stamp(writer: PdfWriter, plan: Plan, marks: Marks) -> None:
    """Draw the straddle seal on all pages, the continuous number on the items' pages, the QR on the front matter."""
    pages = list(writer.pages)
    if marks.straddle is not None:
        _straddle(writer, pages, marks.straddle)
    letters = lettering(writer, "0123456789第页共 " + marks.code)
    for number, sheet in enumerate(pages[plan.front_pages:], 1):
        text = f"第 {number} 页 共 {plan.total} 页"
        left = (sheets.WIDTH - letters.width(text, NUMBER_SIZE)) / 2
        resource(sheet, "/Font", "/FxL", letters.font)
        draw(writer, sheet, letters.show(text, left, NUMBER_BASE, NUMBER_SIZE))
    if marks.qr is not None and marks.verify_url:
        resource(pages[marks.qr.page], "/Font", "/FxL", letters.font)
        draw(writer, pages[marks.qr.page], _qr(marks, letters, marks.qr))


def _straddle(writer: PdfWriter, pages: list[PageObject], straddle: Straddle) -> None:
    """A strip on each page; strips of the same place in groups of the same size share a picture."""
    parts = (seal.Strip(straddle.seal, index, count) for count in seal.groups(len(pages)) for index in range(count))
    known: dict[tuple[int, int], IndirectObject] = {}
    for sheet, part in zip(pages, parts, strict=False):
        place = part.index, part.count
        if place not in known:
            known[place] = seal.embed(writer, part)
        resource(sheet, "/XObject", "/FxS", known[place])
        draw(writer, sheet, seal.strip(part, (sheets.WIDTH, sheets.HEIGHT), straddle.inset))


def _qr(marks: Marks, letters: Lettering, place: QrPlace) -> str:
    """The QR as filled squares (ISO/IEC 18004, level M, four modules of quiet zone) and the code below it."""
    if place.side < SMALLEST_QR:
        raise Refused(f"二维码的边长不能小于 {SMALLEST_QR:.0f} 毫米。", where="qr")
    rows = list(segno.make(marks.verify_url, error="m", micro=False).matrix_iter(border=4))
    size = place.side * MM / len(rows)
    left, top = place.left * MM, sheets.HEIGHT - place.top * MM
    squares = "".join(f"{left + x * size:.3f} {top - (y + 1) * size:.3f} {size:.3f} {size:.3f} re\n"
                      for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    code = letters.show(marks.code, left + (place.side * MM - letters.width(marks.code, 8)) / 2,
                        top - place.side * MM - 13, 8) if marks.code else ""
    return f"q 0 g\n{squares}f Q\n{code}"


def draw(writer: PdfWriter, sheet: PageObject, operators: str) -> None:
    """Add operators to what is drawn on `sheet`, a page that we laid ourselves."""
    if "/Contents" not in sheet:
        sheet[NameObject("/Contents")] = writer._add_object(DecodedStreamObject())  # noqa: SLF001  (pypdf's only way)
    stream: Any = sheet["/Contents"].get_object()
    stream.set_data(stream.get_data() + operators.encode("ascii"))


def resource(sheet: PageObject, kind: str, name: str, value: Any) -> None:
    """Make `value` known to `sheet` as resource `name` of `kind`."""
    resources = sheet.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    resources.setdefault(NameObject(kind), DictionaryObject())[NameObject(name)] = value
