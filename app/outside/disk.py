"""How much room the disk still has, and below which no new file is begun."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1 << 20
WARN_BYTES = 2048 * MEGABYTE
FLOOR_BYTES = 256 * MEGABYTE
"""Below this the worker lets its jobs wait: the room that is left is the register's, for what officials still type."""


def free(folder: Path) -> int:
    """Bytes that we may still write where `folder` lies."""
    return shutil.disk_usage(folder).free


def low(folder: Path) -> bool:
    return free(folder) < FLOOR_BYTES
