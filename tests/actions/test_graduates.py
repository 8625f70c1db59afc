"""Whoever finished the nine years is missing at no school: no case, no order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from app.actions import approve_paper
from app.errors import Refused
from app.law.lives import PaperState
from app.records.students import GRADUATED, students

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def graduate(cast: Cast, grade: int) -> None:
    with cast.desk.register.transaction() as db:
        db.execute(update(students).values(status=GRADUATED, grade=grade))


def test_no_case_is_opened_of_a_graduate(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    cast.at(2026, 9, 15)
    graduate(cast, 9)
    with pytest.raises(Refused, match="已经毕业"):
        cast.open()
    assert cast.cases(cast.county) == ()


def test_a_child_between_two_schools_is_missing_as_such_alone(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    cast.at(2026, 9, 15)
    graduate(cast, 6)
    with pytest.raises(Refused, match="原因只能选S"):
        cast.open()
    assert cast.open(reason="S")


def test_a_child_of_a_small_school_that_ends_early_goes_on(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    cast.at(2026, 9, 15)
    graduate(cast, 3)
    assert cast.open()


def test_no_order_goes_to_the_parents_of_a_graduate(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    order = cast.submit_order()
    graduate(cast, 9)
    with pytest.raises(Refused, match="已经毕业"):
        approve_paper.approve_paper(cast.desk, cast.leader, order)
    assert cast.load(order).state is PaperState.SUBMITTED
