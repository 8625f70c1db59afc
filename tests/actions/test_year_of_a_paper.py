"""On the screen no paper enters the book of a year that is over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.actions import approve_paper, submit_paper
from app.errors import Refused
from app.law.lives import PaperState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast

ORDER = "rectification_order"


@pytest.mark.parametrize("sent", [date(2026, 12, 30), date(2027, 1, 4)])
def test_a_paper_dated_last_year_is_not_approved_this_year(at_stage: Callable[[str], Cast], sent: date) -> None:
    cast = at_stage("admonished")
    cast.at(sent.year, sent.month, sent.day)
    words = cast.order_words("2026-12-30", deadline_mode="from_service", serve_on="")
    paper = cast.draft(cast.clerk, ORDER, words)
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    cast.work()
    cast.at(2027, 1, 4)
    with pytest.raises(Refused, match="不能编进上一年的登记簿") as caught:
        approve_paper.approve_paper(cast.desk, cast.leader, paper)
    assert "补录" in caught.value.advice
    assert "发文稿纸" in caught.value.advice
    assert cast.load(paper).state is PaperState.SUBMITTED
    cast.at(2026, 12, 31)
    assert approve_paper.approve_paper(cast.desk, cast.leader, paper) == "演示吉强政责改〔2026〕1号"
