"""Looks a template over: every fault with its place and what to do, in Chinese.

Used for the shipped templates in every build (`flask papers lint`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law import wording
from app.papers import docx_dangers, docx_fonts, render
from app.papers.package import CONTENT_TYPES, Package, W, xml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from app.papers.kinds import Printable

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
SMART_QUOTES = re.compile("[“”‘’]")
WIDE_BRACES = re.compile(r"[｛｝]{2}|｛\s*[%％]|[%％]\s*｝|\{％|％\}")
PREFIXED_OUTPUT = re.compile(r"\{\{(p|r|tr|tc) ")
CELL_LOOP = re.compile(r"\{%-?\s*(tc|cellbg|colspan|hm|vm)\b")


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a template. `where`: 正文第5段; `code`: stable, for tests and lists of exceptions."""

    where: str
    code: str
    message: str
    fix: str

    @property
    def note(self) -> bool:
        """Worth knowing, but no hindrance: a value may be printed as part of another."""
        return self.code == "unused"


def lint(template: bytes, known: Mapping[str, Printable], *, banned: frozenset[str] = frozenset()) -> tuple[Fault, ...]:
    """All faults of a docx template; none but notes means that it may be used.

    `known`: a composed context of the paper, with which the template is filled on trial. `banned`: extra word lists of
    app.law.wording that hold for this paper.
    """
    try:
        package = Package.read(template)
        faults = [*_tags(package), *docx_faults(package), *_words(package, banned)]
    except Refused as refused:
        return (Fault("文件", "broken", refused.what, refused.advice),)
    try:
        faults += _names(render.compiled(template), known)
    except render.TemplateRefused as refused:
        faults.append(Fault(refused.where, "forbidden", refused.what, refused.advice or "请改正这一处标记。"))
    if not any(each.code in {"undefined", "forbidden"} for each in faults):
        faults += _dry_run(template, known)
    return tuple(dict.fromkeys(faults))


def docx_faults(package: Package) -> Iterator[Fault]:
    """What a docx may not carry or ask for, tags apart."""
    for danger in docx_dangers.dangers(package):
        yield Fault(danger.where, danger.code, danger.message, danger.fix)
    for where, font in docx_fonts.unknown_fonts(package):
        yield Fault(where, "font", f"字体“{font}”不在规定的字体之内，会用宋体代替。",
                    "请改用仿宋_GB2312、方正小标宋简体等规定的字体。")


def _tags(package: Package) -> Iterator[Fault]:
    """Tags that docxtpl cannot heal or that would be printed as they stand."""
    filled = dict(render.parts(package))
    for name in package.parts:
        if not name.endswith(".xml") or name == CONTENT_TYPES:
            continue
        root = xml(package.parts[name])
        if name not in filled:
            if re.search(r"\{\{|\{%", "".join(str(each) for each in root.itertext())):
                yield Fault(docx_dangers.place(name), "unfilled", "这一部分里的标记不会被填写。",
                            "请把标记移到正文、页眉、页脚或脚注。")
            continue
        for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
            text = "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
            yield from _paragraph_tags(f"{filled[name]}第{number}段", text)


def _paragraph_tags(where: str, text: str) -> Iterator[Fault]:
    bare = TAG.sub("", text)
    if re.search(r"\{\{|\}\}|\{%|%\}", bare):
        yield Fault(where, "split", "标记没有写完整，或断在两段里。", "请在同一段里把标记重新输入一遍。")
    if WIDE_BRACES.search(text):
        yield Fault(where, "wide", "标记用了全角括号。", "请改用半角的 {{ }} 或 {% %}。")
    for tag in TAG.findall(text):
        if SMART_QUOTES.search(tag):
            yield Fault(where, "quotes", f"标记 {tag} 里有中文引号。", "请改用半角引号。")
        if PREFIXED_OUTPUT.match(tag):
            yield Fault(where, "output", f"标记 {tag} 会冲掉整段文字。", "填写文字请写 {{ 名称 }}，不加 p、r、tr、tc。")
        if CELL_LOOP.match(tag):
            yield Fault(where, "cells", f"不支持标记 {tag}。", "表格只按行循环，请用 {%tr for … %}。")


def _words(package: Package, banned: frozenset[str]) -> Iterator[Fault]:
    """Words in the fixed text that a paper must not carry."""
    for name, place in render.parts(package):
        for number, paragraph in enumerate(xml(package.parts[name]).iter(f"{W}p"), 1):
            text = TAG.sub("", "".join(each.text or "" for each in paragraph.iter(f"{W}t")))
            for found in wording.check(text, banned=banned):
                yield Fault(f"{place}第{number}段", "word", f"固定文字里有“{found.word}”：{found.reason}", found.advice)


def _names(form: render.Form, known: Mapping[str, Printable]) -> Iterator[Fault]:
    """Names that the paper does not have, and names of the paper that the template leaves out."""
    used: set[str] = set()
    for part, use in form.uses():
        used.add(use.name)
        where = render.place_of(part.place, use.line)
        if use.name not in known:
            yield Fault(where, "undefined", f"这种文书没有“{use.name}”这一项。", "请核对名称的拼写。")
        elif use.column and (columns := _columns(known[use.name])) is not None and use.column not in columns:
            yield Fault(where, "undefined", f"“{use.name}”的各行没有“{use.column}”这一项。", "请核对名称的拼写。")
    for name in sorted(set(known) - used):
        yield Fault("全文", "unused", f"模板没有直接用到“{name}”。", "如果它也没有并入别的项目，填了就印不出来。")


def _columns(value: Printable) -> Collection[str] | None:
    """The columns of rows; None when they cannot be known (no row). Nothing that is plain has columns."""
    if isinstance(value, str | bool):
        return ()
    return tuple(value[0]) if value else None


def _dry_run(template: bytes, known: Mapping[str, Printable]) -> Iterator[Fault]:
    """Faults that show only when it is filled, e.g. a tag that tears a paragraph."""
    try:
        render.fill(template, known)
    except render.TemplateRefused as refused:
        yield Fault(refused.where, "fill", refused.what, refused.advice)
    except (TypeError, Refused) as wrong:
        what = wrong.what if isinstance(wrong, Refused) else "试填用的内容不是文字、是否或行。"
        yield Fault("全文", "fill", f"没能试填：{what}", "请核对试填用的内容。")
