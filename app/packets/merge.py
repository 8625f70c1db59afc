"""From finished PDFs to one packet, ready to be signed: pages, bookmarks, labels, numbers, straddle seal, manifest.

Every sheet leaves as A4 portrait. A landscape page lies on it with its head to the left and is shown upright by
/Rotate, while the number stays where it is on all sheets (GB/T 9704-2012, A4 横排表格). A page enters as a form object
made of its contents and resources and nothing else: annotations, actions, scripts, forms, attachments have no way in.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from app.packets import sheets, stamp
from app.packets.stamp import QrPlace, Straddle
from app.packets.verify import MANIFEST, MANIFEST_KEY, page_digest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.packets.contents import Plan

__all__ = ["About", "QrPlace", "Straddle", "merge"]

NOT_DRAWN = ("/AF", "/PieceInfo", "/Metadata", "/Ref", "/OPI", "/Alternates", "/OC", "/StructParent", "/StructParents")


@dataclass(frozen=True, kw_only=True)
class About:
    """What the packet says of itself. `created` has a time zone; `audit_head` is the head of the register's chain."""

    title: str
    office: str
    created: dt.datetime
    code: str = ""
    """Human-readable code of the public check, e.g. FX-7K2M-9QD4."""
    verify_url: str = ""
    audit_head: str = ""


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
    sources = [("封面与目录", front)] if front else []
    for title, pdf in [*sources, *((each.title, each.pdf) for each in plan.items)]:
        _append(writer, pdf, title)
    if len(writer.pages) != plan.front_pages + plan.total:
        raise Refused("封面与目录的页数和计划的不一致。", where="front", advice="请重新生成目录。")
    stamp.stamp(writer, plan, stamp.Marks(about.code, about.verify_url, qr, straddle))
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
    stamp.resource(sheet, "/XObject", "/FxP", writer._add_object(packed))  # noqa: SLF001  (pypdf's only way)
    stamp.draw(writer, sheet, f"q {matrix} cm /FxP Do Q\n")


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
