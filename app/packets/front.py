"""Cover and 卷内目录 of a packet that belongs to no case (a case has its own paper for that), as a docx for the press.

Official font names stand in the docx as in all papers; the press prints them with what stands for them.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    import datetime as dt

    from app.packets.contents import Plan

TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"
COLUMNS = (("序号", 16), ("材料名称", 66), ("文号", 34), ("日期", 22), ("页码", 16), ("备注", 16))
"""Heading and width in millimetres; the sum is the 版心 of GB/T 9704 and a little more."""


def front_docx(plan: Plan, *, title: str, office: str, created: dt.date) -> bytes:
    """A docx of one cover page and the index after it."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(22), Mm(18)
    section.top_margin, section.bottom_margin = Mm(30), Mm(22)
    _cover(document, plan, title, office, created)
    _index(document, plan)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cover(document: Any, plan: Plan, title: str, office: str, created: dt.date) -> None:
    _line(document, office, HEAD, 18, before=60)
    _line(document, title, TITLE, 30, before=40, after=160)
    for words in (f"材料：{len(plan.rows)} 件", f"页数：{plan.total} 页（封面和目录不计）",
                  f"立卷单位：{office}", f"立卷日期：{created.year}年{created.month}月{created.day}日"):
        _line(document, words, BODY, 16, middle=False)
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _index(document: Any, plan: Plan) -> None:
    _line(document, "卷内目录", TITLE, 22, after=12)
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for column, (_, width) in zip(table.columns, COLUMNS, strict=True):
        column.width = Mm(width)
    _fill(table.rows[0], [heading for heading, _ in COLUMNS], HEAD)
    table.rows[0]._tr.get_or_add_trPr().append(table.rows[0]._tr.makeelement(qn("w:tblHeader"), {}))  # noqa: SLF001  (python-docx has no word for it)
    for row in plan.rows:
        _fill(table.add_row(), [str(row.number), row.title, row.doc_no, row.date.isoformat() if row.date else "",
                                row.pages, row.note], BODY)


def _fill(row: Any, texts: list[str], font: str) -> None:
    for cell, text, (_, width) in zip(row.cells, texts, COLUMNS, strict=True):
        cell.width = Mm(width)
        _run(cell.paragraphs[0], text, font, 12)
    row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))  # noqa: SLF001  (python-docx has no word for it)


def _line(document: Any, text: str, font: str, size: int, *, before: int = 0, after: int = 6,
          middle: bool = True) -> None:
    paragraph = document.add_paragraph()
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        paragraph.paragraph_format.left_indent = Mm(30)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    _run(paragraph, text, font, size)


def _run(paragraph: Any, text: str, font: str, size: int) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001  (python-docx sets the Latin font only)
