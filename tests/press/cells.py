"""One cell for all tests of a worker: docx in, PDF out, nothing else done to it."""

from __future__ import annotations

import atexit
from functools import lru_cache

from app.press.cells import Cell


@lru_cache(maxsize=1)
def cell() -> Cell:
    made = Cell()
    atexit.register(made.close)
    return made


def printed(docx: bytes) -> bytes:
    return cell().convert(docx, "docx")
