"""A sheet of GB/T 9704 as a .docx: page, footers, styles, and an archive that is the same byte for byte each time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

from typesetting import FANG, PAGE, SANHAO, STYLES, fonts, para, size_of, twips

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
CORE_KIND = f"{PACKAGE}relationships/metadata/core-properties"
WORD = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:r="{OFFICE.rstrip("/")}"')
TYPE = "application/vnd.openxmlformats-"
PARTS = (("document", "document.main"), ("styles", "styles"), ("settings", "settings"),
         ("footer1", "footer"), ("footer2", "footer"), ("footer3", "footer"))
CONTENT_TYPES = "".join((
    f'{DECLARATION}<Types xmlns="{PACKAGE}content-types">',
    f'<Default Extension="rels" ContentType="{TYPE}package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    *(f'<Override PartName="/word/{part}.xml" ContentType="{TYPE}officedocument.wordprocessingml.{kind}+xml"/>'
      for part, kind in PARTS),
    f'<Override PartName="/docProps/core.xml" ContentType="{TYPE}package.core-properties+xml"/></Types>',
))
CORE = (
    f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>zh-CN</dc:language>'
    '</cp:coreProperties>'
)
SETTINGS = (
    f'{DECLARATION}<w:settings {WORD}><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
    '</w:settings>'
)


@dataclass(frozen=True)
class Sheet:
    """A document about to be printed: its body and what stands below every page."""

    title: str
    body: str
    below: str = ""
    """Paragraphs above the page number on every page (the signatures of a record)."""
    bottom: float = 35
    """Millimetres under the text; more than 35 when something stands below."""
    bare_first: bool = False
    """No page number on the first page (a cover)."""

    def parts(self) -> dict[str, str]:
        """Every part of the package by name."""
        return {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": relations(
                (f"{OFFICE}officeDocument", "word/document.xml"), (CORE_KIND, "docProps/core.xml")),
            "docProps/core.xml": CORE.format(title=escape(self.title)),
            "word/document.xml": (f"{DECLARATION}<w:document {WORD}><w:body>{self.body}{self.section()}</w:body>"
                                  "</w:document>"),
            "word/styles.xml": stylesheet(),
            "word/settings.xml": SETTINGS,
            "word/_rels/document.xml.rels": relations(
                *((OFFICE + name.rstrip("123"), f"{name}.xml")
                  for name in ("styles", "settings", "footer1", "footer2", "footer3"))),
            "word/footer1.xml": footer(self.below + page_number("right")),
            "word/footer2.xml": footer(self.below + page_number("left")),
            "word/footer3.xml": footer(para("Foot")),
        }

    def section(self) -> str:
        bare = '<w:footerReference w:type="first" r:id="rId5"/>' if self.bare_first else ""
        return (
            '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>'
            f'{bare}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{twips(37)}" w:right="{twips(26)}" '
            f'w:bottom="{twips(self.bottom)}" w:left="{twips(28)}" w:header="{twips(15)}" w:footer="{twips(24.5)}" '
            'w:gutter="0"/>'
            f'{"<w:titlePg/>" if self.bare_first else ""}<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>'
        )

    def print(self) -> bytes:
        """The .docx, the same bytes each time."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in self.parts().items():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                archive.writestr(entry, text.encode(), compresslevel=9)
        return buffer.getvalue()


def page_number(side: str) -> str:
    """— 1 — in 4号半角宋体, one character from the outer edge, 7 mm under the text (7.5)."""
    inner = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
    return para("Foot", "— ", PAGE, " —", extra=inner)


def footer(inside: str) -> str:
    return f"{DECLARATION}<w:ftr {WORD}>{inside}</w:ftr>"


def stylesheet() -> str:
    defaults = (f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}{size_of(SANHAO)}<w:lang w:val="en-US" '
                'w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>')
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    own = "".join(style.xml(identifier) for identifier, style in STYLES.items())
    return f"{DECLARATION}<w:styles {WORD}>{defaults}{normal}{own}</w:styles>"


def relations(*targets: tuple[str, str]) -> str:
    inside = "".join(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
                     for number, (kind, target) in enumerate(targets, 1))
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}relationships">{inside}</Relationships>'
