"""No order stands on a hearing that is void: not after it was issued, not while it waits to be signed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.actions import (
    approve_paper,
    consent_late,
    enter_late,
    register_signed,
    reissue_paper,
    submit_paper,
    void_paper,
)
from app.actions.register_signed import Signed, draft_code
from app.errors import Refused
from app.law.lives import PaperState, ScanRole
from app.records import files
from tests.people import BOTH_PARENTS, Cast, upload

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD, ORDER = "criticism_record", "rectification_order"
WHY = "笔录形式有误作废"


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    """Both parents heard, each in a record of its own; the first carries the step."""
    cast = at_stage("cast")
    cast.go_on("enrolled", BOTH_PARENTS)
    for stage in ("opened", "reported", "admonished"):
        cast.go_on(stage)
    return cast


def hearings(cast: Cast) -> list[str]:
    return [each.public_id for each in cast.papers() if each.kind == RECORD]


def sent(cast: Cast) -> str:
    return cast.submit_order(deadline_mode="from_service", serve_on="")


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("act", [void_paper.void_paper, reissue_paper.reissue_paper])
def test_no_hearing_goes_while_an_order_waits_or_stands(cast: Cast, which: int, act: Callable[..., object]) -> None:
    hearing, order = hearings(cast)[which], sent(cast)
    with pytest.raises(Refused, match="已经送审"):
        act(cast.desk, cast.leader, hearing, WHY)
    approve_paper.approve_paper(cast.desk, cast.leader, order)
    with pytest.raises(Refused, match="先作废" if which == 0 else "已经签发"):
        act(cast.desk, cast.leader, hearing, WHY)
    assert cast.load(hearing).state is PaperState.ISSUED


def test_once_the_order_is_taken_back_the_hearing_may_go(cast: Cast) -> None:
    order = sent(cast)
    submit_paper.withdraw_paper(cast.desk, cast.clerk, order)
    void_paper.void_paper(cast.desk, cast.leader, hearings(cast)[1], WHY)
    with pytest.raises(Refused, match="需要改正"):
        submit_paper.submit_paper(cast.desk, cast.clerk, order)


def test_an_order_on_paper_that_waits_for_consent_holds_its_hearings(cast: Cast) -> None:
    cast.at(2026, 9, 18)
    waiting = enter_late.enter_late(cast.desk, cast.clerk, cast.case, ORDER, enter_late.LateEntry(
        date(2026, 9, 17), "吉政发〔2026〕7号", signed_by="演示李乡长", scan=upload("通知书"),
        typed={"term_days": "7", "deadline_mode": "from_service"}))
    with pytest.raises(Refused, match="已经送审"):
        void_paper.void_paper(cast.desk, cast.leader, hearings(cast)[1], WHY)
    consent_late.return_late(cast.desk, cast.leader, waiting, "再核对")
    void_paper.void_paper(cast.desk, cast.leader, hearings(cast)[1], WHY)


@pytest.mark.parametrize("way", ["screen", "slip"])
def test_an_order_whose_text_names_a_hearing_that_is_gone_is_not_issued(cast: Cast, way: str) -> None:
    order = sent(cast)
    with cast.desk.register.transaction() as db:
        files.drop(db, cast.load(hearings(cast)[1]).id, ScanRole.SIGNED_RECORD)
    signed = Signed(order, cast.leader.account_id, date(2026, 9, 18), draft_code(cast.load(order)),
                    scan=upload("签好的稿纸"))
    act = {"screen": lambda: approve_paper.approve_paper(cast.desk, cast.leader, order),
           "slip": lambda: register_signed.register_signed(cast.desk, cast.second, signed)}[way]
    with pytest.raises(Refused, match="笔录有变动"):
        act()
    assert cast.load(order).state is PaperState.SUBMITTED
