"""One running service and one browser for all journeys of a worker."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import SQLITE
from tests.journeys.official import Notes
from tests.journeys.running import Service, running_service
from tests.people import Cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from app.actions.desk import Desk
    from tests.conftest import Stages

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Debian's chromium is not installed: run `make setup-dev`")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def at_stage_module(stages_of: Callable[[str], Stages],
                    tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Cast]]:
    """As `at_stage`, for whoever looks at many pages of one instance."""
    laid: list[Desk] = []

    def at(stage: str) -> Cast:
        laid.append(stages_of(SQLITE).copy(stage, tmp_path_factory.mktemp("looked-at") / "instance"))
        return Cast(laid[-1])

    yield at
    for desk in laid:
        desk.register.close()


@pytest.fixture
def notes(tmp_path: Path, request: pytest.FixtureRequest) -> Notes:
    """Pictures go to FANXIAO_SHOTS, else to the test's own folder."""
    folder = Path(os.environ.get("FANXIAO_SHOTS") or tmp_path) / request.node.name
    folder.mkdir(parents=True, exist_ok=True)
    return Notes(folder)
