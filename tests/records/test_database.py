"""The register's two engines: one reads and cannot write, the other writes whole or not at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.errors import Refused
from app.records import accounts, numbers, sessions, students
from app.records.numbers import counters
from tests.people import CHILD

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from tests.people import Cast


def test_nothing_can_be_written_by_a_reader(desk: Desk) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), desk.register.reading() as db:
        numbers.take(db, "a", "b", 2026)


def test_a_reader_sees_one_moment_while_another_writes(desk: Desk) -> None:
    with desk.register.reading() as db:
        before = db.execute(select(counters)).all()
        with desk.register.transaction() as writing:
            numbers.take(writing, "a", "b", 2026)
        assert db.execute(select(counters)).all() == before
    with desk.register.reading() as db:
        assert db.execute(select(counters)).all() != before


def test_a_moment_without_a_zone_is_refused_and_one_with_a_zone_comes_back_in_utc(desk: Desk) -> None:
    moment = datetime(2026, 9, 18, 12, tzinfo=UTC)
    with desk.register.transaction() as db:
        sessions.add(db, "t", 1, moment, moment)
    with desk.register.reading() as db:
        found = sessions.find(db, "t")
    assert found is not None
    assert found.expires_at == moment
    with pytest.raises(StatementError, match="zone"), desk.register.transaction() as db:
        sessions.add(db, "u", 1, moment.replace(tzinfo=None), moment)


def test_two_writers_of_one_process_wait_for_each_other(desk: Desk) -> None:
    inside, done = threading.Event(), threading.Event()

    def other() -> None:
        inside.wait()
        with desk.register.transaction() as db:
            numbers.take(db, "a", "b", 2026)
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with desk.register.transaction() as db:
        inside.set()
        assert not done.wait(0.2)
        assert numbers.take(db, "a", "b", 2026) == 1
    thread.join(10)
    assert done.is_set()


def test_an_error_of_the_database_tells_no_name(cast: Cast) -> None:
    cast.enrol()
    row = {column.name: column.type.python_type for column in students.students.c}
    assert "name" in row
    with cast.desk.register.reading() as db:
        known = dict(db.execute(select(students.students)).one()._mapping)
    with pytest.raises(IntegrityError) as caught, cast.desk.register.transaction() as db:
        db.execute(insert(students.students).values(**known))
    told = f"{caught.value}{caught.value!r}{caught.value.orig}{caught.value.orig!r}"
    assert "unique" in told.lower()
    assert CHILD.name not in told
    assert known["id_number"] not in told
    with pytest.raises(IntegrityError) as caught, cast.desk.register.transaction() as db:
        db.execute(insert(students.students).values(**known | {"id": known["id"] + 1, "sex": None}))
    assert CHILD.name not in f"{caught.value}{caught.value.orig}"


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_what_postgresql_cannot_keep_or_look_for_is_refused_in_words(desk: Desk) -> None:
    with pytest.raises(Refused, match="NUL"), desk.register.reading() as db:
        accounts.find_login(db, "a\0b")
    with pytest.raises(Refused, match="太长"), desk.register.transaction() as db:
        numbers.take(db, "长" * 41, "责改", 2026)
    with desk.register.transaction() as db:
        assert numbers.take(db, "长" * 40, "责改", 2026) == 1
