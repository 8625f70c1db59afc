"""Where a page finds the desk: everything that actions may reach, opened once for the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.actions.desk import Desk

KEY = "fanxiao_desk"


def lay(app: Flask, opener: Callable[[], Desk]) -> None:
    """Remember how the desk is opened: by the first page, so that commands like init run without one."""
    app.extensions[KEY] = {"opener": opener, "desk": None}


def the_desk() -> Desk:
    """The desk of the running service."""
    held = current_app.extensions[KEY]
    if held["desk"] is None:
        held["desk"] = held["opener"]()
    return cast("Desk", held["desk"])
