"""One process of the service that kills itself at a chosen step: `part.py STEP NTH SHIFT PART ARGUMENTS…`.

STEP is a name of STEPS, or `-` to live on; it is the NTH time that kills. SHIFT moves the clock, in seconds. PART is the
module that the service itself would start. No line of the service knows of this file: functions are wrapped from outside.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import os
import runpy
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WORKER, PRESS, WEB = "app.worker", "app.press", "gunicorn"
STEPS: dict[str, tuple[str, str, str, str]] = {
    "worker: job claimed": (WORKER, "app.actions.work_jobs", "heartbeat", "before"),
    "worker: pages came from the press": (WORKER, "app.outside.press", "Press.convert", "after"),
    "worker: file half written": (WORKER, "pathlib", "Path.replace", "before"),
    "worker: file under its name": (WORKER, "app.outside.vault", "Vault.put", "after"),
    "worker: row changed, not committed": (WORKER, "app.records.papers", "mark_produced", "after"),
    "worker: row committed, job not": (WORKER, "app.records.jobs", "finish", "before"),
    "worker: job ended, not committed": (WORKER, "app.records.jobs", "finish", "after"),
    "worker: all committed": (WORKER, "app.worker", "void", "before"),
    "press: asked": (PRESS, "app.press.jobs", "Jobs._convert", "before"),
    "press: page printed": (PRESS, "app.press.pool", "Pool.convert", "after"),
    "press: about to answer": (PRESS, "app.press.jobs", "Jobs._convert", "after"),
    "web: state changed, no line yet": (WEB, "app.records.papers", "move", "after"),
    "web: number and line written, not committed": (WEB, "app.records.audit", "append", "after"),
    "web: committed, bell not rung": (WEB, "huey.api", "Huey.enqueue", "before"),
    "web: bell rung, not answered": (WEB, "huey.api", "Huey.enqueue", "after"),
}
"""Step: part, module, what is wrapped, and whether death comes before or after it is called."""


def die(part: str) -> None:
    """As the kernel kills: nothing is put away. Of the web both processes go, the one that works and its master."""
    if part == WEB:
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def plant(step: str, nth: int) -> None:
    """Wrap the function of a step so that its nth call is the end."""
    part, module, place, when = STEPS[step]
    owner: Any = importlib.import_module(module)
    *path, name = place.split(".")
    for each in path:
        owner = getattr(owner, each)
    function: Callable[..., Any] = getattr(owner, name)
    times, lock = itertools.count(1), threading.Lock()

    def came() -> None:
        with lock:
            if next(times) >= nth:
                die(part)

    @functools.wraps(function)
    def wrapped(*given: Any, **named: Any) -> Any:
        if when == "before":
            came()
        answer = function(*given, **named)
        if when == "after":
            came()
        return answer

    setattr(owner, name, wrapped)


def main() -> None:
    step, nth, shift, part, *arguments = sys.argv[1:]
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from app.outside.clock import Clock  # noqa: PLC0415  (the path is known now)

    by = timedelta(seconds=float(shift))
    Clock.now = lambda _self: datetime.now(UTC) + by  # type: ignore[method-assign]  # noqa: TID251  (it is the clock)
    if step != "-":
        plant(step, int(nth))
    sys.argv = [part, *arguments]
    runpy.run_module(part, run_name="__main__")


if __name__ == "__main__":
    main()
