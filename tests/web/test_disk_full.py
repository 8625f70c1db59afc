"""A full disk, or a press that is away, is told to whoever can do something about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions import submit_paper
from app.cli.doctor import examine
from app.errors import NotNow
from app.outside import disk

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.people import Cast
    from tests.web.conftest import Browser

SAID = "磁盘已满，文件没有写入。"


def waits(cast: Cast) -> None:
    """A paper's job that could not be begun."""
    submit_paper.submit_paper(cast.desk, cast.clerk, cast.draft_order())
    cast.desk.press.faults.append(NotNow(SAID))  # type: ignore[attr-defined]
    assert cast.work() == 0
    cast.clock.move_to(cast.clock.now() + timedelta(minutes=6))


def test_what_keeps_work_waiting_stands_on_the_administrators_first_page_and_in_doctor(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    cast = at_stage("admonished")
    waits(cast)
    monkeypatch.setattr(disk, "free", lambda _folder: disk.FLOOR_BYTES - 1)
    page = browse("admin", cast).get("/").text
    assert SAID in page
    assert "文书已停止制作" in page
    found = {each.part: each for each in examine(cast.desk.settings)}
    assert (found["磁盘"].state, "文书已停止制作" in found["磁盘"].message) == ("fail", True)


def test_nobody_else_is_told(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    waits(cast)
    assert SAID not in browse("clerk", cast).get("/").text
