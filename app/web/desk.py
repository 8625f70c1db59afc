"""Where a page finds the desk: everything that actions may reach, opened once for the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.actions.desk import Desk

KEY = "fanxiao_desk"


def lay(app: Flask, opener: Callable[[], Desk]) -> None:
    """Remember how the desk is opened: by the first page, so that commands like init run without one."""
    app.extensions[KEY] = {"opener": opener, "desk": None}


def the_desk() -> Desk:
    """The desk of the running service; for a form that is done once, the desk of that deed."""
    if g.get("deed") is not None:
        return cast("Desk", g.deed)
    held = current_app.extensions[KEY]
    if held["desk"] is None:
        held["desk"] = held["opener"]()
    return cast("Desk", held["desk"])
