"""Style, script and pictures under addresses that carry a hash of their content: browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import abort, send_from_directory, url_for

from app.web.access import PUBLIC, Pages

if TYPE_CHECKING:
    from flask import Response

FOLDER = Path(__file__).resolve().parent.parent / "static"
pages = Pages("assets")


@cache
def version() -> str:
    """Twelve digits of the hash over every file of the folder."""
    whole = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            whole.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


@pages.page("/static/<stamp>/<path:name>", PUBLIC)
def static(stamp: str, name: str) -> Response:
    """A file of the present version; an old stamp is gone."""
    if stamp != version():
        abort(404)
    answer = send_from_directory(FOLDER, name)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def asset(name: str) -> str:
    """Address of a file of app/static."""
    return url_for("assets.static", stamp=version(), name=name)
