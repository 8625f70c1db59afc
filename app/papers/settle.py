"""Settles a template for LibreOffice, which loses marks of punctuation at the end of a justified line.

Measured with LibreOffice 7.4 on 345 sentences of law in a justified paragraph: where punctuation may not hang over the
margin (`w:overflowPunct` off, or not stated: Word's default is on, LibreOffice's import takes it for off), 48 lost a
“；” or “，” without any error; where it may, none. Hanging is therefore stated in the docx that is filled.
"""

from __future__ import annotations

from lxml import etree

from app.papers.package import Package, W, xml

STYLES = "word/styles.xml"
AFTER = frozenset(f"{W}{name}" for name in (
    "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind",
    "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment",
    "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"))
"""What the schema (ECMA-376, CT_PPrBase) puts after overflowPunct."""


def settled(package: Package) -> Package:
    """The package with hanging punctuation on in its defaults and wherever a style or paragraph has it off."""
    parts = dict(package.parts)
    for name, data in package.parts.items():
        if name.endswith(".xml") and b"overflowPunct" in data:
            root = xml(data)
            for each in root.iter(f"{W}overflowPunct"):
                each.set(f"{W}val", "1")
            parts[name] = _written(root)
    if STYLES in parts:
        root = xml(parts[STYLES])
        _on_by_default(root)
        parts[STYLES] = _written(root)
    return Package(parts)


def _on_by_default(styles: etree._Element) -> None:
    defaults = _child(styles, "docDefaults", first=True)
    properties = _child(_child(defaults, "pPrDefault"), "pPr")
    if properties.find(f"{W}overflowPunct") is None:
        mark = etree.Element(f"{W}overflowPunct", {f"{W}val": "1"})
        place = next((index for index, each in enumerate(properties) if each.tag in AFTER), len(properties))
        properties.insert(place, mark)


def _child(parent: etree._Element, name: str, *, first: bool = False) -> etree._Element:
    found = parent.find(f"{W}{name}")
    if found is None:
        found = etree.Element(f"{W}{name}")
        parent.insert(0 if first else len(parent), found)
    return found


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
