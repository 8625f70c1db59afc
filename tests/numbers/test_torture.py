"""Promise 1 under fire: processes that race, roll back and are killed; read back by a program that is not ours."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.numbers.durable import place_of
from tests.numbers.read_back import wrongs
from tests.numbers.running import read_back, torture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.actions.desk import Desk
    from tests.people import Cast

TOTAL = 8000
FEW = 200
TURNED = "UPDATE audit SET digest = substr(digest, 33) || substr(digest, 1, 32) WHERE id = 20"
"""Done twice it changes nothing."""


def test_eight_processes_under_kill_take_each_number_once_and_skip_none(
        durable: Desk, tmp_path: Path) -> None:
    seed = secrets.token_hex(4)
    done = torture(durable, TOTAL, seed, tmp_path / "told")
    print(f"{durable.register.version()}: {TOTAL} numbers, seed {seed}, {done}")  # noqa: T201  (seed of a failure)
    assert done["killed"] >= 3
    told = read_back(place_of(durable), TOTAL, tmp_path / "told")
    assert told.returncode == 0, told.stdout + told.stderr


FAULTS = (
    ("UPDATE papers SET seq = 900 WHERE seq = 100", "UPDATE papers SET seq = 100 WHERE seq = 900", "missing [100]"),
    ("UPDATE papers SET year = 2027 WHERE seq = 7", "UPDATE papers SET year = 2026 WHERE seq = 7", "missing [7]"),
    ("UPDATE counters SET next = next + 1", "UPDATE counters SET next = next - 1", "the counter says"),
    ("UPDATE audit SET id = -1 WHERE id = 20", "UPDATE audit SET id = 20 WHERE id = -1", "audit lines have a gap"),
    (TURNED, TURNED, "does not follow"),
)


def test_every_planted_fault_is_read_back(at_stage: Callable[[str], Cast], tmp_path: Path) -> None:
    """Each is mended before the next is planted."""
    cast = at_stage("opened")
    place, told = place_of(cast.desk), tmp_path / "told"
    torture(cast.desk, FEW, "planted", told)
    assert read_back(place, FEW, told).returncode == 0
    for fault, mended, words in FAULTS:
        for statement, expected in ((fault, words), (mended, "")):
            with cast.desk.register.writer.begin() as connection:
                connection.exec_driver_sql(statement)
            found = "; ".join(wrongs(place, FEW, told))
            assert words in found if expected else found == ""
    (told / "x.told").write_text("201\n")
    asked = read_back(place, FEW, told)
    assert (asked.returncode, "told and are not there" in asked.stdout) == (1, True)
