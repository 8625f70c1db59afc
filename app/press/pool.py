"""The cells of one press: a failed or worn one is replaced, a failed document is tried twice."""

from __future__ import annotations

import logging
import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import NeedsPerson
from app.outside.faults import frames_of
from app.press import sandbox
from app.press.cells import CONVERT_SECONDS, Cell, CellFailed, DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)
ATTEMPTS = 2


class Pool:
    """So many cells, started when first needed. Threads may share it."""

    def __init__(self, size: int, *, seconds: float = CONVERT_SECONDS) -> None:
        self.size = size
        self.seconds = seconds
        self.obstacle = sandbox.obstacle()
        self.made = 0
        self.restarts = 0
        self._cells: set[Cell] = set()
        self._lock = threading.Lock()
        self._free: queue.Queue[Cell | None] = queue.Queue()
        for _ in range(size):
            self._free.put(None)

    def convert(self, data: bytes, kind: str, *, trusted: bool, seconds: float | None = None) -> bytes:
        """Document → PDF, tried on a second, fresh cell when the first fails. Raises NeedsPerson.

        `trusted`: from a shipped template; anything else is refused where cells have no walls. `seconds`: no longer
        than this and one try only, for who waits in front of a screen; a busy press is then told as such.
        """
        if self.obstacle and not trusted:
            raise NeedsPerson("本机没有隔离环境，这份文件不予处理。", advice=self.obstacle)
        for attempt in range(ATTEMPTS if seconds is None else 1):
            try:
                with self._cell(seconds) as cell:
                    pdf = cell.convert(data, kind, self.seconds if seconds is None else min(seconds, self.seconds))
            except queue.Empty:
                raise NeedsPerson("打印服务正忙。", advice="请稍后再试。") from None
            except (CellFailed, DocumentRefused) as failed:
                log.warning("press: attempt %d failed: %s", attempt + 1, type(failed).__name__)
            else:
                self.made += 1
                return pdf
        raise NeedsPerson("LibreOffice 没能印出这份文件，需要人工处理。",
                          advice="请在 Word 或 WPS 中打开它看看是否完好，再重新生成；仍不行请联系管理员。")

    def warm(self) -> None:
        """Start the first cell ahead of the first document."""
        try:
            with self._cell():
                pass
        except CellFailed as failed:
            log.error("press: no cell could be started: %s", frames_of(failed))  # noqa: TRY400  (never the message)

    def close(self) -> None:
        with self._lock:
            for cell in self._cells:
                cell.close()
            self._cells.clear()

    @contextmanager
    def _cell(self, seconds: float | None = None) -> Iterator[Cell]:
        """A cell for one document. One that raised is killed; so is a worn one. Raises queue.Empty after `seconds`."""
        cell = self._free.get(timeout=seconds)
        sound = False
        try:
            if cell is None or not cell.running():
                self._drop(cell)
                cell = None
                cell = self._start()
            yield cell
            sound = not cell.worn
        finally:
            if not sound:
                self._drop(cell)
            self._free.put(cell if sound else None)

    def _start(self) -> Cell:
        cell = Cell(walls=not self.obstacle)
        self.restarts += 1
        with self._lock:
            self._cells.add(cell)
        return cell

    def _drop(self, cell: Cell | None) -> None:
        if cell is not None:
            with self._lock:
                self._cells.discard(cell)
            cell.close()
