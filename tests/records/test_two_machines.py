"""Two machines on one register, each with its own connections: one writer at a time, and nobody's work is lost.

With SQLite the machines are two processes' worth of connections to one file.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.errors import NotNow, Refused
from app.records import audit, database, failures, numbers, schema
from app.records.database import Register
from tests.people import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.actions.desk import Desk
    from app.records.database import Db
    from tests.servers import PostgreSQL

NOW = STAGES["cast"]
THREADS = 20


@pytest.fixture
def machines(desk: Desk) -> Iterator[tuple[Register, Register]]:
    made = Register(desk.register.url), Register(desk.register.url)
    yield made
    for each in made:
        each.close()


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers that are opened now have no lock of writers."""
    prepare = database._prepare_sqlite
    monkeypatch.setattr(database, "ONE_WRITER", text("SELECT 1"))
    monkeypatch.setattr(database, "_prepare_sqlite", lambda engine, *, begin, query_only: prepare(
        engine, begin="BEGIN", query_only=query_only))


def count_on(db: Db) -> Callable[[], None]:
    """What is read first, and a call that writes what follows from it."""
    seen = failures.tally(db, "x", failures.EVERYWHERE).failures
    return lambda: failures.note(db, "x", failures.EVERYWHERE, failures.Tally(seen + 1), NOW)


def counted(register: Register) -> int:
    with register.reading() as db:
        return failures.tally(db, "x", failures.EVERYWHERE).failures


def overlapped(machines: tuple[Register, Register], act: Callable[[Db], Callable[[], None]]) -> None:
    """The second machine acts while the first is between reading and writing, unless something makes it wait."""
    begun = threading.Event()

    def second() -> None:
        begun.wait(10)
        with machines[1].transaction() as db:
            act(db)()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        with machines[0].transaction() as db:
            write = act(db)
            begun.set()
            threading.Event().wait(0.3)
            write()
        other.result(40)


def append(db: Db) -> Callable[[], None]:
    audit.append(db, None, "set_up", "office", 0, NOW)
    return lambda: None


def test_what_was_read_is_still_so_when_it_is_written(machines: tuple[Register, Register]) -> None:
    overlapped(machines, count_on)
    assert counted(machines[0]) == 2


def test_without_the_lock_of_writers_an_update_is_lost_or_refused(
        unguarded: None, machines: tuple[Register, Register]) -> None:
    try:
        overlapped(machines, count_on)
        overlapped(machines, count_on)
    except DBAPIError:
        return
    assert counted(machines[0]) < 4


def test_two_audit_lines_at_once_follow_each_other(machines: tuple[Register, Register]) -> None:
    overlapped(machines, append)
    with machines[0].reading() as db:
        assert audit.first_bad(db) is None


def test_without_the_lock_of_writers_the_chain_forks_and_the_table_refuses(
        unguarded: None, machines: tuple[Register, Register]) -> None:
    with pytest.raises((IntegrityError, DBAPIError)):
        overlapped(machines, append)


def test_many_threads_on_two_machines_lose_nothing(machines: tuple[Register, Register]) -> None:
    def act(turn: int) -> int:
        with machines[turn % 2].transaction() as db:
            count_on(db)()
            number = numbers.take(db, "演示政", "责改", 2026)
            audit.append(db, None, "set_up", "office", 0, NOW)
        return number

    with machines[0].reading() as db:
        before = audit.head(db)
    with ThreadPoolExecutor(THREADS) as pool:
        given = sorted(pool.map(act, range(THREADS * 2)))
    assert given == list(range(1, THREADS * 2 + 1))
    assert counted(machines[1]) == THREADS * 2
    with machines[0].reading() as db:
        assert audit.first_bad(db) is None
        assert audit.has(db, before)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_the_first_number_of_a_series_is_given_once_even_without_the_lock(
        unguarded: None, machines: tuple[Register, Register]) -> None:
    """The counter's row makes the second wait. (SQLite has but one lock; without it the second is refused, see above.)"""
    given: list[int] = []

    def take(db: Db) -> Callable[[], None]:
        given.append(numbers.take(db, "演示政", "责改", 2026))
        return lambda: None

    overlapped(machines, take)
    assert given == [1, 2]


def test_a_writer_that_waits_too_long_is_told_so_in_words(
        desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 1)
    waiting = Register(desk.register.url)
    with desk.register.transaction() as db:
        append(db)
        with pytest.raises(NotNow, match="正忙"), waiting.transaction():
            pass
    with waiting.transaction() as db:
        append(db)
    waiting.close()


def test_a_reader_waits_for_no_writer(machines: tuple[Register, Register]) -> None:
    with machines[0].transaction() as db:
        count_on(db)()
        assert counted(machines[1]) == 0
    assert counted(machines[1]) == 1


def test_a_database_that_cannot_write_every_name_is_refused(postgresql: PostgreSQL) -> None:
    postgresql._command("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    register = Register(postgresql.url("latin"))
    with pytest.raises(Refused, match="UTF8"):
        schema.upgrade(register, None)
    register.close()
    postgresql.drop("latin")


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://a/b", "postgresql://:::", "sqlite"])
def test_an_address_of_another_kind_is_refused_in_words(url: str) -> None:
    with pytest.raises(Refused, match="database_url"):
        Register(url)
