"""From finished PDFs to one packet, ready to be signed: pages, bookmarks, labels, numbers, straddle seal, manifest.

Every sheet leaves as A4 portrait. A landscape page lies on it with its head to the left and is shown upright by /Rotate,
while the number stays where it is on all sheets (GB/T 9704-2012, 7.5, A4 横排表格). A page enters as a form object made of
its contents and resources and nothing else: annotations, actions, scripts, forms and attachments have no way in.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import segno
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from app.errors import Refused
from app.packets import lettering, seal, sheets
from app.packets.verify import MANIFEST, MANIFEST_KEY, page_digest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.packets.contents import Plan
    from app.packets.lettering import Lettering
    from app.packets.seal import SealImage

MM = 72 / 25.4
NUMBER_SIZE, NUMBER_BASE = 9.0, 8.5 * MM
SMALLEST_QR = 20.0
NOT_DRAWN = ("/AF", "/PieceInfo", "/Metadata", "/Ref", "/OPI", "/Alternates", "/OC", "/StructParent", "/StructParents")


@dataclass(frozen=True, kw_only=True)
class About:
    """What the packet says of itself. `created` carries a time zone; `audit_head` is the head of the register's chain."""

    title: str
    office: str
    created: dt.datetime
    code: str = ""
    """Human-readable code of the public check, e.g. FX-7K2M-9QD4."""
    verify_url: str = ""
    audit_head: str = ""


@dataclass(frozen=True)
class QrPlace:
    """Where the QR goes: page of the front matter from 0, left and top edge and side in millimetres from the top left."""

    page: int
    left: float
    top: float
    side: float = 24.0


@dataclass(frozen=True)
class Straddle:
    """A checked seal picture for the 骑缝章, and how far (mm) to keep off the paper's edge."""

    seal: SealImage
    inset: float = 0.0


def merge(plan: Plan, about: About, *, front: bytes = b"", qr: QrPlace | None = None,
          straddle: Straddle | None = None) -> bytes:
    """One PDF of front matter and items, not yet signed.

    Args:
        plan: the items in order, with `front_pages` as `front` has them.
        about: goes into the document information and the manifest.
        front: cover and index as PDF; b"" for none.
        qr: place kept free on the front matter; needs `about.verify_url`.
        straddle: None leaves the edges clean.

    Raises:
        Refused: a part is no readable PDF or is locked, or the front matter has not the pages that were planned.
    """
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    letters = lettering.lettering(writer, "0123456789第页共 " + about.code)
    sources = [("封面与目录", front)] if front else []
    for title, pdf in [*sources, *((each.title, each.pdf) for each in plan.items)]:
        _append(writer, pdf, title)
    if len(writer.pages) != plan.front_pages + plan.total:
        raise Refused("封面与目录的页数和计划的不一致。", where="front", advice="请重新生成目录。")
    _stamp(writer, plan, about, letters, qr, straddle)
    _outline(writer, plan)
    _describe(writer, plan, about)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _append(writer: PdfWriter, pdf: bytes, title: str) -> None:
    try:
        reader = PdfReader(io.BytesIO(pdf))
        for page, layout in zip(reader.pages, sheets.layouts(pdf), strict=True):
            _lay(writer, page, layout)
    except Exception as error:  # pypdf and pdfium raise many kinds on a broken file
        raise Refused(f"“{title}”不是完好的 PDF。", where=title, advice="请重新导出或扫描这份材料。") from error


def _lay(writer: PdfWriter, page: PageObject, layout: sheets.Layout) -> None:
    """Put a page as a form object on a new sheet of A4."""
    form = DecodedStreamObject()
    contents = page.get_contents()
    form.set_data(contents.get_data() if contents is not None else b"")
    resources: Any = page.get("/Resources", DictionaryObject()).get_object()
    group: Any = page.get("/Group")
    packed = form.flate_encode()
    packed[NameObject("/Type")], packed[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    packed[NameObject("/BBox")] = ArrayObject([FloatObject(each) for each in page.cropbox])
    packed[NameObject("/Resources")] = _scrubbed(resources.clone(writer))
    if group is not None:
        packed[NameObject("/Group")] = group.get_object().clone(writer)
    sheet = writer.add_blank_page(sheets.WIDTH, sheets.HEIGHT)
    if layout.landscape:
        sheet[NameObject("/Rotate")] = NumberObject(90)
    matrix = " ".join(f"{each:.5f}" for each in layout.matrix)
    _resource(sheet, "/XObject", "/FxP", writer._add_object(packed))  # noqa: SLF001  (pypdf's only way)
    _set_contents(writer, sheet, f"q {matrix} cm /FxP Do Q\n")


def _scrubbed(resources: Any) -> Any:
    """Drop from the objects a page draws what is not for drawing (attached files, private data, outside references)."""
    done: set[int] = set()
    waiting = [resources]
    while waiting:
        value = waiting.pop()
        value = value.get_object() if hasattr(value, "get_object") else value
        if id(value) in done or not isinstance(value, (DictionaryObject, ArrayObject)):
            continue
        done.add(id(value))
        if isinstance(value, StreamObject):
            for key in NOT_DRAWN:
                value.pop(key, None)
        waiting += value.values() if isinstance(value, DictionaryObject) else value
    return resources


def _set_contents(writer: PdfWriter, sheet: PageObject, operators: str) -> None:
    stream = DecodedStreamObject()
    stream.set_data(operators.encode("ascii"))
    sheet[NameObject("/Contents")] = writer._add_object(stream)  # noqa: SLF001  (pypdf's only way)


def _resource(sheet: PageObject, kind: str, name: str, value: Any) -> None:
    resources = sheet.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    resources.setdefault(NameObject(kind), DictionaryObject())[NameObject(name)] = value


def _stamp(writer: PdfWriter, plan: Plan, about: About, letters: Lettering, qr: QrPlace | None,
           straddle: Straddle | None) -> None:
    added = ["" for _ in writer.pages]
    if straddle is not None:
        picture = seal.embed(writer, straddle.seal)
        place = 0
        for count in seal.groups(len(added)):
            for index in range(count):
                added[place] += seal.strip(straddle.seal, index, count, (sheets.WIDTH, sheets.HEIGHT), straddle.inset)
                _resource(writer.pages[place], "/XObject", "/FxS", picture)
                place += 1
    for number in range(1, plan.total + 1):
        text = f"第 {number} 页 共 {plan.total} 页"
        left = (sheets.WIDTH - letters.width(text, NUMBER_SIZE)) / 2
        added[plan.front_pages + number - 1] += letters.show(text, left, NUMBER_BASE, NUMBER_SIZE)
    if qr is not None and about.verify_url:
        added[qr.page] += _qr(about, letters, qr)
    for sheet, operators in zip(writer.pages, added, strict=True):
        if operators:
            _resource(sheet, "/Font", "/FxL", letters.font)
            _set_contents(writer, sheet, sheet.get_contents().get_data().decode("ascii") + operators)  # type: ignore[union-attr]


def _qr(about: About, letters: Lettering, place: QrPlace) -> str:
    """The QR as filled squares (ISO/IEC 18004, level M, four modules of quiet zone) and the code below it."""
    if place.side < SMALLEST_QR:
        raise Refused(f"二维码的边长不能小于 {SMALLEST_QR:.0f} 毫米。", where="qr")
    rows = list(segno.make(about.verify_url, error="m", micro=False).matrix_iter(border=4))
    size = place.side * MM / len(rows)
    left, top = place.left * MM, sheets.HEIGHT - place.top * MM
    squares = "".join(f"{left + x * size:.3f} {top - (y + 1) * size:.3f} {size:.3f} {size:.3f} re\n"
                      for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    code = letters.show(about.code, left + (place.side * MM - letters.width(about.code, 8)) / 2,
                        top - place.side * MM - 8, 8) if about.code else ""
    return f"q 0 g\n{squares}f Q\n{code}"


def _outline(writer: PdfWriter, plan: Plan) -> None:
    if plan.front_pages:
        writer.add_outline_item(title="封面与目录", page_number=0)
        writer.set_page_label(0, plan.front_pages - 1, PageLabelStyle.LOWERCASE_ROMAN, start=1)
    for row in plan.rows:
        writer.add_outline_item(title=f"{row.number}. {row.title}", page_number=plan.front_pages + row.first - 1)
    writer.set_page_label(plan.front_pages, len(writer.pages) - 1, PageLabelStyle.DECIMAL, start=1)
    writer.page_mode = "/UseOutlines"


def _describe(writer: PdfWriter, plan: Plan, about: About) -> None:
    memory: dict[tuple[int, int], str] = {}
    text = json.dumps(_manifest(plan, about, [page_digest(each, memory) for each in writer.pages]),
                      ensure_ascii=False, indent=1).encode()
    writer.add_attachment(MANIFEST, text)
    writer.add_metadata({
        "/Title": about.title, "/Author": about.office, "/Creator": "返校", "/Producer": "返校",
        "/CreationDate": f"D:{about.created:%Y%m%d%H%M%S%z}"[:-2] + "'" + f"{about.created:%z}"[-2:] + "'",
        MANIFEST_KEY: hashlib.sha256(text).hexdigest(),
    })


def _manifest(plan: Plan, about: About, digests: Sequence[str]) -> dict[str, Any]:
    return {
        "format": "fanxiao-packet/1", "title": about.title, "office": about.office, "code": about.code,
        "created": about.created.isoformat(), "audit_head": about.audit_head, "verify_url": about.verify_url,
        "front_pages": plan.front_pages, "numbered_pages": plan.total,
        "items": [{
            "number": row.number, "title": row.title, "doc_no": row.doc_no,
            "date": row.date.isoformat() if row.date else None, "pages": [row.first, row.last],
            "sha256": hashlib.sha256(item.pdf).hexdigest(), "source_sha256": item.source_sha256,
        } for row, item in zip(plan.rows, plan.items, strict=True)],
        "page_sha256": list(digests),
    }
