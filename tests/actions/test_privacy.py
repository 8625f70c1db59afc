"""No name, number, address or telephone in an audit line, a job or a log of a whole thread."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from app.actions import submit_paper
from app.errors import NeedsPerson
from app.records import audit, jobs
from tests.people import CHILD, PEOPLE, STAGES, identity

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from app.actions.desk import Desk
    from tests.people import Cast

CANARIES = (
    CHILD.name, str(identity(CHILD.digits)), f"G{identity(CHILD.digits)}", "演示马明远",
    str(identity("64049919850612001")), "13900000001", "演示村", "演示新村", "拒绝签收",
    *(name for name, *_ in PEOPLE.values()),
)


def leaks(words: str) -> list[str]:
    return [each for each in CANARIES if each in words]


def chain(desk: Desk) -> str:
    with desk.register.reading() as db:
        lines = [tuple(row) for row in db.execute(audit.audit.select())]
        waiting = [tuple(row) for row in db.execute(jobs.jobs.select())]
    return f"{json.dumps(lines, ensure_ascii=False, default=str)}{waiting}"


def test_a_whole_thread_leaks_nothing(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for stage in list(STAGES)[1:]:
        cast.go_on(stage)
    assert cast.lines() > 30
    assert leaks(chain(cast.desk)) == []
    assert leaks(caplog.text) == []


def test_a_failing_job_logs_ids_and_no_person(
        at_stage: Callable[[str], Cast], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cast = at_stage("admonished")
    paper = cast.draft_order()
    cast.desk.press.faults += [NeedsPerson("打印服务没有应答。"), KeyError("x"), RuntimeError(CHILD.name)]  # type: ignore[attr-defined]
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    for hour in range(11, 14):
        cast.at(2026, 9, 18, hour)
        cast.work()
    assert "failed, attempt 3: RuntimeError" in caplog.text
    assert "work_jobs.py" in caplog.text
    assert leaks(caplog.text + chain(cast.desk)) == []


def test_a_leak_would_be_seen(desk: Desk) -> None:
    with desk.register.transaction() as db:
        audit.append(db, None, "planted", "student", 1, desk.clock.now(), who=CHILD.name)
    assert leaks(chain(desk)) == [CHILD.name]
