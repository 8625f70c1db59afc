"""The secret that protects cookies: a file of random bytes, readable by the service alone."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from app.errors import NeedsPerson
from app.outside.vault import write_whole

if TYPE_CHECKING:
    from pathlib import Path

LEAST = 32


def make(path: Path) -> None:
    """Write a fresh secret (64 hexadecimal digits) unless one is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, secrets.token_hex(LEAST).encode())


def read(path: Path) -> str:
    """The secret. Raises NeedsPerson when it is missing or too short to protect anything."""
    try:
        secret = path.read_text("ascii").strip()
    except OSError as error:
        raise NeedsPerson("没有密钥文件，服务没有启动。", where=path.name, advice="请先运行 flask init。") from error
    if len(secret) < LEAST:
        raise NeedsPerson("密钥文件太短。", where=path.name, advice="请删去它再运行 flask init 重新生成。")
    return secret
