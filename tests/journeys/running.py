"""The real service for a journey: its own instance, a free port of the loopback, its own group of processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess  # noqa: TID251  (the service is a program here)
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.kept import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

READY_SECONDS, END_SECONDS = 120, 20
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


@dataclass(frozen=True)
class Service:
    """Where the running service is reached, where its instance lies, and the demo's passwords by login."""

    url: str
    instance: Path
    passwords: Mapping[str, str]


@contextlib.contextmanager
def running_service(instance: Path) -> Iterator[Service]:
    """init, demo, serve; at the end the whole group of processes is ended."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    given = {"INSTANCE": str(instance), "DEMO": "true", "SEAL_POLICY": "image", "SECOND_FACTOR": "offered", "PUBLIC_URL": url, "PORT": str(port)}
    env = {name: value for name, value in os.environ.items() if not name.startswith("FANXIAO_")}
    env |= {f"FANXIAO_{name}": value for name, value in given.items()}
    _run("init", env=env)
    people = json.loads(_run("demo", "--json", env=env))["accounts"]
    log = instance / "serve.log"
    with log.open("w", encoding="utf-8") as out:
        group = subprocess.Popen([*FLASK, "serve"], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            _wait(url, group, log)
            yield Service(url, instance, {each["login"]: each["password"] for each in people})
        finally:
            _end(group)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _run(*words: str, env: Mapping[str, str]) -> str:
    done = subprocess.run([*FLASK, *words], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _wait(url: str, group: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert group.poll() is None, f"the service ended: {log.read_text('utf-8')[-2000:]}"
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310  (ours)
            return
        time.sleep(0.2)
    raise AssertionError(f"the service is not ready: {log.read_text('utf-8')[-2000:]}")


def _end(group: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        group.wait(END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group.pid, signal.SIGKILL)
    group.wait()
