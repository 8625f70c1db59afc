"""The worker: rung or not, it finds what is undone; it refuses a register of another version."""

from __future__ import annotations

import os
import subprocess  # noqa: TID251  (the worker is a process)
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app import worker
from app.actions import submit_paper
from app.records import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.actions.desk import Desk
    from tests.people import Cast

ROOT = Path(__file__).resolve().parents[2]


def refuse(*_: object) -> None:
    raise OSError


def waiting_without_a_ring(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper whose job waits, although the bell could not be rung; it was taken back, so that no press is needed."""
    paper = cast.draft_order()
    with monkeypatch.context() as patched:
        patched.setattr(cast.desk.doorbell, "_task", refuse)
        submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
    assert undone(cast.desk) == 1
    assert len(cast.desk.doorbell.huey) == 0


def undone(desk: Desk) -> int:
    with desk.register.reading() as db:
        return jobs.open_count(db)


def test_the_bell_rings_after_the_commit_with_the_jobs_id_and_nothing_else(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    huey = cast.desk.doorbell.huey
    huey.flush()
    with pytest.raises(ZeroDivisionError), cast.desk.change() as db:
        1 // (jobs.add(db, "produce_paper", 1, cast.clock.now()) * 0)
    assert len(huey) == 0
    submit_paper.submit_paper(cast.desk, cast.clerk, cast.draft_order())
    with cast.desk.register.reading() as db:
        due = jobs.due(db, cast.clock.now())
    assert [task.args for task in huey.pending()] == [due]


def test_a_bell_that_cannot_be_rung_undoes_nothing(
        at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    cast = at_stage("admonished")
    cast.desk.doorbell.huey.flush()
    waiting_without_a_ring(cast, monkeypatch)
    assert "doorbell not rung" in caplog.text


def test_the_healer_rings_again_for_what_is_undone(
        at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    cast = at_stage("admonished")
    cast.desk.doorbell.huey.flush()
    waiting_without_a_ring(cast, monkeypatch)
    rung: list[Sequence[int]] = []
    over = threading.Event()

    def heard(due: Sequence[int]) -> None:
        rung.append(due)
        over.set()

    monkeypatch.setattr(worker, "HEAL_SECONDS", 0.01)
    monkeypatch.setattr(cast.desk.doorbell, "ring", heard)
    healer = threading.Thread(target=worker._heal, args=(cast.desk, over))
    healer.start()
    healer.join(10)
    assert not healer.is_alive()
    with cast.desk.register.reading() as db:
        assert rung == [jobs.due(db, cast.clock.now())]
    assert len(rung[0]) == 1


def test_a_worker_that_starts_finds_the_job_of_a_lost_ring(
        at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    cast = at_stage("admonished")
    cast.desk.doorbell.huey.flush()
    waiting_without_a_ring(cast, monkeypatch)
    with subprocess.Popen([sys.executable, "-m", "app.worker", "1"], cwd=ROOT, stderr=subprocess.PIPE,
                          env=os.environ | {"FANXIAO_INSTANCE": str(cast.desk.settings.instance)}) as running:
        deadline = time.monotonic() + 60
        while undone(cast.desk) and time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.1)
        running.terminate()
        _, told = running.communicate(timeout=30)
    assert undone(cast.desk) == 0, told.decode()


def test_a_worker_refuses_an_installation_that_was_not_initialised(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "app.worker"], cwd=ROOT, capture_output=True, text=True, check=False,
                          timeout=60, env=os.environ | {"FANXIAO_INSTANCE": str(tmp_path / "none")})
    assert done.returncode == 1
    assert "flask init" in done.stderr
    assert "Traceback" not in done.stderr
