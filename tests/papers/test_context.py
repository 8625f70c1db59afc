"""Composing: all that is wrong at once, words and glyphs, first values, and frozen plain values out."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Refused
from app.outside import shipped
from app.papers import catalogue
from app.papers.context import compose, propose

ORDER = "rectification_order"


def problems(kind: str, **changes: Any) -> dict[str, str]:
    """What is wrong with the sample after these changes; None takes a value away."""
    data = catalogue.sample(kind) | changes
    with pytest.raises(Refused) as refused:
        compose(catalogue.paper(kind), {name: value for name, value in data.items() if value is not None},
                shipped.lawbook())
    return {each.where: each.message for each in refused.value.problems}


def test_all_that_is_wrong_is_said_at_once_each_with_its_field() -> None:
    found = problems(ORDER, findings=None, term_days=99, bogus="1")
    assert set(found) == {"findings", "term_days", "bogus"}


@pytest.mark.parametrize("text", [
    "自2026年9月7日起未到校，逾期罚款500元。", "自2026年9月7日起未到校，取消低保。",
    "自2026年9月7日起未到校，因早婚离校。"])
def test_a_word_that_a_paper_must_not_carry_is_refused_where_it_was_typed(text: str) -> None:
    assert set(problems(ORDER, findings=text)) == {"findings"}


def test_a_school_does_not_order() -> None:
    assert "school_opinion" in problems("school_report", school_opinion="请责令其父母改正。")


def test_words_of_the_ledger_are_not_judged() -> None:
    data = catalogue.sample(ORDER) | {"home_address": "演示县罚款街1号"}
    assert compose(catalogue.paper(ORDER), data, shipped.lawbook())


def test_a_character_without_a_glyph_is_named_with_its_place() -> None:
    guardians: Any = catalogue.sample(ORDER)["guardians"]
    found = problems(ORDER, guardians=[guardians[0] | {"name": "马\U000323AF"}])
    assert "U+323AF" in found["guardians.0.name"]


def test_the_values_are_frozen_and_plain() -> None:
    made = compose(catalogue.paper(ORDER), catalogue.sample(ORDER), shipped.lawbook())
    with pytest.raises(TypeError):
        made.context["organ"] = "别的机关"  # type: ignore[index]
    for value in made.context.values():
        assert isinstance(value, str | bool) or all(
            isinstance(cell, str | bool) for row in value for cell in row.values())


def test_first_values_come_from_the_ledger_and_compose() -> None:
    paper, data = catalogue.paper(ORDER), catalogue.sample(ORDER)
    ledger = {each.name: data[each.name] for each in paper.fields
              if each not in paper.typed() and each.name in data}
    first = propose(paper, ledger)
    assert "自2026年9月7日起未到校" in str(first["findings"])
    assert [row["item"] for row in first["evidence"]] == ["学校书面报告", "批评教育笔录"]  # type: ignore[index, union-attr]
    assert compose(paper, ledger | first, shipped.lawbook()).context["demand_term"] == "于2026年9月28日（含当日）前"


def test_what_was_typed_is_not_proposed_again() -> None:
    assert "findings" not in propose(catalogue.paper(ORDER), {"findings": ""})
