"""Which process holds a piece of work, and whether that process is known to be dead.

A process is named by machine start, process namespace, number and start time, so that a number that was given again,
a restarted machine and another container are not mistaken for it.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

PROC = Path("/proc")
BOOT = PROC / "sys/kernel/random/boot_id"
STARTED = 19
"""Place of the start time (field 22 of proc(5) stat) behind the program's name, which ends the first two fields."""


def hold() -> str:
    """A name that no other hold has: this process and a random word."""
    return f"{_here(os.getpid())} {os.getpid()} {_started(os.getpid())} {secrets.token_hex(8)}"


def known_dead(holder: str) -> bool:
    """Whether a holder was a process of this machine and is one no more. False when nobody here can know."""
    words = holder.split(" ")
    if len(words) != 4 or words[0] != _here(os.getpid()) or not words[1].isdigit():  # noqa: PLR2004  (the words of `hold`)
        return False
    try:
        return _started(int(words[1])) != words[2]
    except (FileNotFoundError, ProcessLookupError):
        return True
    except OSError:
        return False


@cache
def _here(_pid: int) -> str:
    """This start of this machine, and the namespace in which process numbers mean something."""
    return f"{BOOT.read_text('ascii').strip()}/{(PROC / 'self/ns/pid').readlink()}"


def _started(pid: int) -> str:
    """When a process began (clock ticks since the machine started); a dead one that nobody reaped counts as gone."""
    words = (PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    if words[0] in "ZX":
        raise ProcessLookupError(pid)
    return words[STARTED]
