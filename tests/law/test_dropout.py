from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.law.dropout import (
    REASONS,
    Absence,
    AbsenceState,
    Enforceable,
    absence,
    reason,
    require_enforceable,
)
from app.law.offices import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = timedelta(days=1)
FIRST = date(2026, 9, 7)
SUSPECTED, OUT = date(2026, 9, 15), date(2026, 10, 16)
WINTER = (date(2027, 1, 16), date(2027, 2, 28))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("on", "state"), [
    ("2026-09-07", "absent"), ("2026-09-14", "absent"), ("2026-09-15", "suspected"), ("2026-10-15",
                                                                                      "suspected"),
    ("2026-10-16", "dropout"), ("2026-10-20", "dropout"),
])
def test_a_week_makes_suspected_and_a_month_more_makes_dropout(on: str, state: str) -> None:
    assert absence(FIRST, d(on)) == Absence(AbsenceState(state), SUSPECTED, OUT)


def test_a_child_never_absent_is_normal() -> None:
    assert absence(None, FIRST) == Absence(AbsenceState.NORMAL, None, None)


@pytest.mark.parametrize(("returned", "on", "state", "suspected", "out"), [
    ("2026-09-11", "2026-09-20", "returned_probation", None, None),
    ("2026-09-15", "2026-09-20", "returned_probation", None, None),
    ("2026-09-28", "2026-10-20", "returned_probation", SUSPECTED, None),
    ("2026-10-19", "2026-10-20", "returned_probation", SUSPECTED, OUT),
    ("2026-09-28", "2026-09-27", "suspected", SUSPECTED, OUT),
    ("2026-09-28", "2026-09-28", "returned_probation", SUSPECTED, None),
    ("2026-10-16", "2026-10-20", "returned_probation", SUSPECTED, None),
])
def test_a_return_ends_the_clock(
    returned: str | None, on: str, state: str, suspected: date | None, out: date | None,
) -> None:
    assert absence(FIRST, d(on), d(returned)) == Absence(AbsenceState(state), suspected, out)


def test_a_returned_child_counts_as_cleared_from_the_day_of_clearance() -> None:
    returned, cleared = d("2026-09-28"), d("2026-10-27")
    assert absence(FIRST, cleared - DAY, returned,
                   cleared_on=cleared).state is AbsenceState.RETURNED_PROBATION
    assert absence(FIRST, cleared, returned, cleared_on=cleared).state is AbsenceState.CLEARED


def test_vacations_stop_the_clock() -> None:
    first = d("2027-01-11")
    assert absence(first, first, vacations=[WINTER]).suspected_on == d("2027-03-04")
    assert absence(FIRST, FIRST, vacations=[(OUT, OUT + 4 * DAY)]).dropout_on == OUT + 5 * DAY


def test_touching_and_overlapping_vacations_stop_the_clock_once() -> None:
    pieces = [(d("2027-01-16"), d("2027-02-10")), (d("2027-02-11"), d("2027-02-28")), WINTER]
    first = d("2027-01-11")
    assert absence(first, first, vacations=pieces) == absence(first, first, vacations=[WINTER])


@pytest.mark.parametrize(("on", "returned", "vacations", "where"), [
    ("2026-09-06", None, (), "first_absent"), ("2026-09-20", "2026-09-07", (), "returned_on"),
    ("2026-09-20", None, [("2026-10-07", "2026-10-01")], "vacation"),
    ("2026-09-20", None, [("2026-09-01", "2026-09-10")], "first_absent"),
])
def test_days_out_of_order_are_refused(
    on: str, returned: str | None, vacations: Sequence[tuple[str, str]], where: str,
) -> None:
    with pytest.raises(Refused) as refused:
        absence(FIRST, d(on), d(returned) if returned else None, [(d(a), d(b)) for a, b in vacations])
    assert refused.value.where == where


def test_a_year_that_can_only_be_a_slip_is_refused() -> None:
    with pytest.raises(Refused, match="不在可计算的年份"):
        absence(d("9999-12-30"), d("9999-12-31"))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_no_child_drops_out_before_being_suspected(first: date, later: int) -> None:
    found = absence(first, first + later * DAY)
    assert found.suspected_on == first + 8 * DAY
    assert 28 <= (found.dropout_on - found.suspected_on).days - 1 <= 31
    assert (found.state is AbsenceState.ABSENT) is (later < 8)


@given(st.dates(date(2026, 9, 8), date(2026, 12, 1)), st.integers(0, 60))
def test_a_vacation_only_ever_delays(opens: date, length: int) -> None:
    with_pause = absence(FIRST, FIRST, vacations=[(opens, opens + length * DAY)])
    assert with_pause.suspected_on >= SUSPECTED
    assert with_pause.dropout_on - OUT <= (length + 1) * DAY + 3 * DAY


def test_the_codes_are_the_twenty_of_the_form_word_for_word() -> None:
    assert "".join(REASONS) == "ABCDEFGHIJKLMNOPQRST"
    assert reason("j").label == "户口登记原因（实际年龄与户口登记不符的）"
    assert reason("L").label == "“入寺入教”辍学"
    assert {code for code, each in REASONS.items() if each.enforceable is Enforceable.NO} == set("DJOQT")
    assert {code for code,
            each in REASONS.items() if each.enforceable is Enforceable.CONDITIONAL} == set("CEP")
    assert {code for code, each in REASONS.items() if each.sensitive} == set("CDELMN")


def test_a_reason_with_condition_or_ban_says_why() -> None:
    assert all(each.why for each in REASONS.values() if each.enforceable is not Enforceable.YES)
    assert all(each.route for each in REASONS.values())


def test_only_a_forbidden_reason_is_false() -> None:
    assert [bool(each) for each in Enforceable] == [True, False, True]
    assert all(each.label for each in Enforceable)
    assert all(each.label for each in AbsenceState)


def test_nothing_is_waived_unless_somebody_waived_it() -> None:
    with pytest.raises(Refused):
        require_enforceable("G", 16, AbsenceState.DROPOUT, Level.TOWNSHIP)
    with pytest.raises(Refused):
        require_enforceable("C", 13, AbsenceState.DROPOUT, Level.TOWNSHIP)


def test_a_vacation_of_one_day_stops_the_clock_for_one_day() -> None:
    day = FIRST + 3 * DAY
    assert absence(FIRST, FIRST, vacations=[(day, day)]).suspected_on == SUSPECTED + DAY


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(Refused, match="没有“Z”"):
        reason("Z")


def order(
    code: str = "G", age: int = 13, state: AbsenceState = AbsenceState.SUSPECTED,
    level: Level = Level.TOWNSHIP, **more: bool,
) -> None:
    require_enforceable(code, age, state, level, **more)


def test_an_order_is_lawful_from_suspected_on() -> None:
    order()
    order(state=AbsenceState.DROPOUT)
    for state in set(AbsenceState) - {AbsenceState.SUSPECTED, AbsenceState.DROPOUT}:
        with pytest.raises(Refused) as refused:
            order(state=state)
        assert refused.value.where == "absence"


@pytest.mark.parametrize("code", list("DJOQT"))
def test_an_excused_reason_is_never_ordered(code: str) -> None:
    with pytest.raises(Refused, match="不得责令"):
        order(code, condition_met=True)


@pytest.mark.parametrize("code", list("CEP"))
def test_a_conditional_reason_needs_its_condition(code: str) -> None:
    with pytest.raises(Refused):
        order(code)
    order(code, condition_met=True)


OUT_OF_SCHOOL, PERHAPS = AbsenceState.DROPOUT, AbsenceState.SUSPECTED


@pytest.mark.parametrize(("age", "level", "state", "passes"), [
    (5, Level.COUNTY, OUT_OF_SCHOOL, False), (6, Level.TOWNSHIP, PERHAPS, True), (15, Level.TOWNSHIP, PERHAPS, True),
    (16, Level.TOWNSHIP, OUT_OF_SCHOOL, False), (16, Level.COUNTY, PERHAPS, False),
    (16, Level.COUNTY, OUT_OF_SCHOOL, True), (17, Level.COUNTY, OUT_OF_SCHOOL, True),
    (18, Level.COUNTY, OUT_OF_SCHOOL, False),
])
def test_the_age_decides_who_may_order_and_from_which_state(
    age: int, level: Level, state: AbsenceState, *, passes: bool,
) -> None:
    if passes:
        order(age=age, level=level, state=state)
        return
    with pytest.raises(Refused) as refused:
        order(age=age, level=level, state=state)
    assert refused.value.where == "birth_date"


def test_from_sixteen_on_the_county_orders_after_dropout_and_the_refusal_says_so() -> None:
    with pytest.raises(Refused, match="已满十六周岁的，须已列为辍学，由县级教育行政部门责令。"):
        order(age=16)
