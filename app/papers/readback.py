"""Proves that a finished PDF carries everything: each value, each paragraph in order, no box, our fonts, not too long.

Text is lost without any error at many steps from a form to a page (escaping, XML, import, layout, fonts); so the
page is read
again. Values are compared straight with the page, not with the docx, so that what filling lost is found too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypdf.errors import PyPdfError

from app.errors import Problem
from app.outside import fonts, pdfium
from app.papers.docx_text import Paragraph, text_of
from app.papers.package import Package
from app.papers.pdf_text import fonts_of, page_texts, squeezed
from app.papers.render import Filled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from app.papers.kinds import Printable

ADVICE = "请勿使用这份文件；请联系管理员。"
SHOWN = 30
"""Letters of a lost text that a message quotes."""


@dataclass(frozen=True)
class Report:
    """What reading back found."""

    pages: int
    problems: tuple[Problem, ...]


def check(context: Mapping[str, Printable], filled_docx: bytes, pdf: bytes, page_limit: int | None,
          ) -> tuple[Problem, ...]:
    """Everything that the PDF lacks or has wrong, with every text of the context expected on the page."""
    return read_back(context, Filled(filled_docx, ()), pdf, page_limit, must_show=frozenset(context)).problems


def read_back(context: Mapping[str, Printable], filled: Filled, pdf: bytes, page_limit: int | None, *,
              must_show: Collection[str]) -> Report:
    """As `check`, but a value under an `if` need only be there when the template put it out."""
    try:
        pages = page_texts(pdf)
        problems = [*_wrong_fonts(pdf)]
    except (pdfium.Unreadable, PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Report(0, (Problem("", f"生成的 PDF 读不出来（{type(error).__name__}）。", ADVICE),))
    if page_limit is not None and len(pages) > page_limit:
        problems.append(Problem("", f"印出来有{len(pages)}页，这种文书最多{page_limit}页。", "请精简文字后再生成。"))
    problems += _lost_values(context, filled.printed, pages, must_show)
    problems += _lost_paragraphs(filled.docx, pages)
    return Report(len(pages), tuple(problems))


def _wrong_fonts(pdf: bytes) -> Iterator[Problem]:
    allowed = fonts.embedded_prefixes()
    for font in fonts_of(pdf):
        if not font.embedded:
            yield Problem("", f"字体 {font.name} 没有嵌入 PDF。", ADVICE)
        if not font.name.startswith(allowed):
            yield Problem("", f"PDF 用到了规定以外的字体 {font.name}。", "请在模板中改用规定的字体。")
        if font.boxes is None:
            yield Problem("", f"字体 {font.name} 的格式无法核对有无空框。", ADVICE)
        elif font.boxes:
            yield Problem("", f"“{''.join(font.boxes)}”印成了空框：字体里没有这个字。",
                          "请核对这些字，或联系管理员补字。")


def _lost_values(context: Mapping[str, Printable], printed: Sequence[str], pages: Sequence[str],
                 must_show: Collection[str]) -> Iterator[Problem]:
    places = dict(_leaves(context))
    wanted = {place: text for place, text in places.items() if place.split(".")[0] in must_show}
    known = set(wanted.values())
    names = {text: place for place, text in places.items()}
    wanted |= {names.get(text, f"?{index}"): text for index, text in enumerate(printed) if text not in known}
    for place, text in wanted.items():
        if not any(_found(squeezed(text), pages, page, [0] * len(pages)) for page in range(len(pages))):
            yield Problem("" if place.startswith("?") else place, f"“{_short(text)}”没有完整地印出来。", ADVICE)


def _leaves(context: Mapping[str, Printable]) -> Iterator[tuple[str, str]]:
    for name, value in context.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, tuple):
            yield from ((f"{name}.{index}.{key}", cell) for index, row in enumerate(value)
                        for key, cell in row.items() if isinstance(cell, str))


def _lost_paragraphs(docx: bytes, pages: Sequence[str]) -> Iterator[Problem]:
    text = text_of(Package.read(docx), len(pages))
    cursors, page = [0] * len(pages), 0
    for paragraph in text.flow:
        for piece in filter(None, map(squeezed, paragraph.pieces)):
            at = next((at for at in range(page, len(pages)) if _found(piece, pages, at, cursors)), None)
            if at is None:
                yield _lost(paragraph)
                break
            page = at
    for paragraph in text.beside:
        for piece in filter(None, map(squeezed, paragraph.pieces)):
            if not any(_found(piece, pages, at, [0] * len(pages)) for at in range(len(pages))):
                yield _lost(paragraph)
                break


def _found(piece: str, pages: Sequence[str], page: int, cursors: list[int]) -> bool:
    """Whether `piece` begins on `page` past its cursor, and ends there or on the pages after. Moves the cursors."""
    start = pages[page].find(piece, cursors[page]) if page < len(pages) else -1
    if start >= 0:
        cursors[page] = start + len(piece)
        return True
    if page + 1 >= len(pages):
        return False
    longest = _longest(piece, pages[page], cursors[page])
    for cut in range(longest, max(0, longest - 3), -1):
        before = list(cursors)
        cursors[page] = pages[page].find(piece[:cut], cursors[page]) + cut
        if _found(piece[cut:], pages, page + 1, cursors):
            return True
        cursors[:] = before
    return False


def _longest(piece: str, page: str, cursor: int) -> int:
    """How many letters of `piece` from its first stand together on the page past the cursor."""
    least, most = 0, len(piece) - 1
    while least < most:
        middle = (least + most + 1) // 2
        if page.find(piece[:middle], cursor) >= 0:
            least = middle
        else:
            most = middle - 1
    return least


def _lost(paragraph: Paragraph) -> Problem:
    return Problem("", f"{paragraph.place}“{_short(''.join(paragraph.pieces))}”没有完整地按顺序印出来。", ADVICE)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
