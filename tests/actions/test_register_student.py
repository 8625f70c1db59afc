"""Entering pupils and opening their cases: once, with what their papers need, and corrected without undoing an act."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.actions import case_facts, open_case, register_student, submit_paper, void_paper
from app.errors import Refused
from app.records import audit, cases, students
from tests.people import BOTH_PARENTS, CHILD, OTHER_SCHOOL, OTHER_TOWNSHIP, identity

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


def correct(cast: Cast, asked: Enrolment, seen: str = "") -> None:
    register_student.correct_student(cast.desk, cast.school, cast.student, asked, seen or cast.fingerprint())


def told(cast: Cast) -> list[str]:
    """What the last audit line says was changed."""
    with cast.desk.register.reading() as db:
        line = db.execute(audit.audit.select().order_by(audit.audit.c.id.desc()).limit(1)).one()
    return list(line.detail["changed"])


def moved(cast: Cast) -> tuple[str, Enrolment]:
    """The pupil lives and goes to school in another county now; answers the pupil and what is known there."""
    there, student = cast.enrolment(school=OTHER_SCHOOL, township=OTHER_TOWNSHIP), cast.load_student()
    with cast.desk.change() as db:
        students.change(db, student.id, there.student)
    return student.public_id, there


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


@pytest.mark.parametrize("changed", [
    {"name": "演示马明元"}, {"id_number": str(identity("64049919850612003"))}, {"relation": "祖父"}])
def test_the_party_of_an_order_that_is_out_does_not_become_another(
    changed: dict[str, str], at_stage: Callable[[str], Cast],
) -> None:
    cast = at_stage("admonished")
    order = cast.submit_order()
    asked = cast.enrolment()
    asked = replace(asked, guardians=(replace(asked.guardians[0], **changed),))
    with pytest.raises(Refused, match="不能改") as caught:
        correct(cast, asked)
    assert [each.where for each in caught.value.problems] == [f"guardians.0.{next(iter(changed))}"]
    assert "作废" in caught.value.problems[0].advice
    submit_paper.withdraw_paper(cast.desk, cast.clerk, order)
    correct(cast, asked)


def test_the_child_of_an_order_that_is_out_does_not_become_another(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("served")
    with pytest.raises(Refused, match="不能改"):
        correct(cast, cast.enrolment(name="演示马大燕"))
    other = identity("64049920110315004")
    with pytest.raises(Refused, match="不能改"):
        correct(cast, cast.enrolment(id_number=str(other), sex=other.sex))


def test_after_the_case_is_closed_a_name_is_corrected(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("filed")
    asked = cast.enrolment()
    correct(cast, replace(asked, guardians=(replace(asked.guardians[0], name="演示马明元"),)))
    assert told(cast) == ["guardians.0.name"]


def test_the_parties_stand_also_when_the_pupil_has_moved_away(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("ordered")
    (pupil, there), teacher = moved(cast), cast.people["strange_school"]
    seen = students.fingerprint(there.student, there.guardians)
    assert cast.cases(teacher) == (), "the new school does not see the case"
    for guardians in (cast.enrolment(BOTH_PARENTS).guardians, (replace(there.guardians[0], name="演示马明元"),)):
        with pytest.raises(Refused, match="吉强镇"):
            register_student.correct_student(cast.desk, teacher, pupil, replace(there, guardians=guardians), seen)
    phone = replace(there.guardians[0], phone="13900000002", address="演示新村（演示）")
    register_student.correct_student(cast.desk, teacher, pupil, replace(there, guardians=(phone,)), seen)
    assert told(cast) == ["guardians.0.address", "guardians.0.phone"]


def test_a_pupil_who_has_a_case_elsewhere_gets_no_second_one(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("opened")
    pupil, _ = moved(cast)
    with pytest.raises(Refused, match="吉强镇人民政府"):
        cast.open(pupil, actor=cast.people["strange_school"])
    assert len(cast.cases(cast.county)) == 1


def test_a_correction_never_covers_what_another_corrected_since(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("opened")
    seen, lines = cast.fingerprint(), cast.lines()
    correct(cast, cast.enrolment(village="演示新村"), seen=seen)
    correct(cast, cast.enrolment(village="演示新村"), seen=seen)
    assert cast.lines() == lines + 1, "the same correction clicked twice is made once"
    with pytest.raises(Refused, match="别人更正过"):
        correct(cast, cast.enrolment(class_name="（9）班"), seen=seen)
    assert (cast.load_student().village, cast.load_student().class_name) == ("演示新村", "（2）班")


def test_the_trail_names_what_was_changed_and_no_value(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("opened")
    asked = cast.enrolment(BOTH_PARENTS, village="演示新村")
    correct(cast, replace(asked, guardians=(replace(asked.guardians[0], name="演示马明元"), asked.guardians[1])))
    assert told(cast) == ["guardians.0.name", "guardians.1", "village"]


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
