"""Pupils by the hundred are shown to those in charge, and old rows get their search keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import true

from app.actions import set_up
from app.law import readings
from app.records import rolls, students
from app.records.rolls import Wanted
from tests.people import CHILD, STRANGERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.law.offices import Actor
    from app.records.database import Db
    from tests.people import Cast

QUERIES: dict[str, Callable[[Db, Actor, students.Student], object]] = {
    "page": lambda db, actor, _: rolls.page(db, actor, Wanted(), 0, 50),
    "count": lambda db, actor, _: rolls.count(db, actor, Wanted()),
    "of_school": lambda db, actor, known: rolls.of_school(db, actor, [known.school_id]),
    "classes": lambda db, actor, known: rolls.classes(db, actor, known.school_id),
    "villages": lambda db, actor, known: rolls.villages(db, actor, known.township_id),
}


@pytest.mark.parametrize("name", QUERIES)
def test_rolls_show_their_own_pupils_and_nothing_to_strangers(
        at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    cast = at_stage("enrolled")
    known = cast.load_student()
    with cast.desk.register.reading() as db:
        assert QUERIES[name](db, cast.clerk, known)
        for stranger in STRANGERS:
            assert not QUERIES[name](db, cast.people[stranger], known), stranger
        monkeypatch.setattr(rolls, "in_charge", lambda *_: true())
        assert QUERIES[name](db, cast.stranger, known), "a query that forgot its scope is caught"


@pytest.mark.parametrize("typed", ["hxj", "mxj", "huxiaojun", "maoxiao", "虎小"])
def test_a_name_that_is_read_two_ways_is_found_by_both(at_stage: Callable[[str], Cast], typed: str) -> None:
    cast = at_stage("enrolled")
    pinyin, initials = readings.keys("虎小军")
    with cast.desk.register.transaction() as db:
        db.execute(students.students.update().values(name="虎小军", pinyin=pinyin, initials=initials))
        assert [each.name for each in students.list_students(db, cast.clerk, typed)] == ["虎小军"]


def test_old_rows_get_their_keys_when_the_installation_is_set_up(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    with cast.desk.register.transaction() as db:
        db.execute(students.students.update().values(pinyin="", initials=""))
        assert students.list_students(db, cast.clerk, "ysmxy") == ()
    assert "已为1名学生补上拼音" in set_up.set_up(cast.desk)
    with cast.desk.register.reading() as db:
        assert [each.name for each in students.list_students(db, cast.clerk, "ysmxy")] == [CHILD.name]
