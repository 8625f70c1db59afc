"""A press for the tests of one session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.outside.press import Press, running_press
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    folder: Path = tmp_path_factory.mktemp("instance")
    with running_press(Settings(instance=folder)) as running:
        yield running
