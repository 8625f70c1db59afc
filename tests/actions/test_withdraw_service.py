"""A service that was entered wrongly is taken back by a leader, until the check is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.actions import withdraw_service
from app.errors import Refused
from app.law.steps import Step
from app.records import papers, services

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def entry(cast: Cast) -> tuple[str, int]:
    order = cast.paper("rectification_order")
    with cast.desk.register.reading() as db:
        return order.public_id, services.of_paper(db, order.id)[0].id


def test_a_service_taken_back_is_entered_again(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("served")
    order, key = entry(cast)
    withdraw_service.withdraw_service(cast.desk, cast.leader, order, key, "回证日期看错了")
    assert cast.load_case().day_of(Step.SERVE) is None
    with cast.desk.register.reading() as db:
        assert "回证日期看错了" in papers.load_paper(db, cast.leader, order).returned_note
    assert cast.serve()
    assert cast.load_case().day_of(Step.SERVE) is not None


def test_it_wants_a_reason_and_another_person(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("served")
    order, key = entry(cast)
    with pytest.raises(Refused, match="原因"):
        withdraw_service.withdraw_service(cast.desk, cast.leader, order, key, "错了")
    with pytest.raises(Refused, match="不能办理"):
        withdraw_service.withdraw_service(cast.desk, cast.clerk, order, key, "回证日期看错了")


def test_after_the_check_it_stands(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    order, key = entry(cast)
    with pytest.raises(Refused, match="已经复查"):
        withdraw_service.withdraw_service(cast.desk, cast.leader, order, key, "回证日期看错了")
