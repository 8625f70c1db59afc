"""The form of what goes over the press's socket: a JSON head with its length before it, then the bytes it announces."""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_HEAD, MAX_BLOB, MAX_BLOBS = 32 << 20, 320 << 20, 10_000
"""Bytes, bytes, pieces: more is not ours."""


class FrameBroken(ConnectionError):
    """The other side went away in the middle, or sent something that is not a frame."""


def send(stream: IO[bytes], head: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Write one frame. Raises OSError when the other side is gone."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode("ascii")
    stream.write(struct.pack(">I", len(text)) + text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one frame; None when the other side ended before one began. Raises FrameBroken."""
    start = stream.read(4)
    if not start:
        return None
    if len(start) < 4:  # noqa: PLR2004  (the length of the length)
        raise FrameBroken("short frame")
    size = struct.unpack(">I", start)[0]
    if size > MAX_HEAD:
        raise FrameBroken("head too long")
    try:
        head = json.loads(_exactly(stream, size))
        sizes = [int(each) for each in head.pop("blobs")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrameBroken("head is not ours") from error
    if len(sizes) > MAX_BLOBS or any(not 0 <= each <= MAX_BLOB for each in sizes):
        raise FrameBroken("too much announced")
    return head, [_exactly(stream, each) for each in sizes]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise FrameBroken("frame ended early")
    return data
