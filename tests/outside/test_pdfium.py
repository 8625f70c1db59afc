"""Threads that read PDFs at the same time, and a process that ends while one of them reads, do not die of it."""

from __future__ import annotations

import subprocess  # noqa: TID251  (what would die is a process)
import sys
from pathlib import Path

import pytest

from app.outside import pdfium
from tests.fake_press import sheet

READ = """
import sys, threading, time
from app.outside import pdfium
pdf, until, ends_early = sys.stdin.buffer.read(), time.monotonic() + 2, sys.argv[1] == "early"
def read():
    while ends_early or time.monotonic() < until:
        with pdfium.opened(pdf) as document:
            for page in document:
                page.render(scale=0.5).to_pil(), page.get_textpage().get_text_range()
threads = [threading.Thread(target=read, daemon=True) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join(0.3 if ends_early else None)
"""


@pytest.mark.parametrize("ends", ["late", "early"])
def test_threads_read_at_the_same_time(ends: str) -> None:
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", READ, ends], input=sheet("words " * 40), capture_output=True,
                          cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_what_is_no_pdf_is_told_and_lets_go() -> None:
    for _ in range(2):
        with pytest.raises(pdfium.Unreadable), pdfium.opened(b"no PDF"):
            pass
    with pdfium.opened(sheet("words " * 40)) as document:
        assert len(document) == 1
