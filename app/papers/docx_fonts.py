"""Which fonts the text of a docx asks for; fonts that only unused styles and lists name do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.outside import fonts
from app.papers.package import FOOTER, FOOTNOTES, HEADER, MAIN, Package, W, xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"
CONTENT = ((MAIN, "正文"), (HEADER, "页眉"), (FOOTER, "页脚"), (FOOTNOTES, "脚注"))
_KINDS = tuple(f"{W}{kind}" for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
_STYLED = tuple(f"{W}{kind}" for kind in ("pStyle", "rStyle", "tblStyle"))


def unknown_fonts(package: Package) -> Iterator[tuple[str, str]]:
    """(place, font name) of every font in use that app.outside.fonts does not know."""
    known = fonts.known_font_names()
    for where, root in _in_use(package):
        for font in sorted(_named(root) - known):
            yield where, font


def _in_use(package: Package) -> Iterator[tuple[str, etree._Element]]:
    """Paragraphs of the content, then the styles and lists that they use."""
    styles: set[str] = set()
    listed = False
    for kind, place in CONTENT:
        for name in package.of(kind):
            root = xml(package.parts[name])
            styles |= {str(each.get(f"{W}val")) for each in root.iter(*_STYLED)}
            listed = listed or next(root.iter(f"{W}numPr"), None) is not None
            for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
                yield f"{place}第{number}段", paragraph
    if STYLES in package.parts:
        yield from _styles(xml(package.parts[STYLES]), styles)
    if listed and NUMBERING in package.parts:
        yield "编号", xml(package.parts[NUMBERING])


def _styles(root: etree._Element, wanted: set[str]) -> Iterator[tuple[str, etree._Element]]:
    """The defaults, the default styles and the wanted ones with all that they are based on."""
    yield from (("样式", each) for each in root.iter(f"{W}docDefaults"))
    by_id = {str(each.get(f"{W}styleId")): each for each in root.iter(f"{W}style")}
    pending = [name for name, each in by_id.items() if name in wanted or each.get(f"{W}default") == "1"]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen or name not in by_id:
            continue
        seen.add(name)
        yield f"样式 {name}", by_id[name]
        base = by_id[name].find(f"{W}basedOn")
        pending += [] if base is None else [str(base.get(f"{W}val"))]


def _named(root: etree._Element) -> set[str]:
    return {str(each.get(kind)) for each in root.iter(f"{W}rFonts") for kind in _KINDS if each.get(kind)}
