"""The store of files: addressed by SHA-256, written whole or not at all, never under a name of a user."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from typing import TYPE_CHECKING

from app.errors import NeedsPerson, NotNow, NotVisible

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = re.compile(r"[0-9a-f]{64}", re.ASCII)
TEMPORARY = ".tmp-"
FULL = {errno.ENOSPC, errno.EDQUOT}


class Vault:
    """Files by content. `root` is made with mode 0700 when it is missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Store `data` and return its address (64 hex digits). On return it is on the disk, not only in the cache.

        Storing the same bytes again only makes them young, so that no sweep takes them for forgotten, and mends a
        damaged copy. Raises NotNow when the disk is full and NeedsPerson when it fails.
        """
        address = hashlib.sha256(data).hexdigest()
        place = self.path(address)
        if not _holds(place, data):
            try:
                place.parent.mkdir(mode=0o700, exist_ok=True)
                _sync(self.root)
            except OSError as error:
                raise _failed(error) from error
            write_whole(place, data)
        return address

    def get(self, address: str) -> bytes:
        """The bytes of `address`. Raises NotVisible when absent and NeedsPerson when the disk altered them."""
        try:
            data = self.path(address).read_bytes()
        except FileNotFoundError:
            raise NotVisible("没有找到这个文件。") from None
        except OSError as error:
            raise NeedsPerson("文件库读取失败。", advice="请管理员检查磁盘。") from error
        if hashlib.sha256(data).hexdigest() != address:
            raise NeedsPerson("文件库中的一个文件已损坏，内容与登记不符。", where=address[:12],
                              advice="请管理员从备份恢复这个文件。")
        return data

    def path(self, address: str) -> Path:
        """Where `address` lies. Raises NotVisible for anything but 64 lower-case hex digits, so no path can escape."""
        if not ADDRESS.fullmatch(address):
            raise NotVisible("没有找到这个文件。")
        return self.root / address[:2] / address


def write_whole(place: Path, data: bytes, mode: int = 0o600) -> None:
    """Write `data` to `place` so that after a crash the old file stands there or the new one, never a part.

    Raises NotNow when the disk is full and NeedsPerson when it fails; then nothing is left behind.
    """
    half = place.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
        _sync(place.parent)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise _failed(error) from error


def _failed(error: OSError) -> NeedsPerson:
    if error.errno in FULL:
        return NotNow("磁盘已满，文件没有写入。", advice="请管理员清理磁盘或扩容，之后会自动继续。")
    return NeedsPerson(f"写入文件失败：{error.strerror or '未知原因'}。", advice="请检查磁盘空间和目录权限后重试。")


def _holds(place: Path, data: bytes) -> bool:
    """Whether exactly `data` lies there; it then is as young as if it had been written now."""
    try:
        same = place.read_bytes() == data
        if same:
            os.utime(place)
    except FileNotFoundError:
        return False
    return same


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
