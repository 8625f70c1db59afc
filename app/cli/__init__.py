"""The command line: a promise to users and to whoever scripts the service (`flask --help`, in Chinese)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli import backup, law, service
from app.cli.audit import audit
from app.cli.calendar import calendar
from app.cli.packet import packet_group
from app.cli.papers import papers_group

if TYPE_CHECKING:
    from flask import Flask


def add_commands(app: Flask) -> None:
    """Hang all commands on Flask's own command line."""
    law.lawbook_source.ask = service.lawbook
    for command in (law.law_group, papers_group, packet_group, calendar, audit, *service.COMMANDS, *backup.COMMANDS):
        app.cli.add_command(command)
