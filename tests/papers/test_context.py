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


@pytest.mark.parametrize(("kind", "changes"), [
    ("criticism_record", {"stance_note": "他说老师打过孩子，村干部说要罚款。"}),
    ("criticism_record", {"child_view": "说要去念经。"}),
    ("compliance_check", {"excuse": "其父称交过保证金。"}),
    ("school_report", {"whereabouts": "其父称已交给派出所，怕被拘留。"}),
])
def test_what_somebody_said_is_recorded_as_said_and_only_told(kind: str, changes: dict[str, Any]) -> None:
    made = compose(catalogue.paper(kind), catalogue.sample(kind) | changes, shipped.lawbook())
    asked = [each.where for each in made.warnings]
    assert asked == list(changes) or "念经" in str(changes)
    assert all("如系本人原话" in each.advice for each in made.warnings)


def test_the_answer_in_a_row_is_quoted_and_the_question_is_not() -> None:
    qa = [{"question": "没有到校的原因是什么？村里说要罚款吗？", "answer": "怕被拘留。"}]
    assert set(problems("criticism_record", qa=qa)) == {"qa.0.question"}
    qa[0]["question"] = "没有到校的原因是什么？"
    made = compose(catalogue.paper("criticism_record"), catalogue.sample("criticism_record") | {"qa": qa},
                   shipped.lawbook())
    assert [each.where for each in made.warnings] == ["qa.0.answer"]


@pytest.mark.parametrize(("kind", "changes", "where"), [
    (ORDER, {"demand_more": "请携带640499201103150022的户口簿。"}, "demand_more"),
    ("criticism_record", {"stance_note": "号码640499 20110315 0022"}, "stance_note"),
    ("criticism_record", {"qa": [{"question": "原因？", "answer": "我是640499198506120018。"}]}, "qa.0.answer"),
])
def test_a_whole_number_of_a_person_is_refused_in_any_free_text(
    kind: str, changes: dict[str, Any], where: str,
) -> None:
    found = problems(kind, **changes)
    assert set(found) == {where}
    assert "文书不写完整的公民身份号码。" in found[where]
    assert "64049" not in found[where]


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
    assert [row["item"] for row in first["evidence"]] == ["学校书面报告", "批评教育笔录2份"]  # type: ignore[index, union-attr]
    assert "2026年9月16日当面询问未到校的原因" in str(first["findings"])
    assert (first["deadline_mode"], first["serve_on"]) == ("from_service", "")
    assert compose(paper, ledger | first, shipped.lawbook()).context["demand_term"].startswith("自收到本通知之日起7日内")  # type: ignore[union-attr]


def test_one_party_is_first_given_a_printed_last_day() -> None:
    guardians: Any = catalogue.sample(ORDER)["guardians"]
    first = propose(catalogue.paper(ORDER), {"guardians": guardians[:1], "issue_date": "2026-09-18"})
    assert (first["deadline_mode"], first["serve_on"]) == ("fixed", "2026-09-18")


def test_what_was_typed_is_not_proposed_again() -> None:
    assert "findings" not in propose(catalogue.paper(ORDER), {"findings": ""})
