"""An instance with a case in it, on a database that waits for the disk; and where that database is for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import POSTGRESQL, Stages
from tests.servers import PostgreSQL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.actions.desk import Desk


@pytest.fixture
def durable(store: str, stages: Stages, tmp_path: Path) -> Iterator[Desk]:
    """SQLite as the product opens it (synchronous=FULL), or a PostgreSQL of its own with Debian's settings."""
    if store != POSTGRESQL:
        desk = stages.copy("opened", tmp_path / "durable")
        yield desk
        stages.remove(desk)
        return
    server = PostgreSQL(hurried=False)
    try:
        desk = Stages(tmp_path / "stages", server).copy("opened", tmp_path / "durable")
        yield desk
        desk.register.close()
    finally:
        server.end()


def place_of(desk: Desk) -> str:
    """The database as sqlite3 and libpq name it."""
    if desk.register.sqlite:
        return desk.register.url.removeprefix("sqlite:///")
    url = desk.register.writer.url
    return f"host={url.query['host']} user={url.username} dbname={url.database}"
