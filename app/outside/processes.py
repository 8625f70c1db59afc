"""The service's own processes: become one of them, or supervise all three on one machine (`flask serve`)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.outside.child import tied

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[2]
GRACE_SECONDS = 10.0
SHORTEST_LIFE = 5.0
"""A process that dies sooner than this is not started again at once, but after as long a pause."""


@dataclass
class Part:
    """One process of the service: how it is called and how it is started."""

    name: str
    argv: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Tied to us by the kernel: however we die, this process and with it all that it started is killed."""
        self.process = subprocess.Popen([*tied(os.getpid()), *self.argv], cwd=ROOT, start_new_session=True)
        self.started = time.monotonic()

    @property
    def dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def start_again(self) -> None:
        """Start it anew; what the dead one left of its group would stand in the way of the new one."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.start()


def python(*arguments: str) -> tuple[str, ...]:
    """Our interpreter with arguments."""
    return (sys.executable, *arguments)


def become(argv: Sequence[str]) -> None:
    """Replace this process (systemd and the supervisor then hold the right pid)."""
    os.chdir(ROOT)
    os.execv(argv[0], list(argv))  # noqa: S606  (our own interpreter with fixed arguments)


def supervise(parts: Sequence[Part], say: Callable[[str], None]) -> None:
    """Start every part and keep it running until SIGINT or SIGTERM; then stop all of them."""
    over = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal over
        over = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        for part in parts:
            part.start()
        while not over:
            time.sleep(0.2)
            for part in parts:
                if part.dead and time.monotonic() - part.started > SHORTEST_LIFE:
                    say(f"{part.name} 停了，正在重新启动。")
                    part.start_again()
    finally:
        for part in reversed(parts):
            _end(part)


def _end(part: Part) -> None:
    if part.process is None or part.dead:
        return
    os.killpg(part.process.pid, signal.SIGTERM)
    try:
        part.process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(part.process.pid, signal.SIGKILL)
        part.process.wait()
