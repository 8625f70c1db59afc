"""Fills a template: docxtpl's tags, a checked language, plain values in, a whole docx out.

The tags are docxtpl's own (its `patch_xml` heals tags that Word broke over runs); compiling, values and output are
ours: a template is compiled once, and a value is never read as markup, as a tag, or as docxtpl's escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateSyntaxError, UndefinedError
from lxml import etree

from app.errors import Problem, Refused
from app.papers import language
from app.papers.package import FOOTER, FOOTNOTES, HEADER, MAIN, Package, W, xml
from app.papers.settle import settled

if TYPE_CHECKING:
    from app.papers.kinds import Printable

CORE = "docProps/core.xml"
ESCAPES = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}
"""docxtpl's way to write a brace, resolved in the template and never in a value."""
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
MAX_ROWS, MAX_TEXT = 5_000, 20_000
_REFUSED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"\{\{|\{%")
_TEXT = {f"{W}t", f"{W}instrText", f"{W}delText", f"{W}delInstrText",
         "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


class TemplateRefused(Refused):
    """The template itself is at fault; `where` says at which part and paragraph."""


@dataclass(frozen=True)
class Part:
    """One part of a template that carries tags."""

    name: str
    place: str
    source: str
    template: Template


@dataclass(frozen=True)
class Form:
    """A template, taken apart and compiled once."""

    package: Package
    parts: tuple[Part, ...]

    def uses(self) -> Iterator[tuple[Part, language.Use]]:
        for part in self.parts:
            for use in language.uses(ENVIRONMENT.parse(part.source)):
                yield part, use


@dataclass(frozen=True)
class Filled:
    """A filled docx, and every text that its tags put out on its pages, in order part by part."""

    docx: bytes
    printed: tuple[str, ...]


ENVIRONMENT = language.TemplateEnvironment()


def fill(template: bytes, context: Mapping[str, Printable]) -> bytes:
    """The template with the context's values in place of its tags, as docx.

    Raises TypeError for anything that is not plain text, a flag or rows of them; Refused for a character that no paper
    can carry and (as TemplateRefused) for a template that says what it may not, or names what is not there.
    """
    return fill_whole(template, context).docx


def fill_whole(template: bytes, context: Mapping[str, Printable]) -> Filled:
    """As `fill`, with the list of what was printed for the read-back."""
    form = compiled(template)
    values = plain(context)
    seen: list[str] = []
    changed = {part.name: _rendered(part, values, seen) for part in form.parts}
    return Filled(form.package.with_parts(changed), tuple(seen))


def names(template: bytes) -> set[str]:
    """The names of the context that the template uses."""
    return {use.name for _part, use in compiled(template).uses()}


def always_printed(template: bytes) -> set[str]:
    """The names that every filled document must show, whatever the values (used outside any `if` and `for`)."""
    return {use.name for part, use in compiled(template).uses()
            if use.always and use.put_out and not use.column and part.name != CORE}


def compiled(template: bytes) -> Form:
    """Raises TemplateRefused with the place of the first tag that is not allowed."""
    return _compiled(sha256(template).digest(), template)


@lru_cache(maxsize=64)
def _compiled(_digest: bytes, template: bytes) -> Form:
    package = settled(Package.read(template))
    return Form(package, tuple(_part(package, name, place) for name, place in parts(package)
                               if _TAG.search(_flat(package.parts[name]))))


def parts(package: Package) -> Iterator[tuple[str, str]]:
    """The parts that are filled, with what an official calls them."""
    for kind, place in ((MAIN, "正文"), (HEADER, "页眉"), (FOOTER, "页脚"), (FOOTNOTES, "脚注")):
        yield from ((name, place) for name in package.of(kind))
    if CORE in package.parts:
        yield CORE, "文档属性"


def source_of(data: bytes) -> str:
    """The Jinja source of one part; its line number is the number of the paragraph, counted from 1."""
    text = etree.tostring(xml(data), encoding="unicode").replace("\n", " ")
    patched: str = DocxTemplate(None).patch_xml(re.sub(r"<w:p([ >])", r"\n<w:p\1", text))
    for written, meant in ESCAPES.items():
        patched = patched.replace(written, meant)
    return patched


def place_of(place: str, line: int) -> str:
    """正文第5段, from a line of the source."""
    return f"{place}第{line - 1}段" if line > 1 else place


def plain(context: Mapping[str, Printable]) -> dict[str, object]:
    """A copy of the context made of str, bool and lists of dicts only. Raises TypeError or Refused."""
    return {_name(name): _value(name, value, rows=True) for name, value in context.items()}


def _name(name: object) -> str:
    if type(name) is not str or not name.isidentifier() or name.startswith("_"):
        raise TypeError(f"not a name: {name!r}")
    return name


def _value(where: str, value: object, *, rows: bool) -> object:
    if type(value) is bool:
        return value
    if type(value) is str:
        return _text(where, value)
    if rows and type(value) is tuple and len(value) <= MAX_ROWS and all(isinstance(row, Mapping) for row in value):
        return tuple({_name(key): _value(f"{where}.{index}.{key}", cell, rows=False) for key, cell in row.items()}
                     for index, row in enumerate(value))
    raise TypeError(f"{where}: a template may see text, flags and rows of them, not {type(value).__name__}")


def _text(where: str, value: str) -> str:
    if found := _REFUSED.search(value):
        raise Refused(f"含有不能打印的字符 U+{ord(found.group()):04X}。", where=where, advice="请删去它。", problems=(
            Problem(where, f"含有不能打印的字符 U+{ord(found.group()):04X}。", "请删去它。"),))
    if len(value) > MAX_TEXT:
        raise Refused(f"一项最多{MAX_TEXT}字。", where=where)
    return value


def _flat(data: bytes) -> str:
    """The text of a part without markup, where a tag broken over runs shows as a tag."""
    return "".join(str(each) for each in xml(data).itertext())


def _part(package: Package, name: str, place: str) -> Part:
    source = source_of(package.parts[name])
    try:
        return Part(name, place, source, ENVIRONMENT.from_string(source))
    except TemplateSyntaxError as error:
        where = place_of(place, error.lineno)
        raise TemplateRefused(f"模板标记有误：{error.message}。", where=where,
                              advice="请在模板中改正这一处标记。") from error
    except RecursionError as error:
        raise TemplateRefused("模板标记嵌套过深。", where=place) from error


def _rendered(part: Part, values: Mapping[str, object], seen: list[str]) -> bytes:
    token = language.printed.set(None if part.name == CORE else seen)
    try:
        text = part.template.render(values)
    except UndefinedError as error:
        raise TemplateRefused(f"模板用到了没有的名称：{_quoted(error)}。", where=part.place,
                              advice="请核对标记中的名称。") from error
    except TypeError as error:
        raise TemplateRefused(f"模板标记用法不对：{error}。", where=part.place) from error
    finally:
        language.printed.reset(token)
    return _tidy(text.replace("\n", ""), part)


def _tidy(text: str, part: Part) -> bytes:
    """Line breaks as Word knows them, each cell with its paragraph, pictures numbered, no stray text."""
    root = xml(text.replace(language.LINE_BREAK, "\n" if part.name == CORE else BREAK))
    if part.name != CORE:
        if (stray := next((each for each in root.iter() if _stray(each)), None)) is not None:
            raise TemplateRefused("标记打断了段落，文字会丢失。", where=part.place,
                                  advice=f"请检查“{(stray.text or stray.tail or '').strip()[:20]}”附近的标记。")
        for cell in root.iter(f"{W}tc"):
            if not len(cell) or cell[-1].tag != f"{W}p":
                etree.SubElement(cell, f"{W}p")
        for number, picture in enumerate(root.iter(_DOCPR), 1):
            picture.set("id", str(number))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _quoted(error: UndefinedError) -> str:
    """The name that Jinja complains of."""
    return str((re.findall(r"'([^']+)'", str(error)) or ["?"])[-1 if "attribute" in str(error) else 0])


def _stray(element: etree._Element) -> bool:
    """Text that stands where Word and LibreOffice drop it without a word."""
    if not isinstance(element.tag, str) or not element.tag.startswith("{http://schemas.openxmlformats.org/wordprocessingml"):
        return False
    inside = element.tag not in _TEXT and bool((element.text or "").strip())
    return inside or bool((element.tail or "").strip())
