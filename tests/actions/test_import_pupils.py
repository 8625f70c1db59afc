"""Lists of pupils: nothing is guessed, nothing is entered by halves, and all of it goes back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from app.actions import import_pupils, open_case, register_student, roll_over, undo_batch
from app.errors import NotVisible, Refused
from app.intake import school_list
from app.records import batches, rolls, students
from tests.lists import listed, pupil
from tests.people import OTHER_SCHOOL, OTHER_TOWNSHIP, SCHOOL, identity

if TYPE_CHECKING:
    from app.actions.import_pupils import Plan
    from app.law.offices import Actor
    from tests.people import Cast


def planned(cast: Cast, data: bytes, actor: Actor | None = None) -> tuple[str, Plan]:
    who = actor or cast.school
    batch = import_pupils.receive_list(cast.desk, who, data, "名单.xlsx")
    with cast.desk.register.reading() as db:
        return batch, import_pupils.look_at_list(cast.desk, who, db, batch)[1]


def imported(cast: Cast, *rows: dict[str, Any], actor: Actor | None = None) -> str:
    batch, plan = planned(cast, listed(rows), actor)
    import_pupils.import_pupils(cast.desk, actor or cast.school, batch, plan.digest)
    return batch


def pupils(cast: Cast) -> dict[str, students.Student]:
    with cast.desk.register.reading() as db:
        return {each.name: each for each in rolls.of_school(db, cast.school, [cast.school.office_id])}


def wrong(cast: Cast, *rows: dict[str, Any], actor: Actor | None = None, **more: Any) -> dict[str, str]:
    return {each.where: each.message for each in planned(cast, listed(rows, **more), actor)[1].problems}


@pytest.mark.parametrize(("changed", "cell", "said"), [
    ({"id_number": int("640499" + "201201010023")}, "名单!C3", "15位"), ({"id_number": "64049920120101"}, "名单!C3", "18位"),
    ({"grade": "十年级"}, "名单!G3", "年级"), ({"name": "马1"}, "名单!B3", "姓名"), ({"name": ""}, "名单!B3", "请填写姓名"),
    ({"sex": "男", "id_number": str(identity("64049920120101002"))}, "名单!D3", "性别"), ({"township": "无此乡"}, "名单!I3", "无此乡"),
    ({"guardian1_phone": "12"}, "名单!Q3", "电话"), ({"guardian1_relation": "邻居"}, "名单!O3", "选填"),
    ({"birth_date": "2012-13-01"}, "名单!E3", "2014-03-15"), ({"village": "村" * 41}, "名单!J3", "最多40"),
    ({"id_number": ""}, "名单!D3", "请填写性别"), ({"school_code": "S1"}, "名单!A3", "不归您的单位管"),
    ({"guardian1_id_number": str(identity("64049920150101001"))}, "名单!P3", "十八周岁"),
    ({"village": "=1+1"}, "名单!J3", "公式")])
def test_each_fault_is_told_by_its_cell(cast: Cast, changed: dict[str, Any], cell: str, said: str) -> None:
    found = wrong(cast, pupil(1, **changed))
    assert cell in found, found
    assert said in found[cell]


def test_one_fault_keeps_the_whole_list_out(cast: Cast) -> None:
    batch, plan = planned(cast, listed([pupil(1), pupil(2, grade="")]))
    with pytest.raises(Refused):
        import_pupils.import_pupils(cast.desk, cast.school, batch, plan.digest)
    assert pupils(cast) == {}


def test_the_same_pupil_twice_in_a_list_is_told(cast: Cast) -> None:
    assert "第3行" in wrong(cast, pupil(1), pupil(2), pupil(1, name="演示马另名"))["名单!C5"]
    bare = {"id_number": "", "student_status_no": "", "sex": "男", "birth_date": "2014-03-15", "name": "演示同名"}
    assert "同名同出生日期" in wrong(cast, pupil(1, **bare), pupil(2, **bare))["名单!C4"]


def test_a_child_whose_number_was_corrected_is_no_second_pupil(cast: Cast) -> None:
    imported(cast, pupil(1))
    other = str(identity("64049920120101901"))
    same_no = wrong(cast, pupil(1, id_number=other, student_status_no=pupil(1)["student_status_no"], name="演示马改名"))
    assert "学籍号已登记" in same_no["名单!F3"]
    number = next(iter(pupils(cast).values())).id_number
    corrected = str(identity(f"{number[:14]}991"))
    assert "同名同出生日期" in wrong(cast, pupil(1, id_number=corrected, student_status_no=""))["名单!C3"]
    assert "原登记上更正" in str(planned(cast, listed([pupil(1, id_number=corrected)]))[1].problems)
    assert "学籍号相同" in wrong(cast, pupil(2), pupil(3, student_status_no=pupil(2)["student_status_no"]))["名单!F4"]
    assert planned(cast, listed([pupil(1), pupil(2)]))[1].counts == {"new": 1, "changed": 0, "unchanged": 1}


@pytest.mark.parametrize(("typed", "said"), [
    ("2031-01-01", "还没有到"), ("2014111", "20140315"), ("2014-W10-1", "20140315"), ("201411", "20140315")])
def test_a_birth_date_that_cannot_be_is_refused(cast: Cast, typed: str, said: str) -> None:
    bare = {"id_number": "", "student_status_no": "", "sex": "男"}
    assert said in wrong(cast, pupil(1, **bare, birth_date=typed))["名单!E3"]


def test_an_unlikely_age_is_shown_and_a_likely_one_is_not(cast: Cast) -> None:
    bare = {"id_number": "", "student_status_no": "", "sex": "男"}
    _, plan = planned(cast, listed([pupil(number, **bare, birth_date=born) for number, born in enumerate((
        "1950-01-01", "20140315", "2014年3月5日", "2023.1.1"), 1)]))
    assert plan.problems == ()
    assert [(each.where, each.message.partition("现年")[2]) for each in plan.doubtful] == [
        ("名单!E3", "76岁。"), ("名单!E6", "3岁。")]


def test_twins_are_two_pupils(cast: Cast) -> None:
    first, second = (str(identity(f"6404992012010100{n}")) for n in (1, 3))
    imported(cast, pupil(1, id_number=first, student_status_no="", name="演示马大双"),
             pupil(2, id_number=second, student_status_no="", name="演示马小双"))
    assert len({each.birth_date for each in pupils(cast).values()}) == 1
    assert len(pupils(cast)) == 2


def test_columns_are_known_in_any_order_and_writing(cast: Cast) -> None:
    columns = ["guardian1_phone", "name", "village", "home_address", "township", "grade", "class_name", "guardian1_name",
               "guardian1_relation", "guardian1_id_number", "id_number"]
    data = listed([pupil(1, grade=6), {}, {"name": "示例张三"}], columns=columns)
    _, plan = planned(cast, data)
    assert (len(plan.new), plan.problems) == (1, ())
    assert plan.new[0][1].student.hukou_address == "演示村二组（演示）"


def test_a_second_import_changes_what_differs_and_nothing_else(cast: Cast) -> None:
    imported(cast, pupil(1), pupil(2))
    _, plan = planned(cast, listed([pupil(1), pupil(2, village="演示新村"), pupil(3)]))
    assert plan.counts == {"new": 1, "changed": 1, "unchanged": 1}
    assert plan.changed[0].fields == ("village",)


def test_a_list_that_leaves_columns_out_takes_nothing_from_the_ledger(cast: Cast) -> None:
    mother = {"guardian2_name": "演示马小花", "guardian2_relation": "母亲", "guardian2_phone": "13900000003",
              "guardian2_id_number": str(identity("64049919850101002")), "guardian2_address": "演示村三组（演示）"}
    imported(cast, pupil(1, **mother, hukou_address="演示县城（演示）", caregiver="演示马奶奶",
                         guardian1_address="演示路一号（演示）"))
    before = pupils(cast)
    needed = [*school_list.NEEDED, "id_number"]
    _, plan = planned(cast, listed([pupil(1)], columns=needed))
    assert (plan.problems, plan.counts) == ((), {"new": 0, "changed": 0, "unchanged": 1})
    assert planned(cast, listed([pupil(1)]))[1].counts["unchanged"] == 1
    batch, plan = planned(cast, listed([pupil(1, home_address="演示新村（演示）", guardian1_phone="13900000009")],
                                       columns=needed))
    assert plan.changed[0].fields == ("guardians.0.phone", "home_address")
    import_pupils.import_pupils(cast.desk, cast.school, batch, plan.digest)
    (known,), (after,) = before.values(), pupils(cast).values()
    assert (after.student_status_no, after.caregiver, after.hukou_address) == (
        known.student_status_no, "演示马奶奶", "演示县城（演示）")
    assert [each.address for each in after.guardians] == ["演示路一号（演示）", "演示村三组（演示）"]


def test_a_guardian_goes_by_an_explicit_word_only(cast: Cast) -> None:
    mother = {"guardian2_name": "演示马小花", "guardian2_relation": "母亲", "guardian2_phone": "13900000003",
              "guardian2_id_number": str(identity("64049919850101002"))}
    alone = {name.replace("2", "1", 1): value for name, value in mother.items()}
    imported(cast, pupil(1, **mother))
    assert planned(cast, listed([pupil(1, **alone)]))[1].counts["unchanged"] == 1
    other = alone | {"guardian1_name": "演示马阿姨", "guardian1_id_number": str(identity("64049919860101002"))}
    assert "不是同一人" in wrong(cast, pupil(1, **other))["名单!N3"]
    assert "不能删除" in wrong(cast, pupil(1, guardian1_name="删除"))["名单!N3"]
    imported(cast, pupil(1, **alone, guardian2_name="删除"))
    assert [each.name for each in next(iter(pupils(cast).values())).guardians] == ["演示马小花"]


def test_who_gets_a_number_later_stays_the_same_pupil(cast: Cast) -> None:
    number = str(identity("64049920120101001"))
    bare = {"id_number": "", "student_status_no": "", "sex": "男", "birth_date": "2012-01-01", "name": "演示马补号"}
    imported(cast, pupil(1, **bare))
    before = pupils(cast)["演示马补号"].id
    imported(cast, pupil(1, **bare | {"id_number": number}))
    assert {name: (each.id, each.id_number) for name, each in pupils(cast).items()} == {"演示马补号": (before, number)}
    assert "有身份证号" in "".join(wrong(cast, pupil(1, **bare)).values())


def test_what_was_looked_at_must_still_be_so(cast: Cast) -> None:
    batch, plan = planned(cast, listed([pupil(1)]))
    imported(cast, pupil(1, village="别村"))
    with pytest.raises(Refused, match="有了变化"):
        import_pupils.import_pupils(cast.desk, cast.school, batch, plan.digest)
    assert [each.village for each in pupils(cast).values()] == ["别村"]


def test_a_number_of_another_school_is_refused_without_its_name(cast: Cast) -> None:
    stranger = cast.people["strange_school"]
    asked = cast.enrolment(school=OTHER_SCHOOL, township=OTHER_TOWNSHIP)
    register_student.register_student(cast.desk, stranger, asked)
    with pytest.raises(Refused) as caught:
        register_student.register_student(cast.desk, cast.school, cast.enrolment())
    said = f"{caught.value} {caught.value.problems}"
    assert "其他学校" in said
    assert "西吉县教育体育局" in said
    assert "彭阳" not in said
    found = wrong(cast, pupil(1, id_number=asked.student.id_number, student_status_no=""))
    assert "其他学校" in found["名单!C3"]
    assert "彭阳" not in str(found)
    assert pupils(cast) == {}


def test_a_county_imports_several_schools_by_their_codes(cast: Cast) -> None:
    county = cast.county
    assert SCHOOL
    assert imported(cast, pupil(1, school_code=SCHOOL), actor=county)
    assert len(pupils(cast)) == 1
    assert "不归您的单位管" in str(wrong(cast, pupil(2, school_code=OTHER_SCHOOL), actor=county))


def test_an_import_goes_back_whole(cast: Cast) -> None:
    imported(cast, pupil(1))
    before = pupils(cast)
    batch = imported(cast, pupil(1, village="别村", guardian1_phone="13900000009"), pupil(2))
    assert len(pupils(cast)) == 2
    undo_batch.undo_batch(cast.desk, cast.school, batch)
    assert pupils(cast) == before
    undo_batch.undo_batch(cast.desk, cast.school, batch)


def test_an_import_stays_when_one_of_its_pupils_was_used_since(cast: Cast) -> None:
    cast.at(2026, 9, 15)
    batch = imported(cast, pupil(1), pupil(2))
    cast.open(next(iter(pupils(cast).values())).public_id)
    with pytest.raises(Refused) as caught:
        undo_batch.undo_batch(cast.desk, cast.school, batch)
    assert "已建案卷" in str(caught.value.problems)
    assert len(pupils(cast)) == 2


def test_an_import_stays_when_one_of_its_pupils_was_corrected_since(cast: Cast) -> None:
    batch = imported(cast, pupil(1))
    imported(cast, pupil(1, village="别村"))
    with pytest.raises(Refused) as caught:
        undo_batch.undo_batch(cast.desk, cast.school, batch)
    assert "已被更正" in str(caught.value.problems)


def test_the_file_is_named_by_no_row_once_it_is_in(cast: Cast) -> None:
    batch = imported(cast, pupil(1))
    with cast.desk.register.reading() as db:
        assert batches.load_batch(db, cast.school, batch).source_sha == ""
        assert [each.public_id for each in batches.list_batches(db, cast.school, batches.IMPORT)] == [batch]
        assert batches.list_batches(db, cast.people["strange_school"], batches.IMPORT) == ()


def test_fifteen_hundred_pupils_come_in_within_seconds(cast: Cast) -> None:
    data = listed([pupil(number) for number in range(1500)])
    begun = time.perf_counter()
    batch, plan = planned(cast, data)
    import_pupils.import_pupils(cast.desk, cast.school, batch, plan.digest)
    taken = time.perf_counter() - begun
    assert plan.counts["new"] == 1500
    assert taken < 15, taken
    with cast.desk.register.reading() as db:
        begun = time.perf_counter()
        assert rolls.count(db, cast.school, rolls.Wanted(query="yanshima")) == 1500
        assert len(rolls.page(db, cast.school, rolls.Wanted(), 1450, 50)) == 50
        assert time.perf_counter() - begun < 2
    undo_batch.undo_batch(cast.desk, cast.school, batch)
    assert pupils(cast) == {}


def rise(cast: Cast, last: int | None = None) -> str:
    with cast.desk.register.reading() as db:
        plan = roll_over.look_at_roll_over(cast.desk, cast.school, db, cast.school.office_id, last)
    return roll_over.roll_over(cast.desk, cast.school, cast.school.office_id, plan.last_grade, plan.digest)


def test_pupils_rise_or_graduate_and_who_has_an_open_case_stays(cast: Cast) -> None:
    cast.at(2026, 8, 25)
    imported(cast, pupil(1, grade="八年级"), pupil(2, grade="九年级"), pupil(3, grade="九年级"))
    held = sorted(pupils(cast).values(), key=lambda each: each.id)[2]
    open_case.open_case(cast.desk, cast.school, open_case.NewCase(held.public_id, cast.desk.clock.today(), "F"))
    batch = rise(cast)
    after = sorted((each.grade, each.status, each.id == held.id) for each in pupils(cast).values())
    assert after == [(9, "enrolled", False), (9, "enrolled", True), (9, "graduated", False)]
    with pytest.raises(Refused, match="已经办过"):
        rise(cast)
    undo_batch.undo_batch(cast.desk, cast.school, batch)
    assert sorted((each.grade, each.status) for each in pupils(cast).values()) == [
        (8, "enrolled"), (9, "enrolled"), (9, "enrolled")]


@pytest.mark.parametrize("day", [(2026, 11, 1), (2027, 6, 1), (2027, 8, 1)])
def test_a_rise_is_taken_back_in_its_own_summer_only(cast: Cast, day: tuple[int, int, int]) -> None:
    cast.at(2026, 8, 25)
    imported(cast, pupil(1, grade="八年级"))
    batch = rise(cast)
    cast.at(*day)
    with pytest.raises(Refused, match="当年7月至10月"):
        undo_batch.undo_batch(cast.desk, cast.school, batch)
    assert [each.grade for each in pupils(cast).values()] == [9]


def test_no_rise_in_spring_below_the_highest_grade_or_for_another_school(cast: Cast) -> None:
    imported(cast, pupil(1, grade="八年级"))
    with pytest.raises(Refused, match="最高年级"):
        rise(cast, 6)
    cast.at(2027, 3, 1)
    with pytest.raises(Refused, match="7月至10月"):
        rise(cast)
    with pytest.raises(NotVisible), cast.desk.register.reading() as db:
        roll_over.look_at_roll_over(cast.desk, cast.people["strange_school"], db, cast.school.office_id)
