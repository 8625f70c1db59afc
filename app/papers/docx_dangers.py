"""What a docx template may not carry: anything that fetches, runs, embeds, changes by itself or prints badly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.papers.package import CONTENT_TYPES, Package, W, xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

FIELDS = frozenset({"PAGE", "NUMPAGES"})
"""Fields that print the same whenever they are printed, and that LibreOffice prints right."""
ACTIVE_PARTS = re.compile(r"(^|/)(vbaProject|vbaData)|(^|/)(embeddings|activeX|afchunk)", re.IGNORECASE)
ACTIVE_RELATIONS = {
    "attachedTemplate": "引用了外部模板", "aFChunk": "嵌入了别的文件（altChunk）", "oleObject": "嵌入或链接了 OLE 对象",
    "package": "嵌入了别的文件", "control": "有 ActiveX 控件", "vbaProject": "有宏", "subDocument": "引用了子文档",
    "frame": "引用了外部框架", "externalLink": "引用了外部工作簿", "mailMergeSource": "带有邮件合并数据源",
    "mailMergeHeaderSource": "带有邮件合并数据源", "keyMapCustomizations": "带有自定义命令",
}
ELEMENTS = {
    "altChunk": ("embedded", "嵌入了别的文件（altChunk）"), "object": ("embedded", "嵌入了对象"),
    "control": ("embedded", "有控件"), "OLEObject": ("embedded", "有 OLE 对象"), "subDoc": ("external", "引用了子文档"),
    "attachedTemplate": ("external", "引用了外部模板"), "mailMerge": ("external", "带有邮件合并设置"),
    "dataBinding": ("binding", "内容控件绑定了隐藏数据，打印时会被替换"),
    "ins": ("tracked", "有修订痕迹"), "del": ("tracked", "有修订痕迹"), "moveFrom": ("tracked", "有修订痕迹"),
    "moveTo": ("tracked", "有修订痕迹"),
}
REMOVE = "请在 Word 或 WPS 中删去它，另存为普通的 .docx。"
ADVICE = {"tracked": "请接受或拒绝全部修订后再存。", "binding": "请把内容控件转为普通文字。"}
UNREAD = "word/stylesWithEffects.xml"
"""Written by Word 2010 for itself; nothing reads it."""
PLACES = {
    "document": "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注",
    "styles": "样式", "numbering": "编号", "settings": "文档设置", "fontTable": "字体表", "theme": "主题",
}
BAD_GRIDS = {"linesAndChars", "snapToChars"}
_KIND = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class Danger:
    """One thing that has to go."""

    where: str
    code: str
    message: str
    fix: str


def place(name: str) -> str:
    """What an official calls a part: 正文 for word/document.xml and its relationships."""
    stem = re.sub(r"\d*\.xml(\.rels)?$", "", name.rpartition("/")[2])
    return PLACES.get(stem, name)


def dangers(package: Package) -> Iterator[Danger]:
    """Everything in the docx that may not be there. Raises Refused when a part is no XML."""
    for name in package.parts:
        where = place(name)
        if name == UNREAD:
            continue
        if ACTIVE_PARTS.search(name):
            yield Danger(where, "embedded", "文件里带有宏、控件或嵌入的文件。", REMOVE)
        if name.endswith(".rels"):
            yield from _relations(where, xml(package.parts[name]))
        elif name == CONTENT_TYPES:
            if b"macroEnabled" in package.parts[name]:
                yield Danger("文件", "embedded", "这是带宏的文件（.docm）。", REMOVE)
        elif name.endswith(".xml"):
            root = xml(package.parts[name])
            yield from _elements(where, root)
            yield from _fields(where, root)
            yield from _layout(where, root)


def _relations(name: str, root: etree._Element) -> Iterator[Danger]:
    for each in root:
        kind = str(each.get("Type", "")).rpartition("/")[2]
        target = str(each.get("Target", ""))
        if kind in ACTIVE_RELATIONS:
            yield Danger(name, "external" if each.get("TargetMode") == "External" else "embedded",
                         f"{ACTIVE_RELATIONS[kind]}。", REMOVE)
        elif each.get("TargetMode") == "External" and not (kind == "hyperlink" and target.startswith("https://")):
            yield Danger(name, "external", f"引用了外部内容（{kind}：{target[:60]}）。", REMOVE)
        elif re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", target) and each.get("TargetMode") != "External":
            yield Danger(name, "external", f"引用了外部内容（{target[:60]}）。", REMOVE)


def _elements(name: str, root: etree._Element) -> Iterator[Danger]:
    for each in root.iter():
        local = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
        if local in ELEMENTS and (each.tag.startswith(W) or local == "OLEObject"):
            code, message = ELEMENTS[local]
            yield Danger(name, code, f"{message}。", ADVICE.get(code, REMOVE))


def _fields(name: str, root: etree._Element) -> Iterator[Danger]:
    simple = [str(each.get(f"{W}instr", "")) for each in root.iter(f"{W}fldSimple")]
    for code in (*simple, *_complex_fields(root)):
        found = _KIND.search(code)
        kind = found.group().upper() if found else ""
        if kind not in FIELDS and not (kind == "HYPERLINK" and '"https://' in code):
            yield Danger(name, "field", f"有不允许的域 {kind or '（空）'}。",
                         "只可用页码（PAGE）和总页数（NUMPAGES）两种域。")


def _complex_fields(root: etree._Element) -> Iterator[str]:
    """The instruction of each field, put together from its runs; nested ones come out on their own."""
    open_fields: list[list[str]] = []
    for each in root.iter(f"{W}fldChar", f"{W}instrText"):
        if each.tag == f"{W}instrText":
            if not open_fields:
                yield each.text or ""
            else:
                open_fields[-1].append(each.text or "")
        elif each.get(f"{W}fldCharType") == "begin":
            open_fields.append([])
        elif each.get(f"{W}fldCharType") == "end" and open_fields:
            yield "".join(open_fields.pop())
    yield from ("".join(each) for each in open_fields)


def _layout(name: str, root: etree._Element) -> Iterator[Danger]:
    for grid in root.iter(f"{W}docGrid"):
        if grid.get(f"{W}type") in BAD_GRIDS:
            yield Danger(name, "grid", "页面设置了“指定行和字符网格”，打印时字会被拉开。", "请改为“只指定行网格”。")
