"""The composing stick: paragraphs, forms and pages of WordprocessingML to the metrics of GB/T 9704-2012.

Measures: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm (5.2.1), 22 lines of 28 characters (5.2.3). A line is
225 mm / 22 = 28.95 pt. A 3号 character is 16 pt wide and 28 of them want 448 pt, but 156 mm are 442.2 pt: each
character of running text is set 0.25 pt closer, because the document grid that Word would use for this
(linesAndChars) is spread wrongly by LibreOffice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MILLIMETRE = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
FANG, BIAO, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
ERHAO, SANHAO, SIHAO, XIAOSI, WUHAO = 22, 16, 14, 12, 10.5
"""二号, 三号, 四号, 小四, 五号 in points."""
PAGE = "{PAGE}"


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
    hanging: float = 0
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
            for side, chars in (("left", self.left), ("right", self.right), ("firstLine", self.first),
                                ("hanging", self.hanging)) if chars
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
    "Close": Style("公文紧排正文", line=24, first=2, tight=True),
    "CloseParty": Style("公文紧排当事人", line=24, first=2, tight=True, align="left"),
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
    "Asked": Style("问答", SIHAO, FANG, 26, left=2, hanging=2),
    "Label": Style("表格项目", XIAOSI, HEI, 18, align="center"),
    "Cell": Style("表格文字", XIAOSI, FANG, 18, align="left"),
    "Tick": Style("勾选", XIAOSI, SONG, 18, align="left"),
    "Room": Style("签名行", XIAOSI, SONG, 26, align="left"),
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


def run(text: str, style: str, *, face: str, colour: str = "") -> str:
    """One run with its fonts written out: a name split over runs or left to a default prints in another face."""
    own = STYLES[style]
    paint = f'<w:color w:val="{colour}"/>' if colour else ""
    return (f'<w:r><w:rPr>{fonts(face)}{paint}{own.spacing}{size_of(own.size)}'
            f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>{content(text)}</w:r>')


def content(text: str) -> str:
    """Text with tabs, or the number of the page."""
    if text == PAGE:
        look = f"<w:rPr>{fonts(SONG)}{size_of(SIHAO)}</w:rPr>"
        return (f'<w:fldChar w:fldCharType="begin"/></w:r><w:r>{look}<w:instrText xml:space="preserve"> PAGE '
                '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                f'<w:r>{look}<w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/>')
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in text.split("\t"))
    return "<w:tab/>".join(parts)


def para(style: str, *pieces: str | tuple[str, str], keep: bool = False, extra: str = "", colour: str = "") -> str:
    """A paragraph of texts or (text, face). `keep`: whole, on one page with the next. `extra`: more properties."""
    own = STYLES[style].face
    pairs = ((piece, own) if isinstance(piece, str) else piece for piece in pieces)
    runs = "".join(run(text, style, face=face, colour=colour) for text, face in pairs)
    hold = "<w:keepNext/><w:keepLines/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{hold}{extra}</w:pPr>{runs}</w:p>'


def tabs(*millimetres: float) -> str:
    stops = "".join(f'<w:tab w:val="left" w:pos="{twips(place)}"/>' for place in millimetres)
    return f"<w:tabs>{stops}</w:tabs>"


def each(name: str, rows: str, *inside: str) -> str:
    """Repeat whole paragraphs for each row of a list."""
    return para("Nothing", f"{{%p for {name} in {rows} %}}") + "".join(inside) + para("Nothing", "{%p endfor %}")


def when(condition: str, *inside: str) -> str:
    """Whole paragraphs only if the flag or text is there."""
    return para("Nothing", f"{{%p if {condition} %}}") + "".join(inside) + para("Nothing", "{%p endif %}")


def cell(inside: str | Sequence[str], *, span: int = 1) -> tuple[str, int]:
    """A cell: finished paragraphs, and the columns it spans."""
    return "".join(inside), span


def label(text: str) -> tuple[str, int]:
    return cell(para("Label", text))


def value(*texts: str, span: int = 1, style: str = "Cell") -> tuple[str, int]:
    return cell([para(style, text) for text in texts], span=span)


def row(*cells: tuple[str, int], height: float = 10, header: bool = False) -> str:
    """A row of a form, `height` in millimetres at least; it never breaks over two pages.

    The width of a cell is left as {first:span}, which `table` fills in.
    """
    starts = [sum(span for _, span in cells[:index]) for index in range(len(cells))]
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{{{start}:{span}}}" w:type="dxa"/>'
        f'{f"""<w:gridSpan w:val="{span}"/>""" if span > 1 else ""}<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
        for start, (text, span) in zip(starts, cells, strict=True)
    )
    return (f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>'
            f'{"<w:tblHeader/>" if header else ""}</w:trPr>{inside}</w:tr>')


def rows_for(name: str, rows: str, template_row: str) -> str:
    """Repeat a table row for each row of a list."""
    return "".join((row(value(f"{{%tr for {name} in {rows} %}}")), template_row, row(value("{%tr endfor %}"))))


def table(widths: Sequence[float], *rows: str) -> str:
    """A form of fixed columns (`widths` in millimetres)."""
    columns = [twips(width) for width in widths]
    body = "".join(rows)
    for start in range(len(columns)):
        for span in range(1, len(columns) - start + 1):
            body = body.replace(f'w:w="{{{start}:{span}}}"', f'w:w="{sum(columns[start:start + span])}"')
    lines = "".join(f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side, size in LINES)
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in MARGINS)
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    return (f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
            f'</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>')


LINES = (("top", 6), ("left", 6), ("bottom", 6), ("right", 6), ("insideH", 4), ("insideV", 4))
"""Border lines in eighths of a point."""
MARGINS = (("top", 28), ("left", 85), ("bottom", 28), ("right", 85))


def twips(millimetres: float) -> int:
    return round(millimetres * MILLIMETRE)
