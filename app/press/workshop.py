"""Where the press has done what may run wild: filling templates and drawing PDFs that are not ours."""

from __future__ import annotations

import json
import struct
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import FanxiaoError, NeedsPerson
from app.outside import child, frames
from app.papers import render
from app.press import sandbox
from app.press.bench import WILD
from app.press.telling import told

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
WALL = 30.0
"""Seconds by the wall for one piece of work."""
LIMITS = child.Limits(memory=None, cpu=None, file_size=None)


class Workshop:
    """A bench (bench.py) and the way to it: one piece of work at a time, a bench that hangs is replaced."""

    def __init__(self, *, seconds: float = WALL) -> None:
        self.seconds = seconds
        self._bench: child.Child | None = None
        self._lock = threading.Lock()

    def fill(self, template: bytes, contexts: Sequence[dict[str, Any]],
             ) -> tuple[list[render.Filled | FanxiaoError], set[str]]:
        """Each document or why not, and the names that each must show. Raises Refused (template), NeedsPerson."""
        head, blobs = self._ask({"work": "fill", "contexts": list(contexts)}, [template])
        done: list[render.Filled | FanxiaoError] = [
            render.Filled(docx, tuple(each["printed"])) if each["ok"] else told(each)
            for each, docx in zip(head["documents"], blobs, strict=True)]
        return done, set(head["must_show"])

    def settle(self, docx: bytes) -> bytes:
        """A docx that is not a template, made ready for LibreOffice. Raises Refused or NeedsPerson."""
        return self._ask({"work": "settle"}, [docx])[1][0]

    def pages(self, pdf: bytes, dpi: int) -> list[bytes]:
        """Each page as PNG. Raises Refused or NeedsPerson."""
        return self._ask({"work": "pages", "dpi": dpi}, [pdf])[1]

    def warm(self) -> None:
        with self._lock:
            self._ready()

    def close(self) -> None:
        with self._lock:
            self._discard()

    def _ask(self, head: dict[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        with self._lock:
            bench = self._ready()
            try:
                frames.send(bench.stdin, head, blobs)
                answer, out = self._receive(bench)
            except (OSError, EOFError, ValueError, KeyError) as error:
                self._discard()
                raise NeedsPerson(WILD, advice="请检查模板或文件；确属正常的请联系管理员。") from error
        if not answer["ok"]:
            raise told(answer)
        return answer, out

    def _receive(self, bench: child.Child) -> tuple[dict[str, Any], list[bytes]]:
        deadline = time.monotonic() + self.seconds
        size = struct.unpack(">I", bench.read_exactly(4, deadline))[0]
        head = json.loads(bench.read_exactly(size, deadline))
        return head, [bench.read_exactly(each, deadline) for each in head.pop("blobs")]

    def _ready(self) -> child.Child:
        if self._bench is None or not self._bench.running():
            self._discard()
            self._bench = self._started()
        return self._bench

    @staticmethod
    def _started() -> child.Child:
        """Behind the walls; where the machine has none, a bare one that is asked for pages of our own PDFs only."""
        if sandbox.obstacle():
            return child.start([sys.executable, "-m", "app.press.bench"], limits=LIMITS, quiet=False,
                               env={"PYTHONPATH": str(ROOT)})
        argv = sandbox.python(["-m", "app.press.bench"], files={}, code=ROOT / "app")
        return child.start(argv, limits=LIMITS, quiet=False)

    def _discard(self) -> None:
        if self._bench is not None:
            self._bench.kill()
            self._bench = None
