"""What a docx will show: its paragraphs in reading order, fields and hidden words left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.papers.package import FOOTER, FOOTNOTES, HEADER, MAIN, Package, W, xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FLOATING = {f"{W}txbxContent", f"{W}footnote"}
_UNSHOWN = {f"{W}del", f"{W}moveFrom", FALLBACK}
_GAPS = {f"{W}sym", f"{W}noBreakHyphen", f"{W}footnoteReference", f"{W}endnoteReference", f"{W}drawing", f"{W}pict",
         f"{W}object", f"{W}footnoteRef"}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: its literal pieces, between which a field or sign that we cannot foretell may stand."""

    place: str
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """The words of a docx: `flow` stands in order, `beside` (header, footer, notes, text boxes) anywhere."""

    flow: tuple[Paragraph, ...]
    beside: tuple[Paragraph, ...]


def text_of(package: Package, pages: int) -> Text:
    """What must be found on so many pages."""
    main = package.of(MAIN)[0]
    body = xml(package.parts[main])
    flow: list[Paragraph] = []
    beside: list[Paragraph] = []
    for number, element in enumerate(body.iter(f"{W}p"), 1):
        if _above(element, _UNSHOWN):
            continue
        paragraph = Paragraph(f"正文第{number}段", tuple(_pieces(element)))
        (beside if _above(element, _FLOATING) else flow).append(paragraph)
    shown = _shown_parts(package, main, body, pages)
    for kind, place in ((HEADER, "页眉"), (FOOTER, "页脚"), (FOOTNOTES, "脚注")):
        for name in package.of(kind):
            if kind == FOOTNOTES or name in shown:
                beside += [Paragraph(f"{place}第{number}段", tuple(_pieces(element)))
                           for number, element in enumerate(xml(package.parts[name]).iter(f"{W}p"), 1)
                           if not _above(element, _UNSHOWN)]
    return Text(tuple(flow), tuple(beside))


def _above(element: etree._Element, tags: set[str]) -> bool:
    return any(each.tag in tags for each in element.iterancestors())


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    """The literal pieces of one paragraph, without those of paragraphs inside it (text boxes)."""
    depth = 0
    piece: list[str] = []
    for element in _own(paragraph):
        if element.tag == f"{W}fldChar":
            depth += {"begin": 1, "end": -1}.get(str(element.get(f"{W}fldCharType")), 0)
        if element.tag in {f"{W}fldChar", *_GAPS} or (element.tag == f"{W}t" and _in_field(element)):
            if piece:
                yield "".join(piece)
            piece = []
        elif element.tag == f"{W}t" and not depth and not _hidden(element):
            piece.append(element.text or "")
    if piece:
        yield "".join(piece)


def _own(paragraph: etree._Element) -> Iterator[etree._Element]:
    for child in paragraph:
        if child.tag in _FLOATING or child.tag in _UNSHOWN or not isinstance(child.tag, str):
            continue
        yield child
        yield from _own(child)


def _in_field(element: etree._Element) -> bool:
    return next(element.iterancestors(f"{W}fldSimple"), None) is not None


def _hidden(element: etree._Element) -> bool:
    run = element.getparent()
    mark = None if run is None else run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in {"0", "false"}


def _shown_parts(package: Package, main: str, body: etree._Element, pages: int) -> set[str]:
    """Headers and footers that come to be printed: first and even ones only where the sections ask for them."""
    folder, _, name = main.rpartition("/")
    rels = package.parts.get(f"{folder}/_rels/{name}.rels")
    targets = {} if rels is None else {
        str(each.get("Id")): f"{folder}/{each.get('Target')}".lstrip("/") for each in xml(rels)}
    settings = package.parts.get(f"{folder}/settings.xml")
    even = settings is not None and xml(settings).find(f"{W}evenAndOddHeaders") is not None and pages > 1
    shown: set[str] = set()
    for section in body.iter(f"{W}sectPr"):
        first = section.find(f"{W}titlePg") is not None
        wanted = {"first": first, "even": even, "default": not (first and pages == 1)}
        for reference in (*section.iter(f"{W}headerReference"), *section.iter(f"{W}footerReference")):
            if wanted.get(str(reference.get(f"{W}type")), True):
                shown.add(targets.get(str(reference.get(R_ID)), ""))
    return shown
