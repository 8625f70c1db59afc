"""One line and one count for each request: its id, rule, status, time and account; never path, query, body or name."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from flask import g, request

from app.outside import logs
from app.web import measures

if TYPE_CHECKING:
    from flask import Flask, Response

NOWHERE = "none"
"""Endpoint of an address that no rule fits."""
KNOWN_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
QUIET = {"assets.static", "health.alive", "health.ready", "measures.metrics"}
"""Rules that are counted and not logged: probes and files."""
log = logs.logger("fanxiao.request")


def add_log(app: Flask) -> None:
    """Number each request before anything else is done with it, and tell of it when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The code of this request, for the help desk: it stands in the log, in the answer's header and on error pages."""
    if "request_id" not in g:
        _begin()
    return str(g.request_id)


def _begin() -> None:
    g.request_id = secrets.token_hex(4).upper()
    g.begun = time.monotonic()


def _end(answer: Response) -> Response:
    code = request_id()
    answer.headers["X-Request-Id"] = code
    took = time.monotonic() - g.begun
    endpoint = request.endpoint or NOWHERE
    method = request.method if request.method in KNOWN_METHODS else "other"
    measures.requests.labels(endpoint, method, str(answer.status_code)).inc()
    measures.seconds.labels(endpoint).observe(took)
    if endpoint not in QUIET:
        actor = g.get("actor")
        log.info("request", request_id=code, endpoint=endpoint, method=method, status=answer.status_code,
                 ms=round(took * 1000), account=actor.account_id if actor else None)
    return answer
