"""失败任务: told without a child's name, tried again so that the paper is made, or given up with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.law.lives import Production
from app.records import failed, jobs
from tests.actions.acts import _given_up
from tests.people import CHILD
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

PROBLEM = f"第1页“{CHILD.name}”读回来不对：{CHILD.name}、{CHILD.guardians[0][0]} 640499201103150022。请管理员查看字体。"


@pytest.fixture
def stuck(at_stage: Callable[[str], Cast]) -> tuple[Cast, int]:
    """A case whose order could not be made; the problem quotes whom it must not."""
    cast = at_stage("admonished")
    job = _given_up(cast)
    with cast.desk.register.transaction() as db:
        db.execute(jobs.jobs.update().where(jobs.jobs.c.id == job).values(problem=PROBLEM))
    return cast, job


def test_a_failed_job_is_told_in_words_without_a_childs_name(
    stuck: tuple[Cast, int], browse: Callable[..., Browser],
) -> None:
    cast, job = stuck
    admin = browse("admin", cast)
    text = words(admin.see("/jobs"))
    for word in ("制作文书", "《责令限期改正通知书》", cast.load_case().case_no, "读回来不对", "请管理员查看字体", f"{job}"):
        assert word in text
    for name in (CHILD.name, CHILD.guardians[0][0], "640499201103150022"):
        assert name not in text
    assert "失败任务" in words(admin.see("/"))
    assert "1件" in words(admin.see("/").get_element_by_id("duties"))


def test_it_is_tried_again_and_made(stuck: tuple[Cast, int], browse: Callable[..., Browser]) -> None:
    cast, job = stuck
    admin = browse("admin", cast)
    assert admin.press("/jobs", f"/jobs/{job}/again").status_code == 303
    paper = next(each for each in cast.papers() if each.kind == "rectification_order")
    assert paper.production is Production.WAITING
    cast.work()
    assert cast.load(paper.public_id).production is Production.READY
    assert "没有失败的任务" in words(admin.see("/jobs"))
    assert admin.send(f"/jobs/{job}/again").status_code == 404, "done is done"


def test_one_that_was_made_meanwhile_is_not_unmade(stuck: tuple[Cast, int], browse: Callable[..., Browser]) -> None:
    cast, job = stuck
    paper = next(each for each in cast.papers() if each.kind == "rectification_order")
    browse("clerk", cast).press(f"/papers/{paper.public_id}", f"/papers/{paper.public_id}/again")
    cast.work()
    browse("admin", cast).send(f"/jobs/{job}/again")
    assert cast.load(paper.public_id).production is Production.READY


def test_it_is_given_up_with_a_reason_only(stuck: tuple[Cast, int], browse: Callable[..., Browser]) -> None:
    cast, job = stuck
    admin = browse("admin", cast)
    lines = cast.lines()
    short = admin.send(f"/jobs/{job}/drop", {"reason": "不做"})
    assert short.status_code == 422
    assert "放弃的原因要写" in short.text
    assert cast.lines() == lines
    assert admin.send(f"/jobs/{job}/drop", {"reason": "案件已经销号，不用再做"}).status_code == 303
    assert "没有失败的任务" in words(admin.see("/jobs"))
    with cast.desk.register.reading() as db:
        row = db.execute(jobs.jobs.select().where(jobs.jobs.c.id == job)).one()
    assert (row.state, "案件已经销号" in row.problem) == ("dropped", True)


def test_nobody_else_sees_or_touches_it(stuck: tuple[Cast, int], browse: Callable[..., Browser]) -> None:
    cast, job = stuck
    assert "制作文书" not in words(browse("strange_admin", cast).see("/jobs"))
    for login in ("strange_admin", "clerk", "leader", "auditor"):
        assert browse(login, cast).send(f"/jobs/{job}/again").status_code == 404, login
    assert "制作文书" in words(browse("city_admin", cast).see("/jobs"))


def test_every_name_is_taken_out_of_a_problem() -> None:
    assert failed.nameless(PROBLEM, (CHILD.name, CHILD.guardians[0][0])) == "第1页…读回来不对：某某、某某 …。请管理员查看字体。"
