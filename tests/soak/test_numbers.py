"""The torture of the numbers at length: 200,000 of them, or as many as SOAK_NUMBERS says, on each database."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from tests.numbers.durable import durable, place_of
from tests.numbers.running import read_back, torture

if TYPE_CHECKING:
    from pathlib import Path

    from app.actions.desk import Desk

__all__ = ["durable"]
TOTAL = int(os.environ.get("SOAK_NUMBERS") or 200_000)


def test_numbers_at_length(durable: Desk, tmp_path: Path) -> None:
    seed = secrets.token_hex(4)
    done = torture(durable, TOTAL, seed, tmp_path / "told")
    print(f"{durable.register.version()}: {TOTAL} numbers, seed {seed}, {done}")  # noqa: T201  (for the protocol)
    told = read_back(place_of(durable), TOTAL, tmp_path / "told")
    assert told.returncode == 0, told.stdout + told.stderr
