from __future__ import annotations

import os
import signal
import subprocess  # noqa: TID251  (compares with a program started carelessly)
import sys
import time
from pathlib import Path

import pytest

from app.outside import child

PYTHON = "/usr/bin/python3"
ROOT = Path(__file__).resolve().parents[2]


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Whether the process ends (or is a zombie that nobody has reaped yet) within so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)


def test_a_program_does_not_see_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_CANARY", "canary-in-the-environment")
    assert b"canary" not in child.run(["/usr/bin/env"]).out
    assert b"canary" in subprocess.run(["/usr/bin/env"], capture_output=True, check=True).stdout


def test_input_goes_in_and_output_comes_out() -> None:
    done = child.run(["/usr/bin/tr", "a-z", "A-Z"], stdin=b"fanxiao")
    assert (done.code, done.out, done.timed_out) == (0, b"FANXIAO", False)


def test_memory_is_limited() -> None:
    eats = [PYTHON, "-c", "x = 'a' * 700_000_000; print(len(x))"]
    assert child.run(eats, limits=child.Limits(memory=300 << 20)).code != 0
    assert child.run(eats, limits=child.Limits(memory=2 << 30)).out == b"700000000\n"


def test_processor_time_is_limited() -> None:
    done = child.run([PYTHON, "-c", "while True: pass"], limits=child.Limits(cpu=1, wall=20))
    assert (done.code, done.timed_out) in {(-signal.SIGKILL, False), (-signal.SIGXCPU, False)}


def test_the_size_of_files_is_limited(tmp_path: Path) -> None:
    target = tmp_path / "big"
    done = child.run([PYTHON, "-c", f"open({str(target)!r}, 'wb').write(bytes(2_000_000))"],
                     limits=child.Limits(file_size=1_000_000))
    assert done.code != 0
    assert target.stat().st_size <= 1_000_000


def test_past_the_wall_limit_the_whole_group_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (f"import subprocess, time; p = subprocess.Popen(['/usr/bin/sleep', '60']); "
              f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)")
    done = child.run([PYTHON, "-c", script], limits=child.Limits(wall=1.5))
    assert done.timed_out
    assert gone(int(note.read_text("ascii")))


def test_what_a_finished_program_left_behind_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (f"import subprocess; p = subprocess.Popen(['/usr/bin/sleep', '60'], stdout=subprocess.DEVNULL, "
              f"stderr=subprocess.DEVNULL); open({str(note)!r}, 'w').write(str(p.pid))")
    assert child.run([PYTHON, "-c", script]).code == 0
    assert gone(int(note.read_text("ascii")))


def test_a_program_dies_with_whoever_started_it(tmp_path: Path) -> None:
    script = ("import sys, time\nfrom app.outside import child\n"
              "c = child.start(['/usr/bin/sleep', '60'])\nprint(c.pid, flush=True)\ntime.sleep(60)\n")
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    assert gone(pid)


def test_a_program_does_not_start_when_whoever_started_it_died_first(tmp_path: Path) -> None:
    """The kernel is told to take the program along only after it began: a slow `setpriv` stands for a busy machine."""
    slow = tmp_path / "setpriv"
    slow.write_text('#!/bin/sh\nsleep 0.5\nexec /usr/bin/setpriv "$@"\n')
    slow.chmod(0o755)
    script = (f"import os, signal\nfrom app.outside import child\nchild.ENVIRONMENT['PATH'] = '{tmp_path}:/usr/bin:/bin'\n"
              "c = child.start(['/usr/bin/sleep', '60'])\nos.write(1, b'%d' % c.pid)\nos.kill(os.getpid(), signal.SIGKILL)\n")
    pid = int(subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False, cwd=ROOT).stdout)
    time.sleep(0.1)
    assert not gone(pid, 0), "the slow start was not slow"
    assert gone(pid)


def test_a_program_outlives_the_thread_that_asked_for_it() -> None:
    import threading  # noqa: PLC0415

    started: list[child.Child] = []
    thread = threading.Thread(target=lambda: started.append(child.start(["/usr/bin/cat"])))
    thread.start()
    thread.join()
    time.sleep(0.2)
    try:
        assert started[0].running()
    finally:
        started[0].kill()


def test_reading_waits_no_longer_than_told() -> None:
    running = child.start(["/usr/bin/cat"])
    try:
        running.stdin.write(b"ab")
        running.stdin.flush()
        assert running.read_exactly(2, time.monotonic() + 5) == b"ab"
        with pytest.raises(TimeoutError):
            running.read_exactly(1, time.monotonic() + 0.1)
    finally:
        running.kill()
    assert not running.running()


def test_reading_from_an_ended_program_says_so() -> None:
    running = child.start(["/usr/bin/true"])
    with pytest.raises(EOFError):
        running.read_exactly(1, time.monotonic() + 5)
    running.kill()


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        child.run(["/usr/bin/no-such-program"])
    with pytest.raises(FileNotFoundError):
        child.start(["/usr/bin/no-such-program"])


def test_data_reaches_a_child_without_a_file() -> None:
    fd = child.data_fd("内容".encode())
    try:
        assert child.run(["/usr/bin/cat", f"/dev/fd/{fd}"], fds=(fd,)).out == "内容".encode()
    finally:
        os.close(fd)


def test_a_private_folder_is_gone_afterwards() -> None:
    with child.private_folder() as folder:
        child.put(folder / "a", b"x")
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
