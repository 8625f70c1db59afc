"""The composing stick: paragraphs, forms and pages of WordprocessingML to the metrics of GB/T 9704-2012.

Measures: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (5.2.1), 22 lines of 28 characters (5.2.3). A line is 225 mm / 22 = 28.95 pt.
A 3号 character is 16 pt wide and 28 of them want 448 pt, but 156 mm are 442.2 pt: each character of running text is set 0.25 pt
closer, because the document grid that Word would use for this (linesAndChars) is spread wrongly by LibreOffice.
Everything is written out, down to the time stamps in the archive, so that the same source always gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MILLIMETRE = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ' \
       'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FANG, BIAO, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
ERHAO, SANHAO, SIHAO, XIAOSI, WUHAO = 22, 16, 14, 12, 10.5
"""二号, 三号, 四号, 小四, 五号 in points."""
TEXT_WIDTH = 156


@dataclass(frozen=True)
class Style:
    """A named paragraph style. Indents in characters of its own size, lines in points."""

    name: str
    size: float = SANHAO
    face: str = FANG
    line: float = 28.95
    rule: str = "exact"
    align: str = "both"
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    tight: bool = False
    """Running text on the grid of 28 characters."""

    def xml(self, identifier: str) -> str:
        grid = "" if self.line == BODY.line else '<w:snapToGrid w:val="0"/>'
        indent = "".join(
            f' w:{side}Chars="{round(chars * 100)}" w:{side}="{round(chars * self.size * 20)}"'
            for side, chars in (("left", self.left), ("right", self.right), ("firstLine", self.first)) if chars
        )
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identifier}"><w:name w:val="{self.name}"/>'
            f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl/>{grid}'
            f'<w:spacing w:before="{round(self.before * 20)}" w:after="{round(self.after * 20)}" '
            f'w:line="{round(self.line * 20)}" w:lineRule="{self.rule}"/>'
            f'{f"<w:ind{indent}/>" if indent else ""}<w:jc w:val="{self.align}"/></w:pPr>'
            f'<w:rPr>{fonts(self.face)}{self.spacing}{size_of(self.size)}</w:rPr></w:style>'
        )

    @property
    def spacing(self) -> str:
        return '<w:spacing w:val="-5"/>' if self.tight else ""


BODY = Style("公文正文", first=2, tight=True)
STYLES: Mapping[str, Style] = {
    "Body": BODY,
    "Flush": Style("公文顶格", tight=True),
    "Party": Style("当事人", first=2, tight=True, align="left"),
    "Title": Style("公文标题", ERHAO, BIAO, 33, align="center"),
    "Number": Style("发文字号", align="center", before=2, after=12),
    "FormOrgan": Style("表格发文机关", 18, BIAO, 26, align="center"),
    "FormTitle": Style("表格标题", ERHAO, BIAO, 32, align="center"),
    "CaseNumber": Style("案件编号", XIAOSI, FANG, 20, align="right", after=3),
    "Upward": Style("上行文版头", left=1, right=1),
    "Sign": Style("落款", align="center", left=12.4),
    "Mark": Style("盖章处", XIAOSI, align="center", left=12.4 * SANHAO / XIAOSI),
    "Heading": Style("记录小标题", SIHAO, HEI, 26, before=4),
    "Record": Style("记录正文", SIHAO, FANG, 26, first=2),
    "Plain": Style("记录顶格", SIHAO, FANG, 26),
    "Asked": Style("问答", SIHAO, FANG, 26, left=2, first=-2),
    "Label": Style("表格项目", XIAOSI, HEI, 18, align="center"),
    "Cell": Style("表格文字", XIAOSI, FANG, 18, align="left"),
    "Tick": Style("勾选", XIAOSI, SONG, 18, align="left"),
    "Item": Style("目录项目", WUHAO, FANG, 16, align="left"),
    "ItemMiddle": Style("目录居中", WUHAO, FANG, 16, align="center"),
    "Note": Style("填写说明", WUHAO, FANG, 14, before=2),
    "Foot": Style("页码", SIHAO, SONG, 20),
    "Hand": Style("逐页签名", XIAOSI, FANG, 24, align="left"),
    "Volume": Style("案卷名称", 36, BIAO, 54, align="center"),
    "Small": Style("扫码说明", WUHAO, FANG, 13, align="center"),
    "Nothing": Style("空隙", 1, FANG, 1),
}


def fonts(face: str) -> str:
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def size_of(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def run(text: str, style: str, *, face: str = "", size: float = 0, colour: str = "") -> str:
    """One run with its fonts written out: a name split over runs or left to a default prints in another face."""
    own = STYLES[style]
    paint = f'<w:color w:val="{colour}"/>' if colour else ""
    return (f'<w:r><w:rPr>{fonts(face or own.face)}{paint}{own.spacing}{size_of(size or own.size)}'
            f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>{content(text)}</w:r>')


def content(text: str) -> str:
    """Text with tabs (\\t) and fields ({PAGE})."""
    if text in {"{PAGE}", "{NUMPAGES}"}:
        name = text.strip("{}")
        return (f'<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr>{fonts(SONG)}{size_of(SIHAO)}</w:rPr>'
                f'<w:instrText xml:space="preserve"> {name} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/>'
                f'</w:r><w:r><w:rPr>{fonts(SONG)}{size_of(SIHAO)}</w:rPr><w:t>1</w:t></w:r><w:r>'
                '<w:fldChar w:fldCharType="end"/>')
    return "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in text.split("\t"))


def para(style: str, *pieces: str | tuple[str, str], keep: bool = False, extra: str = "", colour: str = "") -> str:
    """A paragraph, of texts or (text, face). `keep`: whole and on one page with the next. `extra`: more properties."""
    runs = "".join(
        run(piece, style, colour=colour) if isinstance(piece, str) else run(piece[0], style, face=piece[1], colour=colour)
        for piece in pieces
    )
    hold = "<w:keepNext/><w:keepLines/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{hold}{extra}</w:pPr>{runs}</w:p>'


def tabs(*millimetres: float) -> str:
    stops = "".join(f'<w:tab w:val="left" w:pos="{round(each * MILLIMETRE)}"/>' for each in millimetres)
    return f"<w:tabs>{stops}</w:tabs>"


def each(name: str, rows: str, *inside: str) -> str:
    """Repeat whole paragraphs for each row of a list."""
    return para("Nothing", f"{{%p for {name} in {rows} %}}") + "".join(inside) + para("Nothing", "{%p endfor %}")


def when(condition: str, *inside: str) -> str:
    """Whole paragraphs only if the flag or text is there."""
    return para("Nothing", f"{{%p if {condition} %}}") + "".join(inside) + para("Nothing", "{%p endif %}")


def cell(inside: str | Sequence[str], *, span: int = 1, merge: str = "", borders: str = "") -> tuple[str, int, str, str]:
    """A cell: finished paragraphs, the columns it spans, "restart" or "continue" for a merge downwards, own borders."""
    return ("".join(inside), span, merge, borders)


def label(text: str, *, span: int = 1, merge: str = "") -> tuple[str, int, str, str]:
    return cell(para("Label", text) if text else para("Label"), span=span, merge=merge)


def value(*texts: str, span: int = 1, style: str = "Cell") -> tuple[str, int, str, str]:
    return cell([para(style, text) for text in texts], span=span)


def row(*cells: tuple[str, int, str, str], height: float = 10, header: bool = False, exact: bool = False) -> str:
    """A row of a form, `height` in millimetres at least; it never breaks over two pages."""
    rule = "exact" if exact else "atLeast"
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{{{index}:{span}}}" w:type="dxa"/>{f"""<w:gridSpan w:val="{span}"/>""" if span > 1 else ""}'
        f'{f"""<w:vMerge w:val="{merge}"/>""" if merge else ""}{borders}<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
        for index, (text, span, merge, borders) in zip(_starts(cells), cells, strict=True)
    )
    return (f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{round(height * MILLIMETRE)}" w:hRule="{rule}"/>'
            f'{"<w:tblHeader/>" if header else ""}</w:trPr>{inside}</w:tr>')


def rows_for(name: str, rows: str, template_row: str) -> str:
    """Repeat a table row for each row of a list."""
    return "".join((row(value(f"{{%tr for {name} in {rows} %}}")), template_row, row(value("{%tr endfor %}"))))


def _starts(cells: Iterable[tuple[str, int, str, str]]) -> list[int]:
    starts, at = [], 0
    for _, span, _, _ in cells:
        starts.append(at)
        at += span
    return starts


def table(widths: Sequence[float], *rows: str, border: str = "single") -> str:
    """A form of fixed columns (`widths` in millimetres)."""
    twips = [round(width * MILLIMETRE) for width in widths]
    body = "".join(rows)
    for start in range(len(twips)):
        for span in range(1, len(twips) - start + 1):
            body = body.replace(f'w:w="{{{start}:{span}}}"', f'w:w="{sum(twips[start:start + span])}"')
    lines = "".join(f'<w:{side} w:val="{border}" w:sz="{6 if side in OUTSIDE else 4}" w:space="0" w:color="000000"/>'
                    for side in (*OUTSIDE, "insideH", "insideV"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>'
        f'{"".join(f"""<w:gridCol w:w="{each}"/>""" for each in twips)}</w:tblGrid>{body}</w:tbl>'
    )


OUTSIDE = ("top", "left", "bottom", "right")


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
            "_rels/.rels": relations(("officeDocument", "word/document.xml"),
                                     ("../../package/2006/relationships/metadata/core-properties", "docProps/core.xml")),
            "docProps/core.xml": CORE.format(title=escape(self.title)),
            "word/document.xml": f"{DECLARATION}<w:document {WORD}><w:body>{self.body}{self.section()}</w:body></w:document>",
            "word/styles.xml": stylesheet(),
            "word/settings.xml": SETTINGS,
            "word/_rels/document.xml.rels": relations(
                ("styles", "styles.xml"), ("settings", "settings.xml"), ("footer", "footer1.xml"),
                ("footer", "footer2.xml"), ("footer", "footer3.xml")),
            "word/footer1.xml": footer(self.below + page_number("right")),
            "word/footer2.xml": footer(self.below + page_number("left")),
            "word/footer3.xml": footer(para("Foot")),
        }

    def section(self) -> str:
        bare = '<w:footerReference w:type="first" r:id="rId5"/>' if self.bare_first else ""
        return (
            '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>'
            f'{bare}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{twips(37)}" w:right="{twips(26)}" '
            f'w:bottom="{twips(self.bottom)}" w:left="{twips(28)}" w:header="{twips(15)}" w:footer="{twips(24.5)}" w:gutter="0"/>'
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


def twips(millimetres: float) -> int:
    return round(millimetres * MILLIMETRE)


def page_number(side: str) -> str:
    """— 1 — in 4号半角宋体, one character from the outer edge, 7 mm under the text (7.5)."""
    inner = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
    return para("Foot", "— ", "{PAGE}", " —", extra=inner)


def footer(inside: str) -> str:
    return f"{DECLARATION}<w:ftr {WORD}>{inside}</w:ftr>"


def stylesheet() -> str:
    defaults = (f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}{size_of(SANHAO)}<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
                '</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>')
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    own = "".join(style.xml(identifier) for identifier, style in STYLES.items())
    return f"{DECLARATION}<w:styles {WORD}>{defaults}{normal}{own}</w:styles>"


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def relations(*targets: tuple[str, str]) -> str:
    def kind(name: str) -> str:
        return f"{PACKAGE}relationships/metadata/core-properties" if "core-properties" in name else OFFICE + name
    inside = "".join(f'<Relationship Id="rId{number}" Type="{kind(name)}" Target="{target}"/>'
                     for number, (name, target) in enumerate(targets, 1))
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}relationships">{inside}</Relationships>'


_PART = '<Override PartName="/word/{0}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{1}+xml"/>'
CONTENT_TYPES = (
    f'{DECLARATION}<Types xmlns="{PACKAGE}content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + _PART.format("document", "document.main") + _PART.format("styles", "styles") + _PART.format("settings", "settings")
    + "".join(_PART.format(f"footer{number}", "footer") for number in (1, 2, 3))
    + '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
CORE = (
    f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>zh-CN</dc:language></cp:coreProperties>'
)
SETTINGS = (
    f'{DECLARATION}<w:settings {WORD}><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)
