"""pdfium, one thread at a time: the library is not thread safe (its API says so), and web and worker have threads.

Two threads in it end the process with signal 11. Nobody else in these processes opens a document with it; the press
does in cells, each a process with one thread.
"""

from __future__ import annotations

import atexit
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_SECONDS = 20.0
Unreadable = pypdfium2.PdfiumError
raw = pypdfium2.raw
_alone = threading.RLock()


@cache
def _let_nobody_in_at_the_end() -> None:
    """When the process ends, documents and library are put away while threads of ours may still be in them.

    What is registered last comes first: this has to be after the first document, which registers `weakref.finalize`.
    """
    atexit.register(_alone.acquire, timeout=LAST_SECONDS)


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    """The document (pypdfium2.PdfDocument), while no other thread of the process is in the library.

    Everything that was taken from it is closed with it. Raises Unreadable when it is no PDF or has a password.
    """
    with _alone:
        document = pypdfium2.PdfDocument(pdf)
        _let_nobody_in_at_the_end()
        try:
            yield document
        finally:
            document.close()
