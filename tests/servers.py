"""Real servers for the tests: each in a folder of its own, reached only through sockets in it, gone when we go.

A shell stands between: it waits for the end of its input, which comes when whoever started it dies in whatever way,
then ends the server and removes the folder. If the shell itself is killed, the kernel takes the server along.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess  # noqa: TID251  (servers are programs)
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

POSTGRESQL = Path("/usr/lib/postgresql/15/bin")
READY_SECONDS = 90
WATCH = """
folder=$1 number=$2; shift 2
setpriv --pdeathsig "$number" "$@" >>"$folder/log" 2>&1 &
echo $! && cat >/dev/null
kill -s "$number" $! 2>/dev/null; wait $!
rm -rf "$folder"
"""
MEMORY, ENOUGH = Path("/dev/shm"), 1 << 30  # noqa: S108  (a folder of our own is made in it)
HURRIED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For tests that kill nobody: what is written need not outlive a power cut, and lies in memory where there is room."""


def program(name: str, *places: Path) -> str:
    """Path of a server's program; a missing one fails the test, for a test that was skipped proves nothing."""
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", ""), "/usr/bin"]))
    if found is None:
        pytest.fail(f"{name} is not installed: run `make setup-dev` (Debian's postgresql-15 and redis-server)")
    return found


class Server:
    """A program that serves on a socket in its folder; `stop_by` is the signal that it ends at once by."""

    def __init__(self, name: str, owner: str = "", *, in_memory: bool = False) -> None:
        roomy = in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
        self.folder = Path(tempfile.mkdtemp(prefix=f"fanxiao-{name}-", dir=MEMORY if roomy else None))
        self.prefix = _as_owner(self.folder, owner) if owner else ()
        self.watchers: list[subprocess.Popen[str]] = []
        self.pid = 0

    def _start(self, stop_by: str, argv: Sequence[str], ready: Callable[[], object]) -> None:
        watcher = subprocess.Popen([*self.prefix, "sh", "-c", WATCH, "watch", str(self.folder), stop_by, *argv],
                                   cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.watchers.append(watcher)
        assert watcher.stdout is not None
        self.pid = int(watcher.stdout.readline())
        until = time.monotonic() + READY_SECONDS
        while True:
            try:
                ready()
            except (psycopg.OperationalError, redis.ConnectionError):
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """As a power cut would: no word to anybody, nothing put away. The folder stays."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        for watcher in self.watchers:
            watcher.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL(Server):
    """PostgreSQL 15 that listens to nothing but a socket in its folder, durable unless it is `hurried`."""

    def __init__(self, *, hurried: bool = True) -> None:
        super().__init__("postgresql", "postgres", in_memory=hurried)
        data = self.folder / "data"
        made = subprocess.run(
            [*self.prefix, program("initdb", POSTGRESQL), "--pgdata", str(data), "--username", "fanxiao", "--auth",
             "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"],
            cwd="/", capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        options = ("listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=100",
                   "shared_buffers=64MB", "autovacuum=off", "log_min_messages=warning", *(HURRIED if hurried else ()))
        self.argv = [program("postgres", POSTGRESQL), "-D", str(data), *(word for each in options for word in ("-c", each))]
        self.start()

    def start(self) -> None:
        self._start("QUIT", self.argv, lambda: psycopg.connect(self.conninfo("postgres")).close())

    def conninfo(self, database: str) -> str:
        return f"host={self.folder} user=fanxiao dbname={database}"

    def url(self, database: str) -> str:
        """The address as `database_url` has it."""
        return f"postgresql+psycopg://fanxiao@/{database}?host={self.folder}"

    def create(self, template: str = "") -> str:
        """A new database, empty or a copy of `template`; answers its name."""
        name = f"t{secrets.token_hex(6)}"
        copied = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else "TEMPLATE template0"
        self._command(f"CREATE DATABASE {name} {copied}")
        return name

    def drop(self, database: str) -> None:
        self._command(f"DROP DATABASE {database} WITH (FORCE)")

    def _command(self, words: str) -> None:
        with contextlib.closing(psycopg.connect(self.conninfo("postgres"), autocommit=True)) as connection:
            connection.execute(words.encode())


class Redis(Server):
    """A Redis that keeps nothing on disk and listens to nothing but a socket in its folder."""

    def __init__(self) -> None:
        super().__init__("redis")
        self.socket = self.folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self.start()

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self._start("TERM", [program("redis-server"), "--port", "0", "--unixsocket", str(self.socket), "--save", "",
                             "--dir", str(self.folder)], lambda: redis.Redis.from_url(self.url).ping())


def _as_owner(folder: Path, owner: str) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root: then it runs as its own user, who gets the folder."""
    if os.getuid() != 0:
        return ()
    found = pwd.getpwnam(owner)
    os.chown(folder, found.pw_uid, found.pw_gid)
    return ("setpriv", f"--reuid={found.pw_uid}", f"--regid={found.pw_gid}", "--clear-groups")
