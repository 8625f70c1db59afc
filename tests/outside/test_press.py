from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest

from app.errors import NeedsPerson, Problem
from app.outside import frames
from app.outside.press import Press, Printed

if TYPE_CHECKING:
    from pathlib import Path


def test_a_press_that_is_not_there_needs_a_person(tmp_path: Path) -> None:
    press = Press(tmp_path / "none.sock")
    assert not press.alive()
    with pytest.raises(NeedsPerson, match="打印服务没有应答"):
        press.convert("0" * 64, [{}])


def test_a_document_is_good_when_made_and_without_problems() -> None:
    assert Printed(b"d", b"p", 1, ()).good
    assert not Printed(b"d", b"p", 1, (Problem("", "x"),)).good
    assert not Printed(b"", b"", 0, ()).good


def test_a_frame_comes_out_as_it_went_in() -> None:
    stream = io.BytesIO()
    frames.send(stream, {"名": "张\ud800三"}, [b"a", b"", b"bcd"])
    stream.seek(0)
    assert frames.receive(stream) == ({"名": "张\ud800三"}, [b"a", b"", b"bcd"])
    assert frames.receive(stream) is None


@pytest.mark.parametrize("data", [
    b"\0\0", struct.pack(">I", frames.MAX_HEAD + 1), struct.pack(">I", 10) + b"{}", struct.pack(">I", 2) + b"{}",
    struct.pack(">I", 2) + b"[]", struct.pack(">I", 14) + b'{"blobs":[-1]}', struct.pack(">I", 13) + b'{"blobs":[5]}ab',
    struct.pack(">I", 26) + b'{"blobs":[99999999999999]}',
])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(frames.FrameBroken):
        frames.receive(io.BytesIO(data))
