"""Probes: whether the process lives, and whether it could do its work."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, jsonify

from app.records import jobs, offices
from app.web.access import PUBLIC, Pages
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.actions.desk import Desk

pages = Pages("health")
LONGEST_WAIT = timedelta(minutes=1)


@pages.page("/healthz", PUBLIC)
def alive() -> ResponseReturnValue:
    """The process lives."""
    return jsonify(ok=True)


@pages.page("/readyz", PUBLIC)
def ready() -> ResponseReturnValue:
    """The register answers, the disk takes files, the press speaks, the worker keeps up; else 503 and which fails."""
    desk = the_desk()
    parts: dict[str, bool] = {name: _holds(check, desk) for name, check in CHECKS.items()}
    return jsonify(ok=all(parts.values()), parts=parts), 200 if all(parts.values()) else 503


def _holds(check: Callable[[Desk], Any], desk: Desk) -> bool:
    try:
        return bool(check(desk))
    except Exception as error:  # noqa: BLE001  (a probe answers whatever went wrong)
        current_app.logger.error("probe: %s", type(error).__name__)  # noqa: TRY400  (never the message)
        return False


def _register(desk: Desk) -> bool:
    with desk.register.reading() as db:
        return offices.count(db) > 0


def _disk(desk: Desk) -> bool:
    return os.access(desk.settings.instance, os.W_OK)


def _press(desk: Desk) -> bool:
    return desk.press.alive()


def _queue(desk: Desk) -> bool:
    """No job is due for more than a minute: a worker is there and keeps up."""
    with desk.register.reading() as db:
        return not jobs.due(db, desk.clock.now() - LONGEST_WAIT)


CHECKS: dict[str, Callable[[Desk], bool]] = {
    "database": _register, "disk": _disk, "converter": _press, "queue": _queue}
