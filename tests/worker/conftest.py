"""Every test of the worker is run with the embedded queue and with a real Redis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.outside.doorbell import Doorbell
from tests.conftest import tell
from tests.people import Cast

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def at_stage(at_stage: Callable[[str], Cast], queue_url: str) -> Callable[[str], Cast]:
    """As everywhere, and rung for by that queue, also for the programs that are started on the instance."""
    def at(stage: str) -> Cast:
        desk = at_stage(stage).desk
        folder = desk.settings.instance
        tell(folder, **{name: value for name, value in (
            ("database_url", desk.settings.database_url), ("queue_url", queue_url)) if value})
        return Cast(replace(desk, doorbell=Doorbell(folder, queue_url)))

    return at
