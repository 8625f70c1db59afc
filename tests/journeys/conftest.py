"""One running service and one browser for all journeys of a worker."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.official import Notes
from tests.journeys.running import Service, running_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

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


@pytest.fixture
def notes(tmp_path: Path, request: pytest.FixtureRequest) -> Notes:
    """Pictures go to FANXIAO_SHOTS, else to the test's own folder."""
    folder = Path(os.environ.get("FANXIAO_SHOTS") or tmp_path) / request.node.name
    folder.mkdir(parents=True, exist_ok=True)
    return Notes(folder)
