"""Approving: by another person, after the page was seen, once, with the next number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.actions import approve_paper, draft_paper, set_up, submit_paper, void_paper
from app.errors import Refused
from app.law import powers
from app.law.lives import PaperState, Production
from app.law.steps import Step
from app.records import papers
from tests.people import TOWNSHIP

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("admonished")


def approve(cast: Cast, paper: str) -> str:
    return approve_paper.approve_paper(cast.desk, cast.leader, paper)


def test_an_approved_order_has_its_number_its_step_and_a_receipt_for_its_party(cast: Cast) -> None:
    paper = cast.submit_order()
    assert approve(cast, paper) == "演示吉强政责改〔2026〕1号"
    row = cast.load(paper)
    assert (row.state, row.production) == (PaperState.ISSUED, Production.WAITING)
    assert cast.load_case().day_of(Step.ORDER) == date(2026, 9, 18)
    receipts = [each for each in cast.papers() if each.follows_id == row.id]
    assert [each.frozen["addressee"] for each in receipts if each.frozen] == ["演示马明远"]


def test_the_drafter_does_not_approve(cast: Cast) -> None:
    paper = cast.submit_order(cast.both)
    with pytest.raises(Refused, match="起草人不能签发"):
        approve_paper.approve_paper(cast.desk, cast.both, paper)
    assert approve(cast, paper)


def test_who_sent_it_does_not_approve_either(cast: Cast) -> None:
    paper = cast.draft_order()
    submit_paper.submit_paper(cast.desk, cast.both, paper)
    cast.work()
    with pytest.raises(Refused, match="起草人不能签发"):
        approve_paper.approve_paper(cast.desk, cast.both, paper)
    assert approve(cast, paper)


def test_without_the_guard_the_drafter_would_approve(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = cast.submit_order(cast.both)
    monkeypatch.setattr(powers, "require_other_person", lambda *_: None)
    assert approve_paper.approve_paper(cast.desk, cast.both, paper)


@pytest.mark.parametrize("login", ["clerk", "second"])
def test_a_clerk_does_not_approve(cast: Cast, login: str) -> None:
    paper = cast.submit_order()
    with pytest.raises(Refused, match="岗位"):
        approve_paper.approve_paper(cast.desk, cast.people[login], paper)


def test_a_leader_above_does_not_approve_what_another_office_makes(cast: Cast) -> None:
    paper = cast.submit_order()
    with pytest.raises(Refused, match="吉强镇人民政府办理"):
        approve_paper.approve_paper(cast.desk, cast.bureau, paper)


def test_nothing_is_approved_before_its_page_is_ready(cast: Cast) -> None:
    paper = cast.draft_order()
    with pytest.raises(Refused, match="草稿"):
        approve(cast, paper)
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    with pytest.raises(Refused, match="还在制作"):
        approve(cast, paper)
    cast.work()
    assert approve(cast, paper)


def test_a_page_that_could_not_be_made_is_not_approved(cast: Cast) -> None:
    cast.desk.press.faults.append(Refused("模板不能用。"))  # type: ignore[attr-defined]
    paper = cast.submit_order()
    with pytest.raises(Refused, match="样张没有制成") as caught:
        approve(cast, paper)
    assert "模板不能用" in caught.value.advice


def test_a_second_click_gives_no_second_number(cast: Cast) -> None:
    paper = cast.submit_order()
    approve(cast, paper)
    with pytest.raises(Refused, match="已签发"):
        approve(cast, paper)
    assert [row.seq for row in numbered(cast)] == [1]


def test_two_clicks_at_once_give_one_number_and_one_receipt(cast: Cast) -> None:
    paper = cast.submit_order()

    def click(_: int) -> str:
        try:
            return approve(cast, paper)
        except Refused:
            return ""

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(click, range(4)))
    assert answers == ["", "", "", "演示吉强政责改〔2026〕1号"]
    assert len([each for each in cast.papers() if each.kind == "service_receipt"]) == 1


def numbered(cast: Cast) -> list[papers.Paper]:
    with cast.desk.register.reading() as db:
        return [row for row in papers.register_rows(db, cast.clerk) if row.series == "责改"]


def test_a_void_paper_keeps_its_number_and_the_next_goes_on(cast: Cast) -> None:
    first = cast.submit_order()
    approve(cast, first)
    void_paper.void_paper(cast.desk, cast.leader, first, "成文日期写错了")
    second = cast.submit_order()
    assert approve(cast, second) == "演示吉强政责改〔2026〕2号"
    assert [(row.seq, row.state) for row in numbered(cast)] == [(1, PaperState.VOID), (2, PaperState.ISSUED)]
    receipts = [each.state for each in cast.papers() if each.kind == "service_receipt"]
    assert receipts == [PaperState.VOID, PaperState.ISSUED]


def test_a_refused_approval_takes_no_number(cast: Cast) -> None:
    paper = cast.submit_order(cast.both)
    for _ in range(3):
        with pytest.raises(Refused):
            approve_paper.approve_paper(cast.desk, cast.both, paper)
    assert approve(cast, paper).endswith("〔2026〕1号")


def test_numbers_go_on_from_those_given_on_paper(cast: Cast) -> None:
    set_up.start_series(cast.desk, TOWNSHIP, "责改", 2026, 8)
    assert approve(cast, cast.submit_order()) == "演示吉强政责改〔2026〕8号"


def test_an_office_without_its_word_gives_no_number_and_says_what_to_do(cast: Cast) -> None:
    paper = cast.submit_order()
    with cast.desk.register.transaction() as db:
        db.execute(papers.offices.update().where(papers.offices.c.code == TOWNSHIP).values(organ_code=""))
    with pytest.raises(Refused, match="机关代字") as caught:
        approve(cast, paper)
    assert "flask office set" in caught.value.advice


def test_an_approved_paper_is_neither_taken_back_nor_changed(cast: Cast) -> None:
    paper = cast.submit_order()
    approve(cast, paper)
    row = cast.load(paper)
    with pytest.raises(Refused, match="已签发"):
        submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
    with pytest.raises(Refused, match="已签发"):
        submit_paper.return_paper(cast.desk, cast.leader, paper, "再改改")
    assert draft_paper.save_draft(cast.desk, cast.clerk, paper, {}, row.version).sent
    assert cast.load(paper) == row


def test_a_paper_dated_earlier_keeps_both_days(cast: Cast) -> None:
    cast.at(2026, 9, 21, 10)
    paper = cast.submit(cast.clerk, "rectification_order", cast.order_words("2026-09-18"))
    approve(cast, paper)
    row = cast.load(paper)
    step = next(each for each in cast.load_case().steps if each.step is Step.ORDER)
    assert (row.issue_date, step.done_on) == (date(2026, 9, 18), date(2026, 9, 18))
    assert row.approved_at == step.entered_at == cast.clock.now()
    assert cast.clock.day_of(step.entered_at) == date(2026, 9, 21)
