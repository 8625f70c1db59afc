"""The look log: once a person, child and day; found through whatever is about the child; read in charge only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.actions.export_ledger import Asked, export_ledger
from app.actions.note_look import note_look, note_looks
from app.errors import NotVisible
from app.records import looks, packets
from tests.people import STRANGERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def rows(cast: Cast) -> list[tuple[int, int, str]]:
    with cast.desk.register.reading() as db:
        return [(row.account_id, row.student_id, row.how) for row in db.execute(looks.looks.select())]


def test_the_first_look_of_a_day_is_one_row_whatever_was_opened(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("filed")
    key = cast.load_student().id
    with cast.desk.register.reading() as db:
        bound = packets.list_packets(db, cast.clerk)[0].public_id
    for public_id in (cast.student, cast.case, cast.papers()[0].public_id, bound, cast.student, "0" * 32):
        note_look(cast.desk, cast.clerk, [public_id])
    assert rows(cast) == [(cast.clerk.account_id, key, "page")]
    note_look(cast.desk, cast.leader, [bound])
    cast.clock.move_to(cast.clock.now() + timedelta(days=1))
    note_look(cast.desk, cast.clerk, [cast.case])
    assert len(rows(cast)) == 3


def test_the_day_is_that_of_the_place(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    for hour in (23, 24, 25):
        cast.at(2026, 9, 15)
        cast.clock.move_to(cast.clock.now() + timedelta(hours=hour - 9))
        note_look(cast.desk, cast.clerk, [cast.student])
    with cast.desk.register.reading() as db:
        assert [row.day.day for row in db.execute(looks.looks.select())] == [15, 16]


def test_two_pages_at_once_are_one_row(at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both found nothing when they looked: the constraint keeps one, and neither page fails."""
    cast = at_stage("enrolled")
    key = cast.load_student().id
    monkeypatch.setattr(looks, "new_of", lambda *_: frozenset({key}))
    note_looks(cast.desk, cast.clerk, [key])
    note_looks(cast.desk, cast.clerk, [key])
    assert len(rows(cast)) == 1


def test_a_list_taken_out_is_a_look_at_each_child_in_it(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("enrolled")
    many = range(1, 1203)
    note_looks(cast.desk, cast.clerk, many, looks.EXPORT)
    note_looks(cast.desk, cast.clerk, many, looks.EXPORT)
    assert len(rows(cast)) == 1202
    with cast.desk.register.reading() as db:
        name, days = looks.of_person(db, cast.county, "clerk", 10)
    assert (name, [(each.children, each.exported) for each in days]) == (cast.clerk.name, [(0, 1202)])


@pytest.mark.parametrize(("revealed", "how"), [(False, looks.EXPORT), (True, looks.REVEAL)])
def test_the_ledger_taken_out_is_a_look_at_its_children(
    at_stage: Callable[[str], Cast], *, revealed: bool, how: str,
) -> None:
    cast = at_stage("enrolled")
    export_ledger(cast.desk, cast.clerk, Asked(revealed=revealed, reason="上报县局核对"))
    key = cast.load_student().id
    assert rows(cast) == [(cast.clerk.account_id, key, how)]
    with cast.desk.register.reading() as db:
        assert [(each.how, each.person) for each in looks.at_child(db, key, 10)] == [(how, cast.clerk.name)]


def test_a_child_is_found_by_its_number_in_charge_only(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("opened")
    student = cast.load_student()
    with cast.desk.register.reading() as db:
        for word in (cast.load_case().case_no, student.student_status_no):
            assert looks.child_of(db, cast.people["auditor"], word) == student.id
            for stranger in (*STRANGERS, "strange_admin"):
                with pytest.raises(NotVisible):
                    looks.child_of(db, cast.people[stranger], word)
        with pytest.raises(NotVisible):
            looks.child_of(db, cast.people["auditor"], student.name)
        for stranger in STRANGERS:
            with pytest.raises(NotVisible):
                looks.of_person(db, cast.people[stranger], "clerk", 10)
