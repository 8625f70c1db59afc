"""Small docx files for tests, and ways to spoil them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

if TYPE_CHECKING:
    from collections.abc import Callable

FONT = "仿宋_GB2312"
RELS = "word/_rels/document.xml.rels"
BODY = "word/document.xml"


def paper(*paragraphs: str, header: str = "", footer: str = "", table: list[list[str]] | None = None,
          title: str = "", font: str = FONT) -> bytes:
    """A docx with these paragraphs, in fonts that papers may use."""
    document = docx.Document()
    document.core_properties.title = title
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    for text in paragraphs:
        document.add_paragraph(text)
    for row in table or []:
        cells = (document.tables[0] if document.tables else document.add_table(0, len(row))).add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def changed(data: bytes, name: str, change: Callable[[str], str], **more: str | bytes) -> bytes:
    """The docx with one part changed and others (by `more`, slashes as __) added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            text = old.read(each)
            new.writestr(each, change(text.decode("utf-8")) if each == name else text)
        for each, content in more.items():
            new.writestr(each.replace("__", "/"), content)
    return target.getvalue()


def related(data: bytes, kind: str, target: str, *, external: bool = True, xml: str = "") -> bytes:
    """The docx with one relationship more (rId99), and `xml` as the first thing of its body."""
    mode = ' TargetMode="External"' if external else ""
    rel = (f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
           f'Target="{target}"{mode}/>')
    data = changed(data, RELS, lambda text: text.replace("</Relationships>", rel + "</Relationships>"))
    return changed(data, BODY, lambda text: text.replace("<w:body>", "<w:body>" + xml, 1)) if xml else data


def body_with(data: bytes, xml: str) -> bytes:
    """The docx with raw XML as the first thing of its body."""
    return changed(data, BODY, lambda text: text.replace("<w:body>", "<w:body>" + xml, 1))


def words(data: bytes) -> str:
    """All text of the body."""
    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", parts(data)[BODY]))
