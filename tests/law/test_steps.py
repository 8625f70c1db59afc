from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.law.steps import ORDER_OF_STEPS, Done, Procedure, Step, next_step, procedure, require_next

FIRST = date(2026, 9, 15)


def taken(count: int) -> list[Done]:
    return [Done(step, FIRST + timedelta(days=number)) for number, step in enumerate(ORDER_OF_STEPS[:count])]


@pytest.mark.parametrize("count", range(6))
def test_the_next_step_of_the_order_passes(count: int) -> None:
    on = FIRST + timedelta(days=20)
    require_next(ORDER_OF_STEPS[count], taken(count), on, deadline=FIRST + timedelta(days=10))
    assert next_step(taken(count)) is ORDER_OF_STEPS[count]


def test_a_closed_file_has_no_next_step() -> None:
    assert next_step(taken(6)) is None


@given(st.integers(0, 5), st.integers(0, 5))
def test_no_step_passes_before_its_predecessors(count: int, wanted: int) -> None:
    step = ORDER_OF_STEPS[wanted]
    if wanted == count:
        return
    with pytest.raises(Refused):
        require_next(step, taken(count), FIRST + timedelta(days=20), deadline=FIRST)


def test_an_order_before_the_admonition_is_refused_and_says_what_comes_first() -> None:
    with pytest.raises(Refused, match="尚未完成“批评教育”"):
        require_next(Step.ORDER, taken(1), FIRST)


def test_a_step_dated_before_its_predecessor_is_refused() -> None:
    with pytest.raises(Refused, match="早于前一步骤的日期2026年9月16日"):
        require_next(Step.ORDER, taken(2), FIRST)
    require_next(Step.ORDER, taken(2), FIRST + timedelta(days=1))


def test_a_step_done_twice_is_refused_unless_it_is_another_guardians() -> None:
    with pytest.raises(Refused, match="不能重复办理"):
        require_next(Step.ORDER, taken(3), FIRST + timedelta(days=9))
    require_next(Step.ORDER, taken(3), FIRST + timedelta(days=9), another=True)


def test_another_guardians_paper_still_needs_the_predecessors() -> None:
    with pytest.raises(Refused, match="批评教育"):
        require_next(Step.ORDER, taken(1), FIRST, another=True)


def test_a_check_waits_until_the_day_after_the_deadline() -> None:
    deadline = date(2026, 9, 28)
    with pytest.raises(Refused, match="2026年9月28日（含当日）才届满"):
        require_next(Step.CHECK, taken(4), deadline, deadline=deadline)
    require_next(Step.CHECK, taken(4), date(2026, 9, 29), deadline=deadline)


def test_a_check_without_a_deadline_is_refused() -> None:
    with pytest.raises(Refused, match="没有改正期限"):
        require_next(Step.CHECK, taken(4), date(2026, 9, 29))


@pytest.mark.parametrize(("count", "present", "state"), [
    (0, None, Procedure.NONE), (1, None, Procedure.REPORTED), (2, None, Procedure.CRITICISED),
    (3, None, Procedure.ORDERED), (4, None, Procedure.SERVED), (4, True, Procedure.SERVED),
    (5, None, Procedure.SERVED), (5, True, Procedure.COMPLIED), (5, False, Procedure.OVERDUE),
    (6, False, Procedure.OVERDUE),
])
def test_the_procedure_is_read_from_the_steps(count: int, *, present: bool | None, state: Procedure) -> None:
    assert procedure(taken(count), present) is state


def test_every_step_and_state_has_a_label() -> None:
    assert [step.label for step in Step] == ["学校报告", "批评教育", "责令限期改正", "送达", "复查",
                                             "立卷归档"]
    assert all(state.label for state in Procedure)
