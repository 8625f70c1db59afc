"""Whatever is killed, and wherever it was: twenty papers, twenty rows, numbers 1 to 20, and nothing left lying about."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import pytest

from tests.kills.part import PRESS, STEPS, WEB, WORKER
from tests.kills.rounds import count_everything, draw, run_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast

POINTS = 8


@pytest.mark.press
def test_nothing_is_lost_or_doubled_when_worker_press_and_web_are_killed(at_stage: Callable[[str], Cast]) -> None:
    seed = int(os.environ.get("KILL_SEED") or secrets.randbelow(10**6))
    points = draw(seed, POINTS)
    print(f"KILL_SEED={seed}: {points}")  # noqa: T201  (shown when the test fails)
    cast = at_stage("cast")
    count_everything(cast, run_round(cast, points))


def test_a_draw_kills_each_part_and_can_be_drawn_again() -> None:
    for seed in range(50):
        points = draw(seed, POINTS)
        assert points == draw(seed, POINTS)
        assert len({step for step, _ in points}) == POINTS
        assert {STEPS[step][0] for step, _ in points} == {WORKER, PRESS, WEB}
