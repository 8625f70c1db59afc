"""A backup's container: tar in one Zstandard frame, closed by the SHA-256 of every byte before it.

The digest lies in a skippable frame (RFC 8878, 3.1.2), so that `tar --zstd -x` opens the file as any other, while a
flipped bit anywhere, in headers and padding too, is found without unpacking anything.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import zstandard

from app.errors import NeedsPerson, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = (0x184D2A5B).to_bytes(4, "little") + (36).to_bytes(4, "little") + b"FXB1"
TRAILER = len(MARK) + 32
BLOCK = 1 << 20
NAME = re.compile(r"[0-9A-Za-z_.-]+(?:/[0-9A-Za-z_.-]+)*", re.ASCII)
DAMAGED = "备份文件不完整，或者有字节被改动。"


class Writer:
    """Takes members one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, data: bytes) -> None:
        """A member from bytes."""
        self._tar.addfile(_member(name, len(data)), io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        """A member from a file, streamed. Raises NeedsPerson when it is not there."""
        try:
            with path.open("rb") as file:
                self._tar.addfile(_member(name, os.fstat(file.fileno()).st_size), file)
        except FileNotFoundError as error:
            raise NeedsPerson("备份时少了一个文件。", where=name[-12:], advice="请先运行 flask doctor。") from error


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Nothing of this machine goes in: no owner, no time."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write an archive; it takes its name only when it is whole and on the disk. Never overwrites a file."""
    if path.exists():
        raise Refused("已经有这个文件，没有覆盖。", where=path.name, advice="请换一个文件名。")
    half = path.with_name(f".tmp-{path.name}")
    half.unlink(missing_ok=True)
    try:
        handle = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w+b") as file:
            packer = zstandard.ZstdCompressor(level=6, write_checksum=True)
            with packer.stream_writer(file, closefd=False) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
                yield Writer(tar)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").digest()
            file.seek(0, os.SEEK_END)
            file.write(MARK + digest)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        _sync(path.parent)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise NeedsPerson(f"写备份失败：{error.strerror or '未知原因'}。",
                          advice="请检查磁盘空间和目录权限后重试。") from error
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_whole(path: Path) -> str:
    """SHA-256 of the whole file in hexadecimal. Raises Refused when any byte differs from what was written."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            body, left = hashlib.sha256(), size - TRAILER
            while left > 0 and (block := file.read(min(BLOCK, left))):
                body.update(block)
                left -= len(block)
            trailer = file.read()
    except OSError as error:
        raise Refused("读不了这个备份文件。", where=path.name, advice="请核对文件名和权限。") from error
    if size <= TRAILER or trailer != MARK + body.digest():
        raise Refused(DAMAGED, where=path.name, advice="请换另一份备份；这一份不要用来恢复。")
    body.update(trailer)
    return body.hexdigest()


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each member, in order. Raises Refused for anything but plain files under plain names."""
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream, \
                tarfile.open(fileobj=stream, mode="r|") as tar:
            for info in tar:
                content = tar.extractfile(info) if info.isreg() else None
                if content is None or not NAME.fullmatch(info.name) or ".." in info.name.split("/"):
                    raise Refused(DAMAGED, where=info.name[:60])
                yield info.name, content
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise Refused(DAMAGED, where=path.name) from error


def unpack(content: IO[bytes], place: Path) -> tuple[str, int]:
    """Write a member to a new file and answer its SHA-256 and size; on return it is on the disk."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            size += len(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
