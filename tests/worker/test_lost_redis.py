"""A Redis that dies takes nothing along: what was written while it was away, or rung and not yet heard, is done."""

from __future__ import annotations

import os
import signal
import subprocess  # noqa: TID251  (the worker is a process)
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.actions import submit_paper
from app.actions.submit_paper import PRODUCE
from app.cli import doctor
from app.errors import Refused
from app.outside.doorbell import LONGEST_WAIT_S, Doorbell
from app.records import jobs
from scripts.kept import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.actions.desk import Desk
    from tests.people import Cast
    from tests.servers import Redis

BOTH_DATABASES = True
JOBS = 20
HURRIED = "import runpy, sys, app.worker; app.worker.HEAL_SECONDS = 0.5; runpy.run_module('app.worker', run_name='__main__')"
"""The worker, whose healer looks more often."""
PATIENCE_S = 60


def undone(desk: Desk) -> int:
    with desk.register.reading() as db:
        return jobs.open_count(db)


def all_done(desk: Desk) -> bool:
    until = time.monotonic() + PATIENCE_S
    while undone(desk) and time.monotonic() < until:
        time.sleep(0.05)
    return undone(desk) == 0


def write_jobs(cast: Cast, paper: int) -> float:
    """Jobs about a paper that was taken back, so that no press is needed; answers how long the slowest took."""
    slowest = 0.0
    for _ in range(JOBS):
        began = time.monotonic()
        with cast.desk.change() as db:
            jobs.add(db, PRODUCE, paper, cast.clock.now())
        slowest = max(slowest, time.monotonic() - began)
    return slowest


@contextmanager
def working(desk: Desk) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", HURRIED, "2"], cwd=ROOT, stderr=subprocess.DEVNULL,
                          env=os.environ | {"FANXIAO_INSTANCE": str(desk.settings.instance)}) as worker:
        try:
            yield worker
        finally:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                worker.kill()


@pytest.mark.parametrize("queue_url", ["redis"], indirect=True)
def test_a_redis_that_is_killed_loses_no_job(
        at_stage: Callable[[str], Cast], redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order()
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
    key = cast.load(paper).id
    with working(cast.desk) as worker:
        assert all_done(cast.desk)
        redis.kill()
        assert write_jobs(cast, key) < LONGEST_WAIT_S
        assert "doorbell not rung" in caplog.text
        time.sleep(0.5)
        assert undone(cast.desk) == JOBS
        redis.start()
        assert all_done(cast.desk)
        worker.send_signal(signal.SIGSTOP)
        write_jobs(cast, key)
        assert cast.desk.doorbell.pending() >= JOBS - 2  # the two that listened have one each on the way to them
        redis.kill()
        redis.start()
        worker.send_signal(signal.SIGCONT)
        assert all_done(cast.desk)
        assert worker.poll() is None


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("queue_url", ["redis"], indirect=True)
def test_a_redis_that_hangs_holds_nobody_up_for_long(
        at_stage: Callable[[str], Cast], redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.outside.doorbell.LONGEST_WAIT_S", 0.5)
    cast = at_stage("cast")
    os.kill(redis.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with cast.desk.change() as db:
            keys = [jobs.add(db, PRODUCE, 1, cast.clock.now()) for _ in range(JOBS)]
        assert 0.4 < time.monotonic() - began < 2
    finally:
        os.kill(redis.pid, signal.SIGCONT)
    with cast.desk.register.reading() as db:
        assert jobs.due(db, cast.clock.now()) == tuple(keys)


@pytest.mark.parametrize("queue_url", ["redis"], indirect=True)
def test_the_doctor_names_database_and_queue_and_misses_a_redis_that_is_away(
        at_stage: Callable[[str], Cast], redis: Redis) -> None:
    desk = at_stage("cast").desk

    def told() -> dict[str, tuple[str, str]]:
        return {each.part: (each.state, each.message) for each in (*doctor.database(desk), *doctor.bell(desk))}

    known = told()
    assert known["数据库"][0] == "ok"
    assert ("SQLite" if desk.register.sqlite else "PostgreSQL 15") in known["数据库"][1]
    assert known["队列服务"] == ("ok", "Redis")
    redis.kill()
    assert told()["队列服务"][0] == "fail"


@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
def test_an_address_that_is_none_is_refused_in_words(queue_url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="queue_url") as caught:
        Doorbell(tmp_path, "amqp://127.0.0.1")
    assert "redis://" in str(caught.value)
