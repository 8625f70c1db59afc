"""Starts programs: limited in memory, processor time, file size and life; never with our environment; gone when we go.

The only place that starts programs. Limits and the order to die with the parent are set by util-linux's `setpriv` and
`prlimit` between fork and program, because code run by Python between fork and exec may hang a threaded process.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MEGABYTE = 1 << 20
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"}
"""All that a program sees of the environment unless its caller adds to it: no secret can leak through it."""

ORPHANS_END = '[ "$PPID" = "$0" ] && exec "$@"'
"""Whoever starts us may die before the kernel has been told to take us along; then our parent is another already."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one program. Bytes and seconds; None: no bound."""

    memory: int | None = 512 * MEGABYTE
    cpu: int | None = 10
    file_size: int | None = 50 * MEGABYTE
    wall: float = 30.0
    """Only for `run`: after so many seconds the whole group is killed."""


@dataclass(frozen=True)
class Finished:
    """How a program ended. `code` is negative for a signal (subprocess convention)."""

    code: int
    out: bytes
    err: bytes
    timed_out: bool


class Child:
    """A running program with its own session; killing it kills all that it started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101  (start always makes the pipes)
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101  (start always makes the pipes)
        return self._process.stdout

    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> int:
        """Kill the whole group, reap it, close the pipes. Returns the exit code; may be called twice."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return code

    def wait(self, timeout: float) -> int | None:
        """The exit code, or None when it still runs after `timeout` seconds."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout)
        return None

    def read_exactly(self, size: int, deadline: float) -> bytes:
        """`size` bytes of its output. Raises TimeoutError past `deadline` (time.monotonic), EOFError when it ended."""
        parts: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self.stdout, selectors.EVENT_READ)
            while size:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                part = os.read(self.stdout.fileno(), min(size, MEGABYTE))
                if not part:
                    raise EOFError
                parts.append(part)
                size -= len(part)
        return b"".join(parts)


def start(argv: Sequence[str], *, limits: Limits | None = None, env: Mapping[str, str] | None = None,
          fds: Sequence[int] = (), quiet: bool = True, group: bool = True) -> Child:
    """Start a program with pipes for input and output. `fds` stay open in it; `quiet` drops what it complains about.

    Raises OSError when the program is not there.
    """
    if shutil.which(argv[0]) is None:
        raise FileNotFoundError(argv[0])
    command = [*_prefix(limits or Limits()), *argv]

    def launch() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                                stderr=subprocess.DEVNULL if quiet else None, env={**ENVIRONMENT, **(env or {})},
                                pass_fds=tuple(fds), start_new_session=group, cwd="/")

    return Child(_launcher().submit(launch).result())


def run(argv: Sequence[str], *, stdin: bytes = b"", limits: Limits | None = None,
        env: Mapping[str, str] | None = None, fds: Sequence[int] = ()) -> Finished:
    """Run a program to its end and collect what it said. Past the wall limit the whole group is killed."""
    bounds = limits or Limits()
    if shutil.which(argv[0]) is None:
        raise FileNotFoundError(argv[0])

    def launch() -> subprocess.Popen[bytes]:
        return subprocess.Popen([*_prefix(bounds), *argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env={**ENVIRONMENT, **(env or {})}, pass_fds=tuple(fds),
                                start_new_session=True, cwd="/")

    process = _launcher().submit(launch).result()
    try:
        out, err = process.communicate(stdin, timeout=bounds.wall)
    except subprocess.TimeoutExpired:
        Child(process).kill()
        return Finished(-signal.SIGKILL, b"", b"", timed_out=True)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return Finished(process.returncode, out, err, timed_out=False)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of our own for a program that needs files; gone with all in it at the end."""
    with tempfile.TemporaryDirectory(prefix="fanxiao-") as name:
        yield Path(name)


def put(path: Path, data: bytes) -> None:
    """Write a file into a private folder."""
    path.write_bytes(data)


def data_fd(data: bytes) -> int:
    """A descriptor from which a child reads `data` (a file without a name). The caller closes it."""
    fd = os.memfd_create("fanxiao", 0)
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _prefix(limits: Limits) -> list[str]:
    bounds = [f"--{name}={value}" for name, value in
              (("as", limits.memory), ("cpu", limits.cpu), ("fsize", limits.file_size)) if value is not None]
    return [*tied(os.getpid()), "prlimit", "--core=0", *bounds, "--"]


def tied(parent: int) -> list[str]:
    """What stands before a command that the kernel is to kill when the thread that started it dies."""
    return ["setpriv", "--pdeathsig", "KILL", "sh", "-c", ORPHANS_END, str(parent)]


_launchers: dict[int, ThreadPoolExecutor] = {}
_lock = threading.Lock()


def _launcher() -> ThreadPoolExecutor:
    """One thread that lives as long as the process: the kernel ties a child's death to the thread that started it."""
    with _lock:
        if os.getpid() not in _launchers:
            _launchers.clear()
            _launchers[os.getpid()] = ThreadPoolExecutor(1, "launcher")
        return _launchers[os.getpid()]
