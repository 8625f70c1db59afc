"""返校: the paper service of 依法控辍. `create_app` opens the doors of one installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.actions.desk import Desk
    from app.settings import Settings


def create_app(settings: Settings | None = None, desk: Desk | None = None) -> Flask:
    """The web application with the command line. `desk` is laid out by tests; otherwise the real one is opened."""
    from app.cli import add_commands  # noqa: PLC0415  (press and worker import this package: no door opens another)
    from app.web.application import build  # noqa: PLC0415  (as above)

    app = build(settings, desk)
    add_commands(app)
    return app
