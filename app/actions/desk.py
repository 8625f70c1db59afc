"""All that an action may reach, laid on one desk; tests lay other things on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.outside import shipped
from app.outside.clock import Clock
from app.outside.doorbell import Doorbell
from app.outside.keyholder import Keyholder
from app.outside.press import Press
from app.outside.vault import Vault, write_whole
from app.records import workdays
from app.records.database import Register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from app.law.lawbook import Lawbook
    from app.records.database import Db
    from app.settings import Settings


@dataclass(frozen=True)
class Desk:
    """The register, and one thing for each outside part."""

    settings: Settings
    register: Register
    clock: Clock
    vault: Vault
    press: Press
    keyholder: Keyholder
    doorbell: Doorbell

    @contextmanager
    def change(self) -> Iterator[Db]:
        """One transaction; after its commit the workers are rung for the jobs written in it."""
        with self.register.transaction() as db:
            yield db
        self.doorbell.ring(db.jobs)

    def hand_out(self, folder: Path, files: Mapping[str, bytes]) -> list[Path]:
        """Write files to a folder that the caller named on the command line; answers their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            write_whole(folder / name, data)
        return [folder / name for name in files]

    def lawbook(self, db: Db) -> Lawbook:
        """The statutes with the register's own table of working days and vacations."""
        return replace(shipped.lawbook(), days=workdays.load(db), vacations=workdays.load_vacations(db))


def open_desk(settings: Settings, clock: Clock | None = None) -> Desk:
    """Lay out the real things. Makes the instance's folders; starts no program."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Desk(
        settings=settings,
        register=Register(settings.database),
        clock=clock or Clock(settings.timezone),
        vault=Vault(settings.instance / "vault"),
        press=Press(settings.press_socket),
        keyholder=Keyholder(settings.instance / "keys"),
        doorbell=Doorbell(settings.instance, settings.queue_url),
    )
