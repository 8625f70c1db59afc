"""Every nasty string in every text of every paper: refused with its field named, or on the page exactly, neighbours whole."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import Refused
from app.outside import shipped
from app.papers import context, render
from app.papers.catalogue import PAPERS, sample, template_path
from app.papers.context import compose
from app.papers.fields import LongText, Rows, Text
from app.papers.pdf_text import page_texts, squeezed
from app.papers.readback import _found
from tests.hostile.nasty import NASTY
from tests.papers.docs import paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.outside.press import Press, Printed
    from app.papers.kinds import Composed, Field, Paper

pytestmark = pytest.mark.press
BATCH = 50
PER_PAPER = len(NASTY)
"""So every string comes to stand in every free text."""


def texts(declared: Paper) -> Iterator[tuple[str, ...]]:
    """Paths of all free texts: (name,) or (name, column)."""
    for each in declared.fields:
        if isinstance(each, Rows):
            yield from ((each.name, column.name) for column in each.columns if free(column))
        elif free(each):
            yield (each.name,)


def free(each: Field) -> bool:
    return isinstance(each, Text | LongText)


def planted(data: Mapping[str, Any], paths: list[tuple[str, ...]], turn: int) -> dict[str, Any]:
    """The sample with another nasty string in each free text; `turn` moves every string on by one field."""
    made = dict(data)
    for place, path in enumerate(paths):
        text = NASTY[(turn + place) % len(NASTY)]
        if len(path) == 1:
            made[path[0]] = text
        elif made.get(path[0]):
            rows = [dict(row) for row in made[path[0]]]
            rows[0][path[1]] = text
            made[path[0]] = rows
    return made


def cured(declared: Paper, data: dict[str, Any], good: Mapping[str, Any]) -> tuple[Composed, set[str]]:
    """Compose; fields that are refused get their sample value back. Each refusal must name a field that we spoiled."""
    named: set[str] = set()
    for _ in range(40):
        try:
            return compose(declared, data, shipped.lawbook()), named
        except Refused as refused:
            found = {problem.where.split(".")[0] for problem in refused.problems}
            assert found, "refused without saying what"
            assert found <= {each.name for each in declared.fields}, f"{found} are not all fields"
            spoiled = {name for name in found if data.get(name) != good.get(name)}
            spoiled = spoiled or {name for name in data if data[name] != good.get(name)}  # a rule named its other field
            assert spoiled, "a good paper was refused"
            data = {name: good[name] if name in spoiled else value for name, value in data.items()
                    if name in good or name not in spoiled}
            named |= spoiled
    raise AssertionError("compose never came to an end")


def leaves(values: Mapping[str, Any]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            for row in value:
                yield from leaves(row)


def lost(document: Printed, composed: Composed, shown: set[str]) -> list[str]:
    """Texts of the context that the template prints and that the pages do not hold."""
    pages = page_texts(document.pdf)
    return [text for text in leaves({name: composed.context[name] for name in shown & set(composed.context)})
            if len(text) < 20 and not any(
                _found(squeezed(text), pages, page, [0] * len(pages)) for page in range(len(pages)))]


@pytest.mark.parametrize("kind", [each.kind for each in PAPERS])
def test_every_nasty_string_is_refused_by_name_or_printed_exactly(press: Press, kind: str) -> None:
    declared = next(each for each in PAPERS if each.kind == kind)
    template = template_path(kind).read_bytes()
    good, paths = sample(kind), list(texts(declared))
    made = [cured(declared, planted(good, paths, turn), good) for turn in range(PER_PAPER)]
    shown = render.always_printed(template)
    digest = sha256(template).hexdigest()
    for start in range(0, PER_PAPER, BATCH):
        batch = [composed for composed, _ in made[start:start + BATCH]]
        for composed, document in zip(batch, press.convert(digest, [each.context for each in batch]), strict=True):
            assert document.problems == (), composed.context
            assert lost(document, composed, shown) == []


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_string_alone_is_refused_or_read_back(press: Press, text: str) -> None:
    """Below the forms: whatever filling lets in must be on the page, or the read-back must say so."""
    template = paper("前文完整。", "值：{{ v }}。", "后文完整。")
    made = press.convert(template, [{"v": "邻居一"}, {"v": text}, {"v": "邻居二"}])
    assert made[0].good
    assert made[2].good
    pages = "".join(page_texts(made[1].pdf)) if made[1].pdf else ""
    whole = f"前文完整。值：{squeezed(text)}。后文完整。" in pages
    assert whole or made[1].problems
    if made[1].good:
        assert whole


def test_a_string_that_compose_lets_in_is_one_that_the_page_can_carry(press: Press) -> None:
    """No text that passes the form may fail at the press: an official would be stopped after having signed."""
    field = Text(name="v", label="文字")
    passing = [text for text in NASTY if passes(field, text)]
    assert len(passing) >= 30
    made = press.convert(paper("{{ v }}"), [{"v": str(field.parse(text))} for text in passing])
    assert [(text, each.problems) for text, each in zip(passing, made, strict=True) if each.problems] == []


def passes(field: Text, text: str) -> bool:
    try:
        value = str(field.parse(text))
    except Exception:  # noqa: BLE001  (refused, in whatever way)
        return False
    return not context.fonts.missing(value)


def test_there_are_sixty_and_each_is_another() -> None:
    assert len(NASTY) >= 60
    assert len(set(NASTY)) == len(NASTY)
    assert max(map(len, NASTY)) <= 100
