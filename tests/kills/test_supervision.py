"""`flask serve`: a part that was killed is back within seconds; when the supervisor itself is killed nothing stays."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess  # noqa: TID251  (the service is a program)
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kills.town import ROOT, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.people import Cast

PARTS = {"app.press": "converter", "app.worker": "queue", "gunicorn": "database"}
BACK_SECONDS = 90
PROC = Path("/proc")


@pytest.fixture
def service(at_stage: Callable[[str], Cast]) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """The supervisor, its address, its instance."""
    cast = at_stage("cast")
    cast.desk.register.close()
    port, instance = free_port(), cast.desk.settings.instance
    env = {name: value for name, value in os.environ.items() if not name.startswith("FANXIAO_")}
    with (instance / "serve.log").open("w") as log, subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"], cwd=ROOT, stdout=log, stderr=log,
            start_new_session=True, env=env | {"FANXIAO_INSTANCE": str(instance), "FANXIAO_PORT": str(port)}) as group:
        try:
            yield group, f"http://127.0.0.1:{port}/readyz", instance
        finally:
            group.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                group.wait(20)
            group.kill()


def family(root: int) -> dict[int, str]:
    """Every process that descends from `root`, with its command line."""
    parents, words = {}, {}
    for each in PROC.iterdir():
        if each.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
                words[int(each.name)] = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    found: dict[int, str] = {}
    todo = [root]
    while todo:
        parent = todo.pop()
        todo += [pid for pid, of in parents.items() if of == parent]
        found |= {pid: words[pid] for pid, of in parents.items() if of == parent}
    return found


def alive(pid: int) -> bool:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_ready(address: str, instance: Path) -> None:
    until = time.monotonic() + BACK_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):  # noqa: S310  (ours)
            return
        time.sleep(0.2)
    pytest.fail((instance / "serve.log").read_text()[-3000:])


def child_of(group: subprocess.Popen[bytes], module: str) -> int:
    """The process that the supervisor itself started for a part."""
    direct = {pid: words for pid, words in family(group.pid).items()
              if f"-m {module}" in words and f" {group.pid} " not in words}
    return min(direct)


@pytest.mark.press
def test_each_part_that_is_killed_is_back_and_nothing_stays_when_the_supervisor_is_killed(
        service: tuple[subprocess.Popen[bytes], str, Path]) -> None:
    group, address, instance = service
    wait_ready(address, instance)
    time.sleep(5)  # a part that dies in its first seconds waits as long before it is started again
    for module in PARTS:
        before = child_of(group, module)
        descendants = family(before)
        os.kill(before, signal.SIGKILL)
        until = time.monotonic() + BACK_SECONDS
        while not (news := {pid for pid, words in family(group.pid).items()
                            if f"-m {module}" in words and pid != before and pid not in descendants}):
            assert time.monotonic() < until, module
            time.sleep(0.1)
        assert news
        wait_ready(address, instance)
        assert {pid: words for pid, words in descendants.items() if alive(pid)} == {}
    everybody = family(group.pid)
    assert any("soffice" in words for words in everybody.values()), everybody
    group.kill()
    group.wait()
    until = time.monotonic() + 15
    while left := {pid: words for pid, words in everybody.items() if alive(pid)}:
        assert time.monotonic() < until, left
        time.sleep(0.1)
