"""Jobs: claimed once, taken over from the dead, given up in the open, harmless when run twice."""

from __future__ import annotations

import errno
import os
import subprocess  # noqa: TID251  (a process that dies)
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.actions import heartbeat, produce_again, submit_paper, work_jobs
from app.actions.submit_paper import PRODUCE
from app.errors import Interrupted, NeedsPerson, NotNow, Problem
from app.law.lives import Production
from app.outside import disk, living, vault
from app.records import jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.actions.desk import Desk
    from tests.fake_press import FakePress
    from tests.people import Cast


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("admonished")


def press(cast: Cast) -> FakePress:
    return cast.desk.press  # type: ignore[return-value]


def submitted(cast: Cast) -> str:
    """A paper whose job waits."""
    paper = cast.draft_order()
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    return paper


def due(cast: Cast) -> tuple[int, ...]:
    with cast.desk.register.reading() as db:
        return jobs.due(db, cast.clock.now())


def claim(desk: Desk, job: int) -> jobs.Job | None:
    with desk.register.transaction() as db:
        return jobs.claim(db, job, desk.clock.now(), living.hold())


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def later(cast: Cast, **by: int) -> None:
    cast.clock.move_to(cast.clock.now() + timedelta(**by))


def test_a_job_is_claimed_by_one_of_many_threads(cast: Cast) -> None:
    submitted(cast)
    [job] = due(cast)
    with ThreadPoolExecutor(8) as pool:
        claimed = [each for each in pool.map(lambda _: claim(cast.desk, job), range(16)) if each]
    assert [each.attempts for each in claimed] == [1]


def test_many_workers_make_one_file(cast: Cast) -> None:
    paper = submitted(cast)
    [job] = due(cast)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: work_jobs.work_off(cast.desk, job), range(8))) == [False] * 7 + [True]
    assert len(press(cast).asked) == 1
    assert cast.load(paper).production is Production.READY


def test_the_job_of_a_dead_worker_is_taken_when_its_lease_is_over(cast: Cast) -> None:
    paper = submitted(cast)
    [job] = due(cast)
    assert claim(cast.desk, job)
    later(cast, seconds=44)
    assert (due(cast), claim(cast.desk, job)) == ((), None)
    later(cast, seconds=2)
    assert due(cast) == (job,)
    assert work_jobs.work_off(cast.desk, job)
    assert cast.load(paper).production is Production.READY


def test_a_living_worker_keeps_its_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(cast)
    [job] = due(cast)
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", 0.01)
    held = claim(cast.desk, job)
    assert held
    kept, keep, beats = threading.Event(), jobs.keep, iter(range(1000))

    def watched(*given: object) -> bool:
        if next(beats) == 0:
            raise NeedsPerson("登记库正忙。")
        answer = keep(*given)  # type: ignore[arg-type]
        if later_moment <= cast.clock.now():
            kept.set()
        return answer

    later_moment = cast.clock.now() + timedelta(seconds=40)
    monkeypatch.setattr(jobs, "keep", watched)
    with heartbeat.heartbeat(cast.desk, held):
        later(cast, seconds=40)
        assert kept.wait(10)
    later(cast, seconds=40)
    assert due(cast) == ()


def test_a_heartbeat_ends_when_the_job_is_anothers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(cast)
    [job] = due(cast)
    held = claim(cast.desk, job)
    assert held
    later(cast, seconds=46)
    other = claim(cast.desk, job)
    assert other
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", 0.01)
    with heartbeat.heartbeat(cast.desk, held):
        [beating] = [each for each in threading.enumerate() if each.name == f"heartbeat-{job}"]
        beating.join(10)
        assert not beating.is_alive()
    later(cast, seconds=46)
    assert due(cast) == (job,)


def test_a_job_that_fails_three_times_waits_for_a_person_with_the_reason_on_the_paper(cast: Cast) -> None:
    paper = submitted(cast)
    press(cast).faults += [NeedsPerson("打印服务没有应答。", advice="请查看打印服务。")] * 3
    for attempt in range(3):
        assert cast.load(paper).production is Production.WAITING
        assert cast.work() == 0
        assert due(cast) == ()
        later(cast, seconds=10 * (attempt + 1) + 1)
    row = cast.load(paper)
    assert (row.production, due(cast)) == (Production.NEEDS_PERSON, ())
    assert "打印服务没有应答" in row.problem
    with cast.desk.register.reading() as db:
        assert [each.attempts for each in jobs.failed(db)] == [3]


def test_what_needed_a_person_is_made_again_when_asked(cast: Cast) -> None:
    paper = submitted(cast)
    press(cast).problems = (Problem("", "第2页有一个字没有印出来。"),)
    cast.work()
    assert cast.load(paper).problem == "第2页有一个字没有印出来。"
    press(cast).problems = ()
    produce_again.produce_again(cast.desk, cast.clerk, paper)
    cast.work()
    assert (cast.load(paper).production, cast.load(paper).problem) == (Production.READY, "")


def test_a_job_that_fails_once_is_tried_again_and_leaves_no_mark(cast: Cast) -> None:
    paper = submitted(cast)
    press(cast).faults.append(NeedsPerson("打印服务没有应答。"))
    cast.work()
    later(cast, seconds=11)
    assert cast.work() == 1
    assert (cast.load(paper).production, cast.load(paper).problem) == (Production.READY, "")


def test_a_job_that_kills_each_worker_is_given_up(cast: Cast) -> None:
    """A killed worker tells nothing: only its lease runs out, again and again."""
    paper = submitted(cast)
    [job] = due(cast)
    for _ in range(jobs.MAX_CRASHES + 1):
        assert claim(cast.desk, job)
        later(cast, seconds=46)
    assert not work_jobs.work_off(cast.desk, job)
    assert press(cast).asked == []
    assert (cast.load(paper).production, due(cast)) == (Production.NEEDS_PERSON, ())
    assert "多次中断" in cast.load(paper).problem


def test_a_worker_that_lost_its_job_cannot_say_how_it_ended(cast: Cast) -> None:
    """Neither that it is done nor that it failed, for the row or for the page: only who holds it now says so."""
    paper = submitted(cast)
    [job] = due(cast)
    late = claim(cast.desk, job)
    later(cast, seconds=46)
    assert late
    holder = claim(cast.desk, job)
    assert holder
    now = cast.clock.now()
    with cast.desk.register.transaction() as db:
        assert not jobs.finish(db, late, now)
        assert not jobs.fail(db, late, "迟到的失败。", now, for_good=True)
        assert not jobs.put_back(db, late, "迟到的退回。", now)
        assert not jobs.interrupt(db, late, "迟到的中断。", now)
        assert not jobs.keep(db, late, now)
    work_jobs._fail(cast.desk, late, "迟到的失败。", for_good=True)
    assert cast.load(paper).production is Production.WAITING
    with cast.desk.register.reading() as db:
        assert [(each.holder, each.problem) for each in jobs.running(db)] == [(holder.holder, "")]
    with cast.desk.register.transaction() as db:
        assert jobs.finish(db, holder, now)


def test_a_press_that_is_away_condemns_nobody_however_long(cast: Cast) -> None:
    paper = submitted(cast)
    press(cast).faults += [NotNow("打印服务没有应答。")] * 20
    for _ in range(20):
        assert cast.work() == 0
        later(cast, seconds=11)
    with cast.desk.register.reading() as db:
        waits = jobs.held_up(db, cast.clock.now())
    assert waits
    assert (waits.attempts, waits.crashes, waits.problem) == (0, 0, "打印服务没有应答。")
    assert cast.work() == 1
    assert (cast.load(paper).production, cast.load(paper).problem) == (Production.READY, "")


def test_a_press_killed_now_and_then_condemns_nobody(cast: Cast) -> None:
    paper = submitted(cast)
    press(cast).faults += [Interrupted("打印服务在制作中途停了。")] * jobs.MAX_CRASHES
    for _ in range(jobs.MAX_CRASHES):
        assert cast.work() == 0
        later(cast, seconds=11)
    assert cast.load(paper).production is Production.WAITING
    assert cast.work() == 1
    assert cast.load(paper).production is Production.READY


def test_a_paper_that_kills_each_press_is_given_up(cast: Cast) -> None:
    paper = submitted(cast)
    press(cast).faults += [Interrupted("打印服务在制作中途停了。")] * (jobs.MAX_CRASHES + 1)
    for _ in range(jobs.MAX_CRASHES + 2):
        assert cast.work() == 0
        later(cast, seconds=11)
    assert press(cast).faults == []
    assert cast.load(paper).production is Production.NEEDS_PERSON
    assert "多次中断" in cast.load(paper).problem


def test_the_job_of_a_process_known_to_be_dead_does_not_wait_for_its_lease(cast: Cast) -> None:
    paper = submitted(cast)
    [job] = due(cast)
    with subprocess.Popen(["sleep", "60"]) as other:
        here, _, _, word = living.hold().split(" ")
        holder = f"{here} {other.pid} {living._started(other.pid)} {word}"
        with cast.desk.register.transaction() as db:
            assert jobs.claim(db, job, cast.clock.now(), holder)
        assert work_jobs.free_jobs_of_the_dead(cast.desk) == 0
        assert due(cast) == ()
        other.kill()
        other.wait()
    assert work_jobs.free_jobs_of_the_dead(cast.desk) == 1
    assert due(cast) == (job,)
    assert work_jobs.work_off(cast.desk, job)
    assert cast.load(paper).production is Production.READY


def test_a_full_disk_makes_a_job_wait_and_it_goes_on_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = submitted(cast)
    with monkeypatch.context() as full:
        full.setattr(vault.os, "fsync", no_space)
        for _ in range(5):
            assert cast.work() == 0
            later(cast, seconds=11)
    assert list(cast.desk.vault.root.rglob(".tmp-*")) == []
    with cast.desk.register.reading() as db:
        waits = jobs.held_up(db, cast.clock.now())
    assert waits
    assert waits.problem.startswith("磁盘已满，文件没有写入。 请管理员清理")
    assert cast.load(paper).production is Production.WAITING
    assert cast.work() == 1
    assert cast.load(paper).production is Production.READY


def test_below_the_floor_nothing_is_begun(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = submitted(cast)
    with monkeypatch.context() as full:
        full.setattr(disk, "free", lambda _folder: disk.FLOOR_BYTES - 1)
        assert cast.work() == 0
    assert press(cast).asked == []
    assert cast.work() == 1
    assert cast.load(paper).production is Production.READY


def test_work_that_runs_twice_at_once_leaves_the_first_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the row as waiting; each makes another file; the second is dropped."""
    paper = submitted(cast)
    key, lines = cast.load(paper).id, cast.lines()
    convert, made = press(cast).convert, []

    def nested(*given: object, **named: object) -> object:
        if not made:
            made.append(True)
            work_jobs.TASKS[PRODUCE](cast.desk, key)
            made.append(cast.load(paper).pdf_sha)
            given = (given[0], [{"other": "values"}])
        return convert(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(press(cast), "convert", nested)
    work_jobs.TASKS[PRODUCE](cast.desk, key)
    assert cast.load(paper).pdf_sha == made[1] is not None
    assert cast.lines() - lines == 1


def test_the_page_of_a_paper_that_was_taken_back_meanwhile_is_dropped(cast: Cast) -> None:
    paper = submitted(cast)
    convert = press(cast).convert

    def slow(*given: object, **named: object) -> object:
        submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
        return convert(*given, **named)  # type: ignore[arg-type]

    press(cast).convert = slow  # type: ignore[method-assign,assignment]
    cast.work()
    assert (cast.load(paper).production, cast.load(paper).pdf_sha) == (Production.NONE, None)


def test_a_submitted_paper_is_printed_as_a_draft_and_an_issued_one_is_not(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    cast.go_on("ordered")
    assert [each["draft"] for each in press(cast).asked] == [True, False, False]


def test_every_kind_of_job_has_its_task_and_its_way_to_give_up() -> None:
    assert set(work_jobs.TASKS) == set(work_jobs.GIVE_UP) >= {"produce_paper", "produce_file"}
