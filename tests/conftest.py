"""What every test may ask for."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from app.actions import set_up
from app.actions.desk import Desk, open_desk
from app.outside import passwords
from app.outside.press import running_press
from app.settings import Settings, load_settings
from tests.fake_press import FakePress
from tests.people import STAGES, Cast, StillClock, make_offices
from tests.servers import PostgreSQL, Redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.outside.press import Press

collect_ignore = [] if os.environ.get("SOAK_MINUTES") else ["soak"]
"""What takes hours is run by `make soak` alone."""
HERE = Path(__file__).resolve().parent
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ON_BOTH = ("actions", "backup", "migrations", "numbers", "records", "soak")
"""Rooms whose tests run on both databases; elsewhere a register is SQLite unless the module says BOTH_DATABASES."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    room = metafunc.definition.path.relative_to(HERE).parts[0]
    both = room in ON_BOTH or getattr(metafunc.module, "BOTH_DATABASES", False)
    if both and _asked(metafunc, "store"):
        metafunc.parametrize("store", [SQLITE, POSTGRESQL], indirect=True, scope="session")
    if _asked(metafunc, "queue_url"):
        metafunc.parametrize("queue_url", ["embedded", "redis"], indirect=True)


def _asked(metafunc: pytest.Metafunc, fixture: str) -> bool:
    """Whether a test needs it and has not chosen itself."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    return fixture in metafunc.fixturenames and fixture not in chosen


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> str:
    """Which database the test's registers live in: `sqlite` or `postgresql`."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One PostgreSQL for all tests of a worker."""
    server = PostgreSQL()
    yield server
    server.end()


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis that a test may kill."""
    server = Redis()
    yield server
    server.end()


@pytest.fixture
def queue_url(request: pytest.FixtureRequest) -> str:
    """The setting of that name: the embedded queue, then a Redis of the test's own."""
    return "" if request.param == "embedded" else str(request.getfixturevalue("redis").url)


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty instance folder for a whole run of one worker."""
    return tmp_path_factory.mktemp("instance")


def lay(folder: Path, stage: str, press: Press | None = None) -> Desk:
    """A desk on `folder` whose clock stands at the stage's moment; without a press, one that prints at once."""
    settings = load_settings(folder, {"FANXIAO_SECOND_FACTOR": "offered"})
    return replace(open_desk(settings, StillClock(STAGES[stage])), press=press or FakePress())


def tell(folder: Path, **settings: str) -> None:
    """Write an instance's settings, for its desk and for the programs that are started on it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
    (folder / "settings.toml").write_text(lines, "utf-8")


class Stages:
    """Instances at each stage of the thread, made once for a run and copied for each test.

    With a server, each has a database of its own there, a copy of the stage's.
    """

    def __init__(self, folder: Path, server: PostgreSQL | None = None) -> None:
        self.folder = folder
        self.server = server

    def empty(self, to: Path) -> Desk:
        """An instance on which nothing was done, not even `flask init`."""
        if self.server:
            tell(to, database_url=self.server.url(self.server.create()))
        return lay(to, "cast")

    def copy(self, stage: str, to: Path) -> Desk:
        made = self._made(stage)
        shutil.copytree(made, to)
        if self.server:
            tell(to, database_url=self.server.url(self.server.create(_database(made))))
        return lay(to, stage)

    def remove(self, desk: Desk) -> None:
        """Close the register; its files go with the test's folder."""
        desk.register.close()
        if self.server:
            self.server.drop(_database(desk.settings.instance))

    def _made(self, stage: str) -> Path:
        place = self.folder / stage
        if place.exists():
            return place
        half = self.folder / f"{stage}.half"
        shutil.rmtree(half, ignore_errors=True)
        names = list(STAGES)
        if stage == names[0]:
            desk = self.empty(half)
            set_up.set_up(desk)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
                make_offices(desk)
        else:
            desk = self.copy(names[names.index(stage) - 1], half)
            Cast(desk).go_on(stage)
        desk.register.close()
        return half.rename(place)


def _database(instance: Path) -> str:
    """Name of the database that an instance's settings lead to."""
    return load_settings(instance, {}).database_url.partition("@/")[2].partition("?")[0]


@pytest.fixture(scope="session")
def stages_of(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Stages]:
    """The stages in a database, made when they are first asked for and kept while tests go from one to the other."""
    return cache(lambda store: Stages(tmp_path_factory.mktemp(f"stages-{store}"), request.getfixturevalue(store)
                                      if store == POSTGRESQL else None))


@pytest.fixture(scope="session")
def stages(store: str, stages_of: Callable[[str], Stages]) -> Stages:
    return stages_of(store)


@pytest.fixture
def empty(stages: Stages, tmp_path: Path) -> Iterator[Desk]:
    """An instance before `flask init`."""
    desk = stages.empty(tmp_path / "empty")
    yield desk
    stages.remove(desk)


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
        stages.remove(desk)


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
