from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from app.errors import NeedsPerson
from app.outside import child
from app.press import cells, pool, sandbox
from app.press.cells import Cell, CellFailed, DocumentRefused
from app.press.pool import Pool
from tests.outside.test_child import gone
from tests.papers.docs import paper

pytestmark = pytest.mark.press
ROOT = Path(__file__).resolve().parents[2]


def below(pid: int) -> list[int]:
    """All processes under this one."""
    children = [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text("ascii").split()]
    return children + [each for one in children for each in below(one)]


def soffice_of(cell: Cell) -> int:
    return next(pid for pid in below(cell.pid) if "soffice" in Path(f"/proc/{pid}/comm").read_text("ascii"))


def inside(*argv: str) -> child.Finished:
    return child.run(sandbox.enclosed(argv, env={"HOME": "/"}, files={}), limits=child.Limits(memory=None))


def test_this_machine_has_walls() -> None:
    assert sandbox.obstacle() == ""


def test_a_cell_sees_neither_repository_nor_instance_nor_home(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_bytes(b"x")
    for path in (ROOT, tmp_path / "register.db", Path.home(), Path("/etc/passwd"), Path("/var/lib"), Path("/root")):
        assert path == Path("/") or inside("/usr/bin/ls", str(path)).code != 0, path


def test_a_cell_sees_no_process_of_ours_and_no_network() -> None:
    processes = [each for each in inside("/usr/bin/ls", "/proc").out.split() if each.isdigit()]
    assert len(processes) <= 3
    assert inside("/usr/bin/cat", "/proc/net/dev").out.count(b":") == 1


def test_a_cell_cannot_write_to_the_system() -> None:
    assert inside("/usr/bin/touch", "/usr/mark").code != 0


def test_a_cell_has_only_the_listed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_SECRET", "canary")
    seen = {line.partition(b"=")[0].decode() for line in inside("/usr/bin/env").out.splitlines()}
    assert seen <= {*child.ENVIRONMENT, "HOME", "PWD"}


@pytest.mark.parametrize("walls", [True, False])
def test_killing_a_cell_leaves_nothing(*, walls: bool) -> None:
    cell = Cell(walls=walls)
    assert cell.convert(paper("文"), "docx").startswith(b"%PDF-")
    pids = [cell.pid, *below(cell.pid)]
    assert len(pids) >= 2
    cell.close()
    assert all(gone(pid) for pid in pids)


def test_a_cell_whose_soffice_is_killed_fails_and_its_document_is_printed_by_the_next() -> None:
    made = Pool(1)
    try:
        assert made.convert(paper("一"), "docx", trusted=True).startswith(b"%PDF-")
        os.kill(soffice_of(next(iter(made._cells))), signal.SIGKILL)
        assert made.convert(paper("二"), "docx", trusted=True).startswith(b"%PDF-")
        assert made.restarts == 2
    finally:
        made.close()


def test_a_document_that_hangs_is_tried_twice_and_then_needs_a_person() -> None:
    made = Pool(1, seconds=0.001)
    try:
        with pytest.raises(NeedsPerson, match="没能印出这份文件"):
            made.convert(paper("文"), "docx", trusted=True)
        assert made.restarts == 2
        made.seconds = 60
        assert made.convert(paper("下一份"), "docx", trusted=True).startswith(b"%PDF-")
    finally:
        made.close()


def test_who_waits_before_a_screen_waits_no_longer_than_asked() -> None:
    made = Pool(1)
    try:
        made.warm()
        with made._cell():
            start = time.monotonic()
            with pytest.raises(NeedsPerson, match="正忙"):
                made.convert(paper("文"), "docx", trusted=True, seconds=0.3)
            assert time.monotonic() - start < 5
        starts = made.restarts
        with pytest.raises(NeedsPerson):
            made.convert(paper("文"), "docx", trusted=True, seconds=0.001)
        assert made.restarts == starts, "one try only"
        assert made.convert(paper("文"), "docx", trusted=True).startswith(b"%PDF-")
    finally:
        made.close()


def test_a_cell_says_when_a_document_cannot_be_read_and_goes_on() -> None:
    cell = Cell()
    try:
        with pytest.raises((DocumentRefused, CellFailed)):
            cell.convert(b"PK\x03\x04 no docx", "docx")
    finally:
        cell.close()


def test_a_cell_that_is_gone_says_so() -> None:
    cell = Cell()
    cell.close()
    with pytest.raises(CellFailed):
        cell.convert(paper("文"), "docx")


def test_a_worn_cell_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MAX_DOCUMENTS", 2)
    made = Pool(1)
    try:
        for text in ("一", "二", "三"):
            made.convert(paper(text), "docx", trusted=True)
        assert made.restarts == 2
    finally:
        made.close()


@pytest.mark.parametrize("why", ["absent", "barred"])
def test_without_walls_only_shipped_templates_are_printed(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    monkeypatch.setattr(sandbox, "obstacle", lambda: sandbox.WHY_NOT[why])
    made = Pool(1)
    try:
        with pytest.raises(NeedsPerson, match="没有隔离环境") as caught:
            made.convert(paper("文"), "docx", trusted=False)
        assert caught.value.advice == sandbox.WHY_NOT[why]
        assert made.convert(paper("文"), "docx", trusted=True).startswith(b"%PDF-")
    finally:
        made.close()


def test_a_missing_bubblewrap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "walls", lambda: ["bwrap-that-is-not-there"])
    assert sandbox.obstacle.__wrapped__() == sandbox.WHY_NOT["absent"]
    monkeypatch.setattr(sandbox, "walls", lambda: ["false"])
    assert sandbox.obstacle.__wrapped__() == sandbox.WHY_NOT["barred"]


def test_nothing_is_thrown_away_untried() -> None:
    assert pool.ATTEMPTS == 2
