"""Kills at length: sixty deaths on each database, or as many as SOAK_KILLS says, eight in each round of twenty papers."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import pytest

from tests.kills.rounds import count_everything, draw, run_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast

DEATHS = int(os.environ.get("SOAK_KILLS") or 60)
EACH = 8


@pytest.mark.press
def test_nothing_is_lost_or_doubled_at_length(at_stage: Callable[[str], Cast]) -> None:
    seed, died = int(os.environ.get("KILL_SEED") or secrets.randbelow(10**6)), 0
    while died < DEATHS:
        points = draw(seed, EACH)
        print(f"KILL_SEED={seed}: {points}")  # noqa: T201  (for the protocol)
        cast = at_stage("cast")
        done = run_round(cast, points)
        count_everything(cast, done)
        died, seed = died + len(done.hit), seed + 1
