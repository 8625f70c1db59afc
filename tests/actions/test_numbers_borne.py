"""A number is borne by one paper, whoever gave it; a wrong entry or a wrong start is no end of the series."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.actions import approve_paper, consent_late, enter_late, number_rules, set_up, submit_paper, void_paper
from app.actions.enter_late import LateEntry
from app.actions.export_register import gap_lines
from app.errors import Refused
from app.law.lives import PaperState
from app.records import audit, numbers, offices, papers
from tests.people import SCHOOL, TOWNSHIP, Cast, upload

if TYPE_CHECKING:
    from collections.abc import Callable

ORDER, OWN = "rectification_order", "演示吉强政责改"


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("admonished")


def typed(cast: Cast, office: str = TOWNSHIP, *, typed: bool = True) -> None:
    number_rules.set_typed_numbers(cast.desk, None, office, typed=typed)


def late_order(cast: Cast, number: str, **changed: Any) -> str:
    cast.at(2026, 9, 18)
    return enter_late.enter_late(cast.desk, cast.clerk, cast.case, ORDER, LateEntry(
        date(2026, 9, 17), number, signed_by="演示李乡长", scan=upload(number),
        typed={"term_days": "7", "deadline_mode": "from_service"} | changed))


def start(cast: Cast, first: int) -> None:
    number_rules.start_own_series(cast.desk, cast.leader, TOWNSHIP, number_rules.Start("责改", 2026, first))


def said(cast: Cast) -> tuple[str, ...]:
    with cast.desk.register.reading() as db:
        return gap_lines(db, offices.load_code(db, TOWNSHIP), papers.register_rows(db, cast.clerk))


def coming(cast: Cast) -> int:
    with cast.desk.register.reading() as db:
        return numbers.peek(db, "演示吉强政", "责改", 2026)


def test_a_school_does_not_type_a_number_of_its_township(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("opened")
    typed(cast, SCHOOL)
    cast.at(2026, 9, 16)
    paper = cast.submit(cast.school, "school_report", cast.report_words())
    with pytest.raises(Refused, match="吉强镇人民政府的代字") as caught:
        approve_paper.approve_paper(cast.desk, cast.principal, paper, number=f"{OWN}〔2026〕1号")
    assert caught.value.problems[0].where == "number"
    assert approve_paper.approve_paper(cast.desk, cast.principal, paper, number="演示中学发〔2026〕1号")


@pytest.mark.parametrize("word", ["演示西教体责改", "演中控辍"])
def test_an_entry_does_not_take_a_number_of_another_office(cast: Cast, word: str) -> None:
    with pytest.raises(Refused, match="的代字，本单位的文书不能用"):
        late_order(cast, f"{word}〔2026〕90号")


def test_the_register_itself_holds_a_number_once(cast: Cast) -> None:
    report = cast.paper("school_report")
    order = cast.submit_order()
    approve_paper.approve_paper(cast.desk, cast.leader, order)
    with pytest.raises(IntegrityError), cast.desk.register.transaction() as db:
        db.execute(update(papers.papers).where(papers.papers.c.id == report.id).values(doc_no=cast.load(order).doc_no))


def test_the_next_number_that_another_paper_bears_is_refused_in_words(cast: Cast) -> None:
    order = cast.submit_order()
    with cast.desk.register.transaction() as db:
        db.execute(update(papers.papers).where(papers.papers.c.id == cast.paper("school_report").id).values(
            organ=OWN, series="", seq=1, doc_no=f"{OWN}〔2026〕1号"))
    with pytest.raises(Refused, match="已经用在另一份文书上") as caught:
        approve_paper.approve_paper(cast.desk, cast.leader, order)
    assert "起始号设为2" in caught.value.advice
    start(cast, 2)
    assert approve_paper.approve_paper(cast.desk, cast.leader, order) == f"{OWN}〔2026〕2号"


def test_once_the_office_counts_again_it_goes_on_behind_the_typed_numbers(cast: Cast) -> None:
    typed(cast)
    order = cast.submit_order()
    approve_paper.approve_paper(cast.desk, cast.leader, order, number=f"{OWN}〔2026〕4号")
    typed(cast, typed=False)
    void_paper.void_paper(cast.desk, cast.leader, order, "当事人写错了要重做")
    again = cast.submit_order()
    assert approve_paper.approve_paper(cast.desk, cast.leader, again) == f"{OWN}〔2026〕5号"
    with cast.desk.register.reading() as db:
        starts = audit.starts(db, offices.load_code(db, TOWNSHIP).id)
        assert [(each["first"], each["skipped_from"]) for each in starts] == [(5, 1)]
    assert "，缺" not in said(cast)[0]


def test_an_entry_where_the_numbers_are_typed_takes_its_own_series(cast: Cast) -> None:
    typed(cast)
    assert consent_late.consent_late(cast.desk, cast.leader, late_order(cast, f"{OWN}〔2026〕4号"))
    typed(cast, typed=False)
    assert coming(cast) == 5


def test_a_wrong_entry_is_entered_again_under_its_true_number(cast: Cast) -> None:
    set_up.start_series(cast.desk, TOWNSHIP, "责改", 2026, 50)
    number = f"{OWN}〔2026〕7号"
    wrong = late_order(cast, number)
    consent_late.consent_late(cast.desk, cast.leader, wrong)
    void_paper.void_paper(cast.desk, cast.leader, wrong, "期限天数录错了")
    right = late_order(cast, number, term_days="10")
    assert cast.load(wrong).seq == 7
    assert consent_late.consent_late(cast.desk, cast.leader, right) == number
    given_up, stands = cast.load(wrong), cast.load(right)
    assert (given_up.state, given_up.seq, given_up.doc_no) == (PaperState.VOID, None, number)
    assert given_up.returned_note == "补录录错，已重录。"
    assert (stands.state, stands.seq) == (PaperState.ISSUED, 7)
    with cast.desk.register.reading() as db:
        assert [each.id for each in papers.register_rows(db, cast.clerk) if each.doc_no == number] == [stands.id]


def test_a_void_paper_of_ours_keeps_its_number(cast: Cast) -> None:
    order = cast.submit_order()
    number = approve_paper.approve_paper(cast.desk, cast.leader, order)
    void_paper.void_paper(cast.desk, cast.leader, order, "当事人写错了要重做")
    with pytest.raises(Refused, match="已经用过"):
        late_order(cast, number)


def test_a_start_typed_too_high_is_lowered_to_the_number_after_the_last_one_borne(cast: Cast) -> None:
    start(cast, 500)
    start(cast, 50)
    assert coming(cast) == 50
    order = cast.submit_order()
    approve_paper.approve_paper(cast.desk, cast.leader, order)
    start(cast, 500)
    for first in (50, 1):
        with pytest.raises(Refused, match="已经用到50号") as caught:
            start(cast, first)
        assert "至少是51" in caught.value.advice
    start(cast, 52)
    assert coming(cast) == 52
    start(cast, 51)
    void_paper.void_paper(cast.desk, cast.leader, order, "当事人写错了要重做")
    again = cast.submit_order()
    submit_paper.withdraw_paper(cast.desk, cast.clerk, again)
    assert said(cast) == (f"2026年 {OWN} 50号（从50号起编），无缺号",)


def test_a_number_missing_after_a_lowered_start_is_a_gap(cast: Cast) -> None:
    start(cast, 500)
    start(cast, 50)
    with cast.desk.register.transaction() as db:
        numbers.take(db, "演示吉强政", "责改", 2026)
    approve_paper.approve_paper(cast.desk, cast.leader, cast.submit_order())
    assert said(cast)[0].endswith("50—51号（从50号起编），缺50号")
