"""The arrows between the rooms go down only, and the contracts notice when one does not."""

from __future__ import annotations

import shutil
import subprocess  # noqa: TID251 - the contracts are checked by a program
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

PLANTED = {
    "law/planted.py": "import flask\n",
    "papers/planted.py": "import app.records\n",
    "records/planted.py": "import app.actions\n",
    "actions/planted.py": "import sqlalchemy\n",
    "forms/planted.py": "import app.actions\n",
    "press/planted.py": "import app.records\n",
    "worker/planted.py": "import app.press\n",
}
BREAKS = {
    "law/planted.py": "Law knows no framework",
    "papers/planted.py": "Arrows go down only",
    "records/planted.py": "Arrows go down only",
    "actions/planted.py": "SQL stays in records",
    "forms/planted.py": "Forms never reach the register",
    "press/planted.py": "The press holds no register",
    "worker/planted.py": "Arrows go down only",
}


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def bare_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms without their furniture, so that only what is planted can break a contract."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for room in (ROOT / "app").iterdir():
        if (room / "__init__.py").exists():
            (folder / "app" / room.name).mkdir(parents=True)
            (folder / "app" / room.name / "__init__.py").write_text("")
    for part in ("cli", "web"):
        (folder / "app" / part).mkdir(exist_ok=True)
        (folder / "app" / part / "__init__.py").write_text("")
    (folder / "app" / "__init__.py").write_text("")
    for file in ("errors.py", "settings.py"):
        (folder / "app" / file).write_text("")
    return folder


def test_the_contracts_hold() -> None:
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout


def test_bare_rooms_keep_the_contracts(bare_tree: Path) -> None:
    done = contracts(bare_tree)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_import_breaks_its_contract(bare_tree: Path, place: str) -> None:
    planted = bare_tree / "app" / place
    planted.write_text(PLANTED[place])
    try:
        done = contracts(bare_tree)
    finally:
        planted.unlink()
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert done.returncode == 1, done.stdout
    assert any(BREAKS[place] in line for line in broken), done.stdout
