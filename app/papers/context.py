"""From raw data to what a template may print: parse, check words and glyphs, derive, freeze."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import wording
from app.outside import fonts
from app.papers.kinds import Composed, FieldRefused, IdNumber, Rows, Source, StudentNo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.law.lawbook import Lawbook
    from app.papers.kinds import Field, Paper, Printable, Raw, Value


def compose(paper: Paper, data: Mapping[str, Raw], lawbook: Lawbook) -> Composed:
    """Check `data` (raw values by field name) against the declaration.

    Raises Refused with one Problem for each thing that is wrong, each naming its field.
    """
    values, problems = parse(paper, data)
    refused, told = word_problems(paper, values)
    problems += refused + glyph_problems(paper, values)
    if not problems:
        for rule in paper.rules:
            problems += rule(values, lawbook)
    if problems:
        raise Refused(f"{paper.title}有{len(problems)}处需要改正。", problems=tuple(problems),
                      advice="请按提示逐项修改。")
    context: dict[str, Printable] = {each.name: each.show(values[each.name]) for each in paper.fields if each.printed}
    context |= paper.derive(values, lawbook)
    return Composed(MappingProxyType(values), MappingProxyType(context), tuple(told))


def parse(paper: Paper, data: Mapping[str, Raw]) -> tuple[dict[str, Value], list[Problem]]:
    """All values that could be parsed, and a Problem for each that could not."""
    values: dict[str, Value] = {}
    problems = [
        Problem(name, f"{paper.title}没有“{name}”这一项。", "请核对名称。")
        for name in data if name not in {each.name for each in paper.fields}
    ]
    for each in paper.fields:
        try:
            values[each.name] = each.parse(data.get(each.name))
        except FieldRefused as refused:
            problems += refused.problems
    return values, problems


def propose(paper: Paper, data: Mapping[str, Raw]) -> dict[str, Raw]:
    """First values for the typed fields that `data` leaves out, composed from the facts that `data` already holds."""
    values, _ = parse(paper, data)
    return {
        each.name: each.default(values) for each in paper.typed()
        if each.default and each.name not in data
    }


def word_problems(paper: Paper, values: Mapping[str, Value]) -> tuple[list[Problem], list[Problem]]:
    """Words that a paper must never carry, in typed text only: what is refused, and what is only told.

    What somebody said is recorded as it was said; a full 公民身份号码 is refused there as well.
    """
    refused: list[Problem] = []
    told: list[Problem] = []
    for where, text in texts(values):
        top, field = _field_at(paper, where)
        if top.source is not Source.TYPED:
            continue
        if not isinstance(field, IdNumber | StudentNo) and wording.whole_id_number(text):
            refused.append(Problem(where, f"{top.label}：文书不写完整的公民身份号码。", "请删去，或者只写姓名。"))
        (told if field.quoted else refused).extend(
            Problem(where, f"{top.label}：{'记录中有' if field.quoted else '不得写'}“{found.word}”，{found.reason}",
                    "如系本人原话，可以如实保留。" if field.quoted else found.advice)
            for found in wording.check(text, banned=paper.banned))
    return refused, told


def _field_at(paper: Paper, where: str) -> tuple[Field, Field]:
    """The field that stands at `name` or `name.index.sub`: that of the paper, and its column if there is one."""
    name, *place = where.split(".")
    top = next(each for each in paper.fields if each.name == name)
    if isinstance(top, Rows) and place:
        return top, next(each for each in top.columns if each.name == place[-1])
    return top, top


def glyph_problems(paper: Paper, values: Mapping[str, Value]) -> list[Problem]:
    """Characters that no font of ours has would print as an empty box."""
    labels = {each.name: each.label for each in paper.fields}
    return [
        Problem(where, f"{labels[where.split('.')[0]]}：字库里没有“{character}”（U+{ord(character):04X}），"
                       "印出来会是空框。", "请核对这个字，或联系管理员补字。")
        for where, text in texts(values)
        for character in fonts.missing(text)
    ]


def texts(values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Every piece of text with its place (`name` or `name.index.sub`)."""
    for name, value in values.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, tuple):
            for index, row in enumerate(value):
                yield from ((f"{name}.{index}.{sub}", text) for sub, text in row.items() if isinstance(text, str))
