"""Cells as their owner sees them: start one, give it a document, throw it away when it fails or is worn."""

from __future__ import annotations

import json
import os
import struct
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.outside import child, fonts
from app.press import sandbox

PYTHON = "/usr/bin/python3"
CELL = Path(__file__).with_name("cell.py")
INSIDE = "/tmp/cell"  # noqa: S108  (a name inside the cell's own tmpfs)
LIMITS = child.Limits(memory=6 << 30, cpu=None, file_size=200 * child.MEGABYTE)
START_SECONDS, CONVERT_SECONDS = 60.0, 60.0
MAX_DOCUMENTS, MAX_RESIDENT = 500, 900
"""A soffice grows: thrown away after so many documents or so many MB."""
FILTERS = {
    "docx": ("MS Word 2007 XML", "writer_pdf_Export"),
    "odt": ("writer8", "writer_pdf_Export"),
    "xlsx": ("Calc MS Excel 2007 XML", "calc_pdf_Export"),
}


class CellFailed(Exception):
    """The cell hung, died or sent nonsense: throw it away, the document may be tried once more on another."""


class DocumentRefused(Exception):
    """LibreOffice could not read or print this document; the cell is well."""


class Cell:
    """One soffice behind its walls. Not for two threads at once."""

    def __init__(self, *, walls: bool = True, guarded: bool = True) -> None:
        """`walls` and `guarded` are off only where the other layer is tested, or where the machine allows no walls."""
        self.documents = 0
        self.resident = 0
        self._rest = ExitStack()
        options = [] if guarded else ["open"]
        self._child = self._start_walled(options) if walls else self._start_bare(options)
        try:
            self._receive(START_SECONDS)
        except CellFailed:
            self.close()
            raise

    def convert(self, data: bytes, kind: str, seconds: float = CONVERT_SECONDS) -> bytes:
        """Document of `kind` (docx, odt, xlsx) → PDF. Raises DocumentRefused or CellFailed."""
        read, write = FILTERS[kind]
        head = json.dumps({"filter": read, "export": write, "size": len(data)}).encode()
        try:
            self._child.stdin.write(struct.pack(">I", len(head)) + head + data)
            self._child.stdin.flush()
        except (OSError, ValueError) as error:  # ValueError: its pipe is closed
            raise CellFailed("cell is gone") from error
        answer, pdf = self._receive(seconds)
        if not answer.get("ok"):
            raise DocumentRefused(str(answer.get("error", "")))
        if not pdf.startswith(b"%PDF-"):
            raise CellFailed("no PDF came")
        self.documents += 1
        self.resident = int(answer.get("rss", 0))
        return pdf

    @property
    def worn(self) -> bool:
        return self.documents >= MAX_DOCUMENTS or self.resident >= MAX_RESIDENT

    @property
    def pid(self) -> int:
        return self._child.pid

    def running(self) -> bool:
        return self._child.running()

    def close(self) -> None:
        """Kill all of it at once; nothing in it is worth saving."""
        self._child.kill()
        self._rest.close()

    def _start_walled(self, options: list[str]) -> child.Child:
        files = {f"{INSIDE}/cell.py": child.data_fd(CELL.read_bytes()),
                 f"{INSIDE}/fonts.conf": child.data_fd(fonts.fontconfig(f"{INSIDE}/cache").encode())}
        argv = sandbox.enclosed([PYTHON, f"{INSIDE}/cell.py", f"{INSIDE}/work", *options],
                                env=_environment(INSIDE), files=files)
        try:
            return child.start(argv, limits=LIMITS, fds=tuple(files.values()))
        finally:
            for fd in files.values():
                os.close(fd)

    def _start_bare(self, options: list[str]) -> child.Child:
        folder = self._rest.enter_context(child.private_folder())
        child.put(folder / "fonts.conf", fonts.fontconfig(f"{folder}/cache").encode())
        return child.start([PYTHON, str(CELL), f"{folder}/work", *options], limits=LIMITS,
                           env=_environment(str(folder)))

    def _receive(self, seconds: float) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + seconds
        try:
            size = struct.unpack(">I", self._child.read_exactly(4, deadline))[0]
            head = json.loads(self._child.read_exactly(size, deadline))
            return head, self._child.read_exactly(int(head["size"]), deadline)
        except (TimeoutError, EOFError, OSError, ValueError, KeyError) as error:
            raise CellFailed(type(error).__name__) from error


def _environment(folder: str) -> dict[str, str]:
    return {"HOME": folder, "FONTCONFIG_FILE": f"{folder}/fonts.conf", "SAL_USE_VCLPLUGIN": "svp"}
