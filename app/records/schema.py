"""The register's schema: only `flask init` migrates it, locked and after a backup; the doors refuse a wrong head."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.errors import Refused
from app.records.tables import metadata

if TYPE_CHECKING:
    from app.records.database import Register

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"
__all__ = ["behind", "metadata", "require_head", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def head() -> str:
    """The revision that this version of the programme works with."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None  # noqa: S101  (the folder ships with the code)
    return found


def present(register: Register) -> str | None:
    """The revision of the register, None for an empty one."""
    with register.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def behind(register: Register) -> bool:
    return present(register) != head()


def require_head(register: Register) -> None:
    """Raises Refused when the register is not of this version."""
    if behind(register):
        raise Refused("登记库的版本与程序不一致，服务没有启动。", where=present(register) or "空库",
                      advice="请先运行 flask init（会先自动备份）。")


def upgrade(register: Register, backup_to: Path | None) -> bool:
    """Bring the register to the head; answers whether anything was done. One at a time, on however many machines.

    The caller holds the lock of its machine. A non-empty SQLite register is copied to `backup_to` first: migrations go
    up only, the way back is the backup. PostgreSQL is backed up by whoever runs it, before (deploy/README.md).
    """
    with register.alone() as connection:
        if not behind(register):
            return False
        if register.sqlite and backup_to is not None and present(register) is not None:
            _copy(Path(register.url.removeprefix("sqlite:///")), backup_to)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
