"""Opens what strangers hand in: one file, one process behind the walls, gone with the file."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.errors import NeedsPerson
from app.outside import child
from app.press import sandbox

OPENING = Path(__file__).with_name("opening.py")
PROGRAM, FILE = "/tmp/opening.py", "/tmp/file"  # noqa: S108  (names inside the walls)
LARGEST, LARGEST_OWN = 20 * child.MEGABYTE, 200 * child.MEGABYTE
"""Bytes of a file that is drawn, and of one of our own that is only looked at."""
WALL = 120.0
"""Seconds by the wall for one file."""
LIMITS = child.Limits(memory=512 * child.MEGABYTE, cpu=90, file_size=None)
NO_FILES = ("/usr/bin/prlimit", "--fsize=0", "--")
"""Set inside, when the file lies there: what runs inside writes nothing, not even into its /tmp (memory)."""
MOST_PAGES, MOST_BYTES, LONGEST_LINE, WIDEST, MOST_CODES, LONGEST_CODE = 200, 64 * child.MEGABYTE, 4096, 4000, 4, 80
"""What the opening program may answer; it counts as broken into when it answers more."""
SIGNALLED = 128
_turn = threading.BoundedSemaphore(2)
"""So many files are open at once, whatever is asked."""
Answer = tuple[dict[str, Any], list[bytes]]


class _Nonsense(Exception):
    """The opening program answered what it does not answer."""


def opened(data: bytes, kind: str, *, program: Path = OPENING) -> Answer:
    """The pages of one foreign file as JPEG, or `bad`: the key of the reason why not (intake has the words).

    Args:
        data: the whole file.
        kind: pdf, png, jpeg, look (a PDF of which nothing is drawn) or seal (a PNG; its page is plain RGBA).
        program: what runs behind the walls; only tests lay another.

    Raises:
        NeedsPerson: this machine has no walls; foreign files are not opened without them.
    """
    if obstacle := sandbox.obstacle():
        raise NeedsPerson("本机没有隔离环境，上传的文件不予处理。", advice=obstacle)
    if len(data) > (LARGEST_OWN if kind == "look" else LARGEST):
        return {"bad": "large"}, []
    with _turn, ExitStack() as stack:
        files = {PROGRAM: child.data_fd(program.read_bytes()), FILE: child.data_fd(data)}
        for fd in files.values():
            stack.callback(os.close, fd)
        started = child.start(sandbox.python([PROGRAM, FILE, kind], files=files, before=NO_FILES), limits=LIMITS,
                              fds=tuple(files.values()))
        stack.callback(started.kill)
        return _heard(started)


def _heard(started: child.Child) -> Answer:
    deadline = time.monotonic() + WALL
    try:
        return _pages(started, deadline)
    except TimeoutError:
        return {"bad": "slow"}, []
    except EOFError:
        code = started.wait(1.0)
        killed = code is None or code < 0 or code > SIGNALLED
        return {"bad": "slow" if killed else "broken"}, []
    except (_Nonsense, ValueError, KeyError, TypeError):
        return {"bad": "broken"}, []


def _pages(started: child.Child, deadline: float) -> Answer:
    """What it says, held to its bounds: a program that was broken into gets no more through than pages."""
    shapes: list[list[Any]] = []
    pages: list[bytes] = []
    total = 0
    while True:
        said = json.loads(_line(started, deadline))
        if "bad" in said:
            return {"bad": str(said["bad"])}, []
        if "notes" in said:
            return {"notes": [str(each) for each in said["notes"]], "shapes": shapes}, pages
        width, height, size = int(said["width"]), int(said["height"]), int(said["size"])
        total += size
        if not (0 < width <= WIDEST and 0 < height <= WIDEST and size > 0 and total <= MOST_BYTES
                and len(pages) < MOST_PAGES):
            raise _Nonsense
        shapes.append([width, height, bool(said["grey"]),
                       [str(each)[:LONGEST_CODE] for each in list(said.get("codes") or ())[:MOST_CODES]]])
        pages.append(started.read_exactly(size, deadline))


def _line(started: child.Child, deadline: float) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        line += started.read_exactly(1, deadline)
        if len(line) > LONGEST_LINE:
            raise _Nonsense
    return bytes(line)
