"""One process at a time for what must not be done twice at once (migration, press)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from app.errors import NeedsPerson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def held(path: Path, seconds: float = 60) -> Iterator[None]:
    """Hold the lock file; wait up to `seconds` for whoever has it. Raises NeedsPerson when it stays taken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=seconds):
            yield
    except Timeout:
        raise NeedsPerson("另一个程序正在做同一件事。", where=path.name, advice="请等它结束后再试。") from None
