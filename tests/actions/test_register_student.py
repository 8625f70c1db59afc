"""Entering pupils and opening their cases: once, with what their papers need, and corrected without undoing an act."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.actions import case_facts, open_case, register_student, void_paper
from app.errors import Refused
from app.records import cases, students
from tests.people import BOTH_PARENTS, CHILD, identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.actions.register_student import Enrolment
    from tests.people import Cast


def refused(cast: Cast, asked: Enrolment) -> set[str]:
    with pytest.raises(Refused) as caught:
        register_student.register_student(cast.desk, cast.school, asked)
    return {each.where for each in caught.value.problems}


def test_the_same_pupil_clicked_many_times_at_once_is_entered_once(cast: Cast) -> None:
    asked = cast.enrolment()
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: register_student.register_student(cast.desk, cast.school, asked), range(8)))
    assert answers == {cast.student}
    assert len(cast.load_student().guardians) == 1


def test_a_case_clicked_many_times_at_once_is_opened_once(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: cast.open(), range(8)))
    assert answers == {cast.case}
    assert len(cast.cases(cast.county)) == 1


def test_sex_and_birthday_must_be_those_of_the_number(cast: Cast) -> None:
    assert refused(cast, cast.enrolment(sex="男", birth_date=date(2011, 3, 16))) == {"sex", "birth_date"}


def test_guardians_are_grown_people_of_their_own_numbers(cast: Cast) -> None:
    asked = cast.enrolment()
    young = replace(asked.guardians[0], id_number=str(identity("64049920100315002")))
    same = replace(asked.guardians[0], id_number=asked.student.id_number)
    assert refused(cast, replace(asked, guardians=())) == {"guardians"}
    assert refused(cast, replace(asked, guardians=(young,))) == {"guardians.0.id_number"}
    assert refused(cast, replace(asked, guardians=(asked.guardians[0], same))) == {"guardians.1.id_number"}


def test_a_character_that_no_font_has_is_refused_before_it_is_printed(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        register_student.register_student(cast.desk, cast.school, cast.enrolment(village="演示\U000F0000村"))
    assert {each.where for each in caught.value.problems} == {"village"}
    assert "U+F0000" in caught.value.problems[0].message


def test_a_case_is_not_opened_for_a_day_to_come(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    with pytest.raises(Refused, match="今天以后"):
        cast.open(absent=date(2026, 9, 15))
    assert cast.cases(cast.county) == ()


def test_a_reason_is_kept_by_its_code(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    with pytest.raises(Refused, match="原因代码"):
        cast.open(reason="Z")
    open_case.open_case(cast.desk, cast.school, open_case.NewCase(cast.student, date(2026, 9, 7), " f "))
    assert cast.load_case().reason_code == "F"


def correct(cast: Cast, asked: Enrolment) -> None:
    register_student.correct_student(cast.desk, cast.school, cast.student, asked)


def test_a_corrected_telephone_leaves_the_service_and_its_term_standing(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("served")
    asked = cast.enrolment(village="演示新村")
    correct(cast, replace(asked, guardians=(replace(asked.guardians[0], phone="13900000002"),)))
    assert cast.load_student().guardians[0].phone == "13900000002"
    with cast.desk.register.reading() as db:
        seen = case_facts.view(db, cast.clerk, cases.load_case(db, cast.clerk, cast.case))
    assert (seen.unserved, seen.deadline) == ((), date(2026, 9, 28))


def test_a_corrected_name_or_number_is_the_same_guardian(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("opened")
    known, asked = cast.load_student().guardians[0], cast.enrolment()
    for changed in ({"name": "演示马明元"}, {"id_number": str(identity("64049919850612003"))}):
        asked = replace(asked, guardians=(replace(asked.guardians[0], **changed),))
        correct(cast, asked)
        assert [each.id for each in cast.load_student().guardians] == [known.id]


def test_a_second_guardian_joins_before_the_order_and_not_after(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    correct(cast, cast.enrolment(BOTH_PARENTS))
    assert [each.relation for each in cast.load_student().guardians] == ["父亲", "母亲"]
    correct(cast, cast.enrolment(CHILD))
    cast.go_on("ordered")
    with pytest.raises(Refused, match="不能增减"):
        correct(cast, cast.enrolment(BOTH_PARENTS))
    void_paper.void_paper(cast.desk, cast.leader, cast.paper("rectification_order").public_id, "漏了一名监护人")
    correct(cast, cast.enrolment(BOTH_PARENTS))


def test_guardians_do_not_change_places_while_an_order_is_out(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("cast")
    for stage in ("enrolled", "opened", "reported", "admonished", "ordered"):
        cast.go_on(stage, BOTH_PARENTS)
    asked = cast.enrolment(BOTH_PARENTS)
    with pytest.raises(Refused, match="调换次序"):
        correct(cast, replace(asked, guardians=tuple(reversed(asked.guardians))))


def test_a_search_by_the_last_four_finds_and_a_wildcard_does_not(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    number = cast.load_student().id_number
    with cast.desk.register.reading() as db:
        for query, found in ((number[-4:], 1), (number, 1), ("小燕", 1), ("%", 0), ("____", 0), ("_", 0)):
            assert len(students.list_students(db, cast.school, query)) == found, query
