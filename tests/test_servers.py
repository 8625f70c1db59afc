"""The servers of the tests go when whoever started them goes, in whatever way; one that is missing fails its test."""

from __future__ import annotations

import json
import os
import signal
import subprocess  # noqa: TID251  (a process that is killed)
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.kept import ROOT
from tests.servers import program

if TYPE_CHECKING:
    from collections.abc import Iterable

STARTER = """
import json, sys, time
from tests.servers import PostgreSQL, Redis
servers = PostgreSQL(), Redis()
print(json.dumps([[server.pid, str(server.folder)] for server in servers]), flush=True)
time.sleep(60)
"""


def gone(servers: Iterable[tuple[int, str]]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() or Path(folder).exists() for pid, folder in servers)


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_dies_leaves_no_server_and_no_folder(by: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as starter:
        assert starter.stdout is not None
        servers = json.loads(starter.stdout.readline())
        assert not gone(servers)
        os.kill(starter.pid, by)
    until = time.monotonic() + 20
    while not gone(servers) and time.monotonic() < until:
        time.sleep(0.05)
    assert gone(servers)


def test_a_server_that_is_not_installed_fails_the_test_and_says_what_to_do() -> None:
    with pytest.raises(pytest.fail.Exception, match="make setup-dev"):
        program("no-such-server")
