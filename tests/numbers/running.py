"""The torture of the numbers as a test runs it: processes that take, and one that reads back and knows nothing of us."""

from __future__ import annotations

import json
import subprocess  # noqa: TID251  (the promise is about processes)
import sys
from typing import TYPE_CHECKING, Any

from scripts.kept import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from app.actions.desk import Desk


def torture(desk: Desk, total: int, seed: str, folder: Path) -> dict[str, Any]:
    """Let eight processes take `total` numbers; answers how many were killed and how long it took."""
    folder.mkdir()
    argv = [sys.executable, "-m", "tests.numbers.torture", desk.settings.database, str(total), seed, str(folder)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["failed"] == 0, done.stderr
    return told


def read_back(place: str, total: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the database says, asked by another process without our code."""
    return subprocess.run([sys.executable, "-I", str(ROOT / "tests/numbers/read_back.py"), place, str(total),
                           str(folder)], cwd=folder, capture_output=True, text=True, check=False)
