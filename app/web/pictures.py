"""Pages as pictures and files as answers."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response, send_file

from app.errors import NotVisible
from app.web.desk import the_desk

if TYPE_CHECKING:
    from app.outside.press import Press
    from app.outside.vault import Vault

KEPT_FILES = 24
"""Files whose pictures stay in memory: an approver leafs through one, then the next."""
PDF = "application/pdf"


def picture(sha: str | None, number: int) -> Response:
    """Page `number` (from 1) of a stored PDF as PNG."""
    if not sha:
        raise NotVisible
    desk = the_desk()
    found = _pages(desk.vault, desk.press, sha)
    if not 1 <= number <= len(found):
        raise NotVisible
    return Response(found[number - 1], mimetype="image/png")


@lru_cache(maxsize=KEPT_FILES)
def _pages(vault: Vault, press: Press, sha: str) -> tuple[bytes, ...]:
    return tuple(press.pages(vault.get(sha)))


def file(sha: str | None, name: str, mimetype: str = PDF, *, download: bool = False) -> Response:
    """A stored file, to look at or to keep, under the name that people expect."""
    if not sha:
        raise NotVisible
    answer = send_file(io.BytesIO(the_desk().vault.get(sha)), mimetype=mimetype, as_attachment=download,
                       download_name=name, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
