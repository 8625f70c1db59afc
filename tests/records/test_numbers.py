"""Numbers: each given once, none skipped, whoever asks at the same time."""

from __future__ import annotations

import sqlite3
import subprocess  # noqa: TID251  (the promise is about processes)
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.errors import Refused
from app.records import numbers
from app.records.database import Register
from app.records.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = ("演示政", "责改", 2026)
ROOT = Path(__file__).resolve().parents[2]
TAKER = """
import multiprocessing, sys
from app.records import numbers
from app.records.database import Register

def take_fifty(given):
    register = Register(sys.argv[1])
    for turn in range(50):
        try:
            with register.transaction() as db:
                number = numbers.take(db, "演示政", "责改", 2026)
                if turn % 10 == 9:
                    raise RuntimeError
        except RuntimeError:
            with register.transaction() as db:
                number = numbers.take(db, "演示政", "责改", 2026)
        given.put(number)

fork = multiprocessing.get_context("fork")
given = fork.Queue()
takers = [fork.Process(target=take_fifty, args=(given,)) for _ in range(8)]
for taker in takers:
    taker.start()
print(*(given.get() for _ in range(400)))
for taker in takers:
    taker.join()
sys.exit(sum(taker.exitcode for taker in takers))
"""


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    register = Register(f"sqlite:///{tmp_path / 'register.db'}")
    with register.writer.begin() as connection:
        metadata.create_all(connection)
    yield register
    register.close()


def take(register: Register) -> int:
    with register.transaction() as db:
        return numbers.take(db, *PLACE)


def take_carelessly(register: Register, all_have_read: threading.Barrier) -> int:
    """What `take` must not be: reading first, writing later."""
    with register.reading() as db:
        number = numbers.peek(db, *PLACE)
    all_have_read.wait()
    with register.transaction() as db:
        numbers.start_at(db, *PLACE, number + 1)
    return number


def given_once_without_gap(given: list[int], count: int) -> bool:
    return sorted(given) == list(range(1, count + 1))


def test_eight_processes_take_fifty_each_once_and_without_gap(register: Register, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", TAKER, register.url], cwd=ROOT, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    given = [int(number) for number in done.stdout.split()]
    assert given_once_without_gap(given, 400)
    with closing(sqlite3.connect(tmp_path / "register.db")) as outside:
        assert outside.execute("SELECT next FROM counters").fetchall() == [(401,)]


def test_eight_threads_take_each_number_once(register: Register) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: take(register), range(80)))
    assert given_once_without_gap(given, 80)


def test_a_careless_counter_is_caught(register: Register) -> None:
    barrier = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: take_carelessly(register, barrier), range(4)))
    assert not given_once_without_gap(given, 4)


def test_a_rollback_gives_the_number_back(register: Register) -> None:
    assert take(register) == 1
    with pytest.raises(ZeroDivisionError), register.transaction() as db:
        1 // (numbers.take(db, *PLACE) - 2)
    assert take(register) == 2


def test_each_organ_series_and_year_counts_for_itself(register: Register) -> None:
    with register.transaction() as db:
        given = [numbers.take(db, *place) for place in (
            PLACE, ("演示政", "责改", 2027), ("演示政", "催", 2026), ("演示教体", "责改", 2026), PLACE)]
    assert given == [1, 1, 1, 1, 2]


def test_a_series_goes_on_from_what_was_given_on_paper(register: Register) -> None:
    with register.transaction() as db:
        numbers.start_at(db, *PLACE, 8)
        assert numbers.peek(db, *PLACE) == 8
        assert [numbers.take(db, *PLACE), numbers.take(db, *PLACE)] == [8, 9]
        numbers.start_at(db, *PLACE, 20)
        assert numbers.take(db, *PLACE) == 20


@pytest.mark.parametrize("first", [0, -3, 1, 2])
def test_a_series_never_goes_back(register: Register, first: int) -> None:
    take(register)
    take(register)
    with pytest.raises(Refused), register.transaction() as db:
        numbers.start_at(db, *PLACE, first)
    assert take(register) == 3
