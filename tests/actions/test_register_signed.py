"""A leader signs on paper: the slip is of this very draft, is registered by somebody else, and issues it once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from app.actions import approve_paper, register_signed, submit_paper
from app.actions.register_signed import Signed, draft_code
from app.errors import Refused
from app.law.lives import PaperState, ScanRole
from app.law.steps import Step
from app.records import accounts, files
from tests.people import upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("admonished")


def signed(cast: Cast, paper: str, on: date = date(2026, 9, 18)) -> Signed:
    return Signed(paper, cast.leader.account_id, on, draft_code(cast.load(paper)), scan=upload("签好的稿纸"))


def from_service(cast: Cast) -> str:
    return cast.submit_order(deadline_mode="from_service", serve_on="", issue_date="")


def test_the_slip_has_the_draft_behind_it(cast: Cast) -> None:
    paper = cast.submit_order()
    pages = PdfReader(io.BytesIO(register_signed.print_slip(cast.desk, cast.clerk, paper))).pages
    assert len(pages) == 1 + (cast.load(paper).pages or 0)
    values = cast.desk.press.asked[-1]["context"]  # type: ignore[attr-defined]
    assert values["slip_to"] == "演示马明远"
    assert (values["slip_drafter"], values["slip_enclosed"]) == ("演示王干事", "无（随文附送送达回证1份）")
    assert values["slip_code"] == draft_code(cast.load(paper))


def test_what_was_signed_is_issued_under_the_signers_name(cast: Cast) -> None:
    paper = cast.submit_order()
    assert register_signed.register_signed(cast.desk, cast.second, signed(cast, paper)) == "演示吉强政责改〔2026〕1号"
    row = cast.load(paper)
    assert (row.state, row.signed_by, row.approver) == (PaperState.ISSUED, "演示李乡长", "演示李乡长")
    assert cast.load_case().day_of(Step.ORDER) == row.issue_date == date(2026, 9, 18)
    with cast.desk.register.reading() as db:
        assert [each.role for each in files.of_paper(db, row.id)] == [ScanRole.APPROVAL]
    cast.work()
    assert cast.load(paper).at_hand


def test_nobody_who_had_a_hand_in_it_registers_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = cast.submit_order()
    with pytest.raises(Refused, match="不能登记签发"):
        register_signed.register_signed(cast.desk, cast.clerk, signed(cast, paper))
    monkeypatch.setattr("app.records.papers.Paper.hands", frozenset())  # without the guard
    assert register_signed.register_signed(cast.desk, cast.clerk, signed(cast, paper))


def test_the_signer_is_a_leader_of_the_office_without_a_hand_in_it(cast: Cast) -> None:
    paper = cast.submit_order(cast.both)
    with cast.desk.register.reading() as db:
        offered = register_signed.signers(db, cast.second, cast.load(paper))
    assert set(offered.values()) == {"演示李乡长"}
    for other in (cast.both, cast.clerk, cast.bureau, cast.stranger):
        with pytest.raises(Refused, match="签发人应是本单位"):
            register_signed.register_signed(cast.desk, cast.second,
                                            replace(signed(cast, paper), signer_id=other.account_id))


def test_a_leader_whose_account_is_closed_does_not_sign(cast: Cast) -> None:
    paper = cast.submit_order()
    with cast.desk.register.transaction() as db:
        accounts.change(db, cast.leader.account_id, enabled=False)
    with pytest.raises(Refused, match="签发人应是本单位"):
        register_signed.register_signed(cast.desk, cast.second, signed(cast, paper))


def test_a_slip_of_an_earlier_draft_issues_nothing(cast: Cast) -> None:
    paper = cast.submit_order()
    old = signed(cast, paper)
    submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
    row = cast.load(paper)
    from app.actions import draft_paper  # noqa: PLC0415

    draft_paper.save_draft(cast.desk, cast.clerk, paper, dict(row.typed) | {"demand_more": "请带户口簿。"}, row.version)
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    cast.work()
    with pytest.raises(Refused, match="签的不是这一稿"):
        register_signed.register_signed(cast.desk, cast.second, old)


def test_a_later_signature_moves_the_date_and_nothing_else(cast: Cast) -> None:
    paper = from_service(cast)
    cast.at(2026, 9, 20, 10)
    register_signed.register_signed(cast.desk, cast.second, signed(cast, paper, date(2026, 9, 19)))
    row = cast.load(paper)
    assert (row.issue_date, cast.load_case().day_of(Step.ORDER)) == (date(2026, 9, 19), date(2026, 9, 19))
    assert (row.printed or {})["issue_date"] == "2026年9月19日"
    assert cast.clock.day_of(row.approved_at) == date(2026, 9, 20)  # type: ignore[arg-type]


def test_a_later_signature_under_a_printed_term_is_refused(cast: Cast) -> None:
    paper = cast.submit_order()
    cast.at(2026, 9, 20, 10)
    with pytest.raises(Refused, match="正文就不成立了") as caught:
        register_signed.register_signed(cast.desk, cast.second, signed(cast, paper, date(2026, 9, 19)))
    assert caught.value.problems[0].where == "signed_on"


def test_a_day_on_which_more_than_the_date_would_read_otherwise_is_refused(cast: Cast) -> None:
    paper = from_service(cast)
    with cast.desk.register.transaction() as db:
        from app.records import offices  # noqa: PLC0415

        offices.change(db, cast.leader.office_id, phone="0954-2999999")
    cast.at(2026, 9, 20, 10)
    with pytest.raises(Refused, match="与领导签的不一样"):
        register_signed.register_signed(cast.desk, cast.second, signed(cast, paper, date(2026, 9, 19)))


@pytest.mark.parametrize("on", [date(2026, 9, 17), date(2026, 9, 19)])
def test_a_signature_lies_between_sending_and_today(cast: Cast, on: date) -> None:
    paper = cast.submit_order()
    with pytest.raises(Refused, match="签发日期"):
        register_signed.register_signed(cast.desk, cast.second, signed(cast, paper, on))


def test_without_the_signed_slip_nothing_is_registered(cast: Cast) -> None:
    paper = cast.submit_order()
    with pytest.raises(Refused, match="请选择签好的发文稿纸"):
        register_signed.register_signed(cast.desk, cast.second, replace(signed(cast, paper), scan=None))


def test_on_the_screen_and_on_paper_at_once_only_one_wins(cast: Cast) -> None:
    paper = cast.submit_order()
    asked, lines = signed(cast, paper), cast.lines()

    def act(way: int) -> str:
        try:
            if way:
                return register_signed.register_signed(cast.desk, cast.second, asked)
            return approve_paper.approve_paper(cast.desk, cast.leader, paper)
        except Refused:
            return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(act, range(2)))
    assert answers == ["", "演示吉强政责改〔2026〕1号"]
    assert cast.lines() == lines + 1
