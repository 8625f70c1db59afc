"""What a value says about itself, shown under its box while it is typed.

The Chinese date, the sex and birth date of an ID number, a unified dot, a character that cannot be printed, a word that
a paper must not carry.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.law import names, wording
from app.law.deadlines import chinese_date, chinese_moment, chinese_weekday
from app.law.identity import IdentityNumber
from app.outside import fonts
from app.papers import kinds

if TYPE_CHECKING:
    from app.papers.kinds import Field, Raw


class Shape(NamedTuple):
    """How a box looks: its HTML type, its input mode, and whether it is a short one."""

    type: str = "text"
    mode: str = ""
    short: bool = False


def shape(kind: Field) -> Shape:
    """The shape of a one-line box."""
    match kind:
        case kinds.Day():
            return Shape("date", short=True)
        case kinds.Moment():
            return Shape("datetime-local", short=True)
        case kinds.Whole():
            return Shape(mode="numeric", short=True)
        case kinds.Phone():
            return Shape("tel", "tel", short=True)
        case _:
            return Shape()


def live(kind: Field) -> bool:
    """Whether a box has something to say while it is typed."""
    return isinstance(kind, kinds.Day | kinds.Moment | kinds.IdNumber | kinds.StudentNo | kinds.Phone
                      | kinds.PersonName | kinds.Text | kinds.LongText)


def notes_of(kind: Field, raw: Raw) -> tuple[str, ...]:
    """Sentences to stand under the box; none for an empty value or one that has nothing to say."""
    if not isinstance(raw, str) or not raw.strip() or not live(kind):
        return ()
    try:
        value = kind.parse(raw)
    except kinds.FieldRefused:
        return ()
    found: tuple[str, ...] = ()
    match kind, value:
        case kinds.IdNumber(), str():
            found = _of_identity(IdentityNumber.parse(value))
        case kinds.PersonName(), str():
            found = _of_name(raw, value)
        case _, datetime():
            found = (f"{chinese_moment(value)}　{chinese_weekday(value)}",)
        case _, date():
            found = (f"{chinese_date(value)}　{chinese_weekday(value)}",)
        case _, str():
            found = (*_of_words(value), *_of_glyphs(value))
    return found


def said(kind: Field, raw: Raw) -> tuple[str, ...]:
    """Like notes_of, but a value that does not hold says why."""
    if raw in ("", None):
        return ()
    try:
        kind.parse(raw)
    except kinds.FieldRefused as refused:
        return tuple(problem.message + problem.advice for problem in refused.problems)
    return notes_of(kind, raw)


def _of_identity(number: IdentityNumber) -> tuple[str, ...]:
    return (f"{number.sex}，{chinese_date(number.birth_date)}出生", *number.warnings)


def _of_name(raw: str, name: str) -> tuple[str, ...]:
    told = []
    if name != raw.strip():
        unified = names.DOT in name and any(each in names.DOT_FORMS for each in raw)
        told.append(f"{'间隔号已统一为“·”' if unified else '写法已统一'}：{name}")
    rare = [each for each in name if ord(each) > 0x9FA5 or 0x3400 <= ord(each) < 0x4E00]  # noqa: PLR2004  (outside the block that every font has)
    gone = fonts.missing(name)
    told += [f"“{each}”属生僻字，字库已有，打印无误" for each in rare if each not in gone]
    return (*told, *_of_glyphs(name))


def _of_glyphs(text: str) -> tuple[str, ...]:
    return tuple(f"字库里没有“{each}”（U+{ord(each):04X}），印出来会是空框，请联系管理员补字"
                 for each in fonts.missing(text))


def _of_words(text: str) -> tuple[str, ...]:
    return tuple(f"不要写“{found.word}”：{found.reason}{found.advice}" for found in wording.check(text))
