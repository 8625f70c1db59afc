"""The whole service with every part a process of its own, started again whenever it dies; and officials who insist."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess  # noqa: TID251  (the parts are processes)
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString
from urllib.parse import urlencode

import psycopg
from lxml import html

from app.cli import processes
from app.outside import child
from app.settings import load_settings
from tests.kills.part import PRESS, STEPS, WEB, WORKER
from tests.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 400.0
OPEN = """SELECT id, state, problem FROM jobs WHERE state IN ('waiting', 'running')
UNION SELECT id, production, problem FROM papers WHERE production = 'waiting'"""
OK, SEE_OTHER, TOO_MANY = 200, 303, 429
Point = tuple[str, int]
"""A step, and the how many-eth time is the last."""


@dataclass
class Part:
    """One process of the service and the deaths that wait for it."""

    module: str
    argv: tuple[str, ...]
    points: list[Point]
    process: subprocess.Popen[bytes] | None = None
    point: Point | None = None


@dataclass
class Town:
    """Starts the parts, restarts the dead, and notes who died of what."""

    instance: Path
    shift: float
    points: Sequence[Point]
    hit: list[Point] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.port = free_port()
        with (self.instance / "settings.toml").open("a", encoding="utf-8") as told:
            told.write(f'second_factor = "offered"\nport = "{self.port}"\n')
        settings = load_settings(self.instance, {})
        settings.press_socket.parent.mkdir(mode=0o700, exist_ok=True)
        commands = {PRESS: processes._press(settings), WORKER: processes._worker(2), WEB: processes._web(settings)}
        self.parts = [Part(module, command[3:], [each for each in self.points if STEPS[each[0]][0] == module])
                      for module, command in commands.items()]
        self.log = self.instance / "town.log"
        self.over = threading.Event()
        self.keeper = threading.Thread(target=self._keep, name="keeper")

    @contextlib.contextmanager
    def running(self) -> Iterator[Town]:
        self.keeper.start()
        try:
            yield self
        finally:
            self.over.set()
            self.keeper.join()

    def left(self) -> list[Point]:
        """Deaths that have not come yet."""
        return [*(point for part in self.parts for point in part.points), *(
            part.point for part in self.parts if part.point)]

    def spare(self) -> None:
        """Whoever is not dead by now lives."""
        for part in self.parts:
            part.points.clear()

    def _keep(self) -> None:
        with self.log.open("ab") as log:
            while not self.over.wait(0.05):
                for part in self.parts:
                    if part.process is None or part.process.poll() is not None:
                        self._bury(part)
                        self._start(part, log)
            for part in self.parts:
                self._end(part)

    def _start(self, part: Part, log: Any) -> None:
        part.point = part.points.pop(0) if part.points else None
        step, nth = part.point or ("-", 0)
        part.process = subprocess.Popen(
            [*child.tied(os.getpid()), sys.executable, "-X", "faulthandler", str(ROOT / "tests/kills/part.py"), step, str(nth),
             str(self.shift), part.module, *part.argv], cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("FANXIAO_")}
            | {"FANXIAO_INSTANCE": str(self.instance)})

    def _bury(self, part: Part) -> None:
        if part.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(part.process.pid, signal.SIGKILL)
        if part.process.returncode == -signal.SIGKILL and part.point:
            self.hit.append(part.point)
        else:
            self.strange.append(f"{part.module} ended with {part.process.returncode}")

    def _end(self, part: Part) -> None:
        if part.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(part.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            part.process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(part.process.pid, signal.SIGKILL)
        part.process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Official:
    """Somebody at a browser: when no answer comes, looks at the page again and does what is still to be done."""

    town: Town
    login: str
    seen: list[tuple[str, str]] = field(default_factory=list)
    """What the service said was done: the act, and on which paper."""
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, values: dict[str, str] | None = None) -> tuple[int, str] | None:
        """Status and page, or None when the line broke or the service was not there."""
        line = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=30)
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request(method, path, urlencode(values) if values is not None else None, head)
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
            return None
        finally:
            line.close()
        for each in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
        return answer.status, text

    def send(self, page: str, action: str = "", **values: str) -> bool | None:
        """Fill and send the form of a page; True: the service says it is done. None: there is no such form."""
        looked = self.ask("GET", page)
        if looked is None or looked[0] >= 400:
            return False
        if looked[0] == SEE_OTHER:
            return None
        tree = html.fromstring(looked[1])
        wanted = f'//form[@action="{action}"]' if action else '//form[@method="post" and not(@action)]'
        forms = [each for each in tree.xpath(wanted) if each.xpath(".//button[not(@disabled)]")]
        if not forms:
            return None
        hidden = {each.get("name"): each.get("value") for each in forms[-1].xpath('.//input[@type="hidden"]')}
        answer = self.ask("POST", action or page, hidden | values)
        if answer is not None and answer[0] == TOO_MANY:
            time.sleep(5)
        return answer is not None and answer[0] == SEE_OTHER

    def sign_in(self, until: float) -> None:
        while self.send("/sign-in", "/sign-in", login=self.login, password=PASSWORD) is False:
            assert time.monotonic() < until, "nobody could sign in"
            time.sleep(0.3)

    def submit(self, papers: Sequence[str], until: float) -> None:
        self.sign_in(until)
        for paper in papers:
            while (done := self.send(f"/papers/{paper}/check")) is False:
                assert time.monotonic() < until, f"{paper} could not be sent"
            if done:
                self.seen.append(("submit", paper))
                again = self.ask("GET", f"/papers/{paper}/check")
                assert again is None or again[0] != OK, f"{paper} was said to be sent and was not"

    def approve(self, papers: Sequence[str], until: float) -> None:
        """Each as soon as its page can be seen."""
        self.sign_in(until)
        waiting = list(papers)
        while waiting:
            assert time.monotonic() < until, f"{len(waiting)} papers could not be approved"
            for paper in list(waiting):
                if self.send(f"/papers/{paper}", f"/papers/{paper}/approve"):
                    self.seen.append(("approve", paper))
                    waiting.remove(paper)
            done = issued(self.town.instance)
            waiting = [paper for paper in waiting if paper not in done]
            time.sleep(0.2)


def rows(instance: Path, statement: LiteralString) -> list[tuple[Any, ...]]:
    """What the database says, without the application."""
    url = load_settings(instance, {}).database_url
    if url:
        with psycopg.connect(url.replace("+psycopg", "")) as server:
            return server.execute(statement).fetchall()
    with contextlib.closing(sqlite3.connect(instance / "register.db", timeout=30)) as db:
        return db.execute(statement).fetchall()


def issued(instance: Path) -> set[str]:
    return {paper for paper, in rows(instance, "SELECT public_id FROM papers WHERE state = 'issued'")}


def wait_until_made(instance: Path, until: float) -> None:
    """No job is open and no paper waits for its page."""
    while rows(instance, OPEN):
        assert time.monotonic() < until, rows(instance, OPEN)
        time.sleep(0.3)


def digest_of(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest()


def shift_to(moment: datetime) -> float:
    """Seconds from the clock of this machine to `moment`."""
    return (moment - datetime.now(UTC)).total_seconds()  # noqa: TID251  (real processes have a real clock)
