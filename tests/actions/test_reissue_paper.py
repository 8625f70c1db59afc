"""作废并重做: the wrong paper keeps its number, a draft with what was typed takes its place, the step follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.actions import approve_paper, draft_paper, reissue_paper, submit_paper, void_paper
from app.errors import Refused
from app.law import powers
from app.law.lives import PaperState
from app.law.steps import Step
from app.records import papers
from tests.people import STRANGERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("ordered")


def reissue(cast: Cast) -> tuple[papers.Paper, str]:
    old = cast.paper("rectification_order")
    return old, reissue_paper.reissue_paper(cast.desk, cast.leader, old.public_id, "成文日期写错了")


def test_the_successor_has_what_was_typed_and_the_step_is_open_until_it_is_issued(cast: Cast) -> None:
    old, new = reissue(cast)
    row = cast.load(new)
    assert (row.state, row.copied_from_id, row.drafter_id) == (PaperState.DRAFT, old.id, old.drafter_id)
    assert dict(row.typed) == {name: raw for name, raw in old.typed.items() if name != "issue_date"}
    assert cast.load(old.public_id).state is PaperState.VOID
    assert cast.load_case().day_of(Step.ORDER) is None
    assert {each.state for each in cast.papers() if each.follows_id == old.id} == {PaperState.VOID}
    submit_paper.submit_paper(cast.desk, cast.clerk, new)
    cast.work()
    assert approve_paper.approve_paper(cast.desk, cast.leader, new) == "演示吉强政责改〔2026〕2号"
    step = next(each for each in cast.load_case().steps if each.step is Step.ORDER)
    assert step.paper_id == row.id
    assert cast.load_case().day_of(Step.ORDER) == cast.load(new).issue_date


def test_each_knows_the_other_and_strangers_neither(cast: Cast) -> None:
    old, new = reissue(cast)
    with cast.desk.register.reading() as db:
        assert papers.successors(db, cast.clerk, [old.id])[old.id].public_id == new
        assert [papers.successors(db, cast.people[who], [old.id]) for who in STRANGERS] == [{}] * len(STRANGERS)


def test_whoever_drafted_it_does_not_void_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    old = cast.paper("rectification_order")
    with cast.desk.register.transaction() as db:
        db.execute(papers.papers.update().where(papers.papers.c.id == old.id).values(drafter_id=cast.both.account_id))
    with pytest.raises(Refused, match="起草人"):
        reissue_paper.reissue_paper(cast.desk, cast.both, old.public_id, "成文日期写错了")
    monkeypatch.setattr(powers, "require_other_person", lambda *_: None)
    assert reissue_paper.reissue_paper(cast.desk, cast.both, old.public_id, "成文日期写错了")


def test_a_reason_says_something(cast: Cast) -> None:
    with pytest.raises(Refused, match="至少5个字"):
        reissue_paper.reissue_paper(cast.desk, cast.leader, cast.paper("rectification_order").public_id, "错了")


def test_what_was_served_is_not_simply_done_again(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("served")
    with pytest.raises(Refused, match="已经登记送达"):
        reissue(cast)
    assert cast.load_case().day_of(Step.SERVE) is not None


def test_a_record_is_done_again_and_its_step_waits_for_the_new_signed_one(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    old = cast.paper("criticism_record")
    new = reissue_paper.reissue_paper(cast.desk, cast.leader, old.public_id, "记错了在场人员")
    assert cast.load_case().day_of(Step.ADMONISH) is None
    assert dict(cast.load(new).typed) == dict(old.typed)


def test_a_receipt_is_not_done_again_alone(cast: Cast) -> None:
    receipt = next(each for each in cast.papers() if each.follows_id is not None)
    with pytest.raises(Refused, match="不单独重做"):
        reissue_paper.reissue_paper(cast.desk, cast.leader, receipt.public_id, "想再做一份")


def test_who_wrote_in_it_neither_voids_it_nor_approves_what_comes_of_it(
    at_stage: Callable[[str], Cast],
) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order(cast.clerk)
    row = cast.load(paper)
    draft_paper.save_draft(cast.desk, cast.both, paper, dict(row.typed) | {"term_days": "9"}, row.version)
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    cast.work()
    approve_paper.approve_paper(cast.desk, cast.leader, paper)
    cast.work()
    for act in (reissue_paper.reissue_paper, void_paper.void_paper):
        with pytest.raises(Refused, match="起草人不能"):
            act(cast.desk, cast.both, paper, "成文日期写错了")
    new = reissue_paper.reissue_paper(cast.desk, cast.leader, paper, "成文日期写错了")
    assert cast.both.account_id in cast.load(new).hands
    submit_paper.submit_paper(cast.desk, cast.clerk, new)
    cast.work()
    with pytest.raises(Refused, match="起草人不能"):
        approve_paper.approve_paper(cast.desk, cast.both, new)
