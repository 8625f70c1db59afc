"""The files that git keeps, or would keep: what checks of the whole tree look at."""

from __future__ import annotations

import subprocess  # noqa: TID251 - a script of the checks, not of the service
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def kept_files(root: Path = ROOT) -> list[Path]:
    """Tracked files and new ones that are not ignored, sorted. Raises CalledProcessError outside git."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=root, check=True, capture_output=True,
    ).stdout.decode()
    return sorted(root / name for name in listed.split("\0") if name and (root / name).is_file())


def text_of(path: Path) -> str | None:
    """The text of a file; None for a binary one (a zero byte, or not UTF-8)."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
