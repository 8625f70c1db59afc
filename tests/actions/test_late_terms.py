"""The term of an order on paper is the one it gave, and no order is served before it is made."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.actions import case_facts, consent_late, draft_paper, enter_late, submit_paper
from app.actions.enter_late import LateEntry
from app.errors import Refused
from app.law.service import Mode, Place
from app.records import services
from app.web import strips
from tests.people import Cast, upload

if TYPE_CHECKING:
    from collections.abc import Callable

ORDER = "rectification_order"


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    cast = at_stage("admonished")
    cast.at(2026, 9, 18)
    return cast


def late_order(cast: Cast, **typed: Any) -> str:
    return enter_late.enter_late(cast.desk, cast.clerk, cast.case, ORDER, LateEntry(
        date(2026, 9, 17), "吉政发〔2026〕7号", signed_by="演示李乡长", scan=upload("通知书"),
        typed={"term_days": "7", "deadline_mode": "from_service"} | typed))


def test_an_order_of_twenty_days_on_paper_is_entered_served_and_reckoned(cast: Cast) -> None:
    order = late_order(cast, term_days="20")
    consent_late.consent_late(cast.desk, cast.leader, order)
    cast.work()
    cast.at(2026, 9, 19)
    cast.serve(mode=Mode.DIRECT, place=Place.HOME, refused=False, refusal_reason="", proof=False,
               served_at=datetime(2026, 9, 17, 19, 30))  # noqa: DTZ001  (local time)
    with cast.desk.register.reading() as db:
        assert services.of_paper(db, cast.load(order).id)[0].deadline == date(2026, 10, 8)
        assert strips.of_case(case_facts.view(db, cast.clerk, cast.load_case()), cast.desk.lawbook(db))


@pytest.mark.parametrize("days", ["0", "61"])
def test_a_term_that_no_order_gives_is_refused(cast: Cast, days: str) -> None:
    with pytest.raises(Refused) as caught:
        late_order(cast, term_days=days)
    assert [each.where for each in caught.value.problems] == ["term_days"]


def test_an_order_of_ours_keeps_to_its_own_limits(cast: Cast) -> None:
    order = draft_paper.start_draft(cast.desk, cast.clerk, cast.case, ORDER)
    row = cast.load(order)
    draft_paper.save_draft(cast.desk, cast.clerk, order, dict(row.typed) | {"term_days": "20"}, row.version)
    with pytest.raises(Refused) as caught:
        submit_paper.submit_paper(cast.desk, cast.clerk, order)
    assert "term_days" in [each.where for each in caught.value.problems]


def test_no_order_is_served_before_its_own_day(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        late_order(cast, deadline_mode="fixed", serve_on="2026-09-16")
    assert [each.where for each in caught.value.problems] == ["serve_on"]
    assert late_order(cast, deadline_mode="fixed", serve_on="2026-09-17")
