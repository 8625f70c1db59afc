"""What every test may ask for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from app.actions import set_up
from app.actions.desk import Desk, open_desk
from app.outside import passwords
from app.outside.press import running_press
from app.settings import Settings
from tests.fake_press import FakePress
from tests.people import STAGES, Cast, StillClock, make_offices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.outside.press import Press


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty instance folder for a whole run of one worker."""
    return tmp_path_factory.mktemp("instance")


def lay(folder: Path, stage: str, press: Press | None = None) -> Desk:
    """A desk on `folder` whose clock stands at the stage's moment; without a press, one that prints at once."""
    return replace(open_desk(Settings(instance=folder), StillClock(STAGES[stage])), press=press or FakePress())


class Stages:
    """Instances at each stage of the thread, made once for a run and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def copy(self, stage: str, to: Path) -> Desk:
        shutil.copytree(self._made(stage), to)
        return lay(to, stage)

    def _made(self, stage: str) -> Path:
        place = self.folder / stage
        if place.exists():
            return place
        half = self.folder / f"{stage}.half"
        names = list(STAGES)
        if stage == names[0]:
            desk = lay(half, stage)
            set_up.set_up(desk)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
                make_offices(desk)
        else:
            desk = self.copy(names[names.index(stage) - 1], half)
            Cast(desk).go_on(stage)
        desk.register.close()
        return half.rename(place)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def at_stage(stages: Stages, tmp_path: Path) -> Iterator[Callable[[str], Cast]]:
    """`at_stage("ordered")`: everybody where the thread has come to, with an instance of their own."""
    laid: list[Desk] = []

    def at(stage: str) -> Cast:
        desk = stages.copy(stage, tmp_path / f"instance{len(laid)}")
        laid.append(desk)
        return Cast(desk)

    yield at
    for desk in laid:
        desk.register.close()


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    """Everybody, and no pupil yet."""
    return at_stage("cast")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """A desk with the offices and accounts of the cast."""
    return cast.desk


@pytest.fixture(scope="session")
def real_press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """One real press for the tests marked `press` of one worker."""
    with running_press(Settings(instance=tmp_path_factory.mktemp("press"))) as press:
        yield press
