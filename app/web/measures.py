"""/metrics: how the service does, in figures; ids, rules and states, never a path, a name or an address.

Counts of requests live in this process; the service has one web process. The rest is read when it is asked for.
"""

from __future__ import annotations

import hmac
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from app.errors import NotVisible
from app.outside.faults import frames_of
from app.records import sizes
from app.web.access import PUBLIC, Pages
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.actions.desk import Desk

pages = Pages("measures")
LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""A proxy stands between: the loopback is then the proxy's, not the asker's."""
STATES = ("waiting", "running", "failed", "done", "dropped")
VAULT_SECONDS = 600.0
LAST_BACKUP = "backups/last"

registry = CollectorRegistry()
requests = Counter("fanxiao_requests", "Answers by rule, method and status", ("endpoint", "method", "status"),
                   registry=registry)
seconds = Histogram("fanxiao_request_seconds", "Time to an answer by rule", ("endpoint",), registry=registry,
                    buckets=(.01, .03, .1, .3, 1, 3, 10, 30))
looks_lost = Counter("fanxiao_looks_lost", "Looks at a child that could not be written down", registry=registry)
_measured: dict[Path, tuple[float, int]] = {}


@pages.page("/metrics", PUBLIC)
def metrics() -> Response:
    """For Prometheus on this machine, or with the token of the settings; for everybody else there is no such page."""
    if not _admitted():
        raise NotVisible
    live = _live(the_desk())
    return Response(generate_latest(registry) + generate_latest(live), content_type=CONTENT_TYPE_LATEST)


def _admitted() -> bool:
    token = the_desk().settings.metrics_token
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    return request.remote_addr in LOOPBACK and not any(name in request.headers for name in FORWARDED)


def _live(desk: Desk) -> CollectorRegistry:
    found = CollectorRegistry()
    now = desk.clock.now()

    def gauge(name: str, words: str, value: Callable[[], float]) -> None:
        Gauge(f"fanxiao_{name}", words, registry=found).set(_asked(name, value))

    with desk.register.reading() as db:
        work, failures = sizes.work(db), sizes.failed_sign_ins(db, now - timedelta(days=1))
    by_state = Gauge("fanxiao_jobs", "Jobs by state", ("state",), registry=found)
    for state in STATES:
        by_state.labels(state).set(work.by_state.get(state, 0))
    gauge("oldest_job_seconds", "Age of the oldest job that is not done",
          lambda: (now - work.oldest).total_seconds() if work.oldest else 0.0)
    gauge("failed_sign_ins_day", "Failed sign-ins in a row, remembered for a day", lambda: failures)
    gauge("press_up", "1 when the press answers", desk.press.alive)
    gauge("register_bytes", "Size of the register", lambda: sizes.register_bytes(desk.register))
    gauge("vault_bytes", "Size of the store of files, looked at every ten minutes", lambda: vault_bytes(desk))
    gauge("backup_age_seconds", "Time since the last backup; NaN when there was none",
          lambda: (now - made).total_seconds() if (made := last_backup(desk)) else float("nan"))
    return found


def _asked(name: str, value: Callable[[], float]) -> float:
    """The figure, or NaN when it cannot be had: one part that fails hides no other."""
    try:
        return float(value())
    except Exception as error:  # noqa: BLE001  (whatever it is, the log says it and the figure is missing)
        current_app.logger.error("measure %s: %s", name, frames_of(error))  # noqa: TRY400  (never the message)
        return float("nan")


def last_backup(desk: Desk) -> datetime | None:
    """When the last backup was made, None when never."""
    path = desk.settings.instance / LAST_BACKUP
    return datetime.fromisoformat(path.read_text("utf-8").strip()) if path.exists() else None


def vault_bytes(desk: Desk) -> int:
    """Size of all files of the store; walking a large one takes a while, so the figure is kept for some minutes."""
    root = desk.vault.root
    at, size = _measured.get(root, (-VAULT_SECONDS, 0))
    if time.monotonic() - at >= VAULT_SECONDS:
        size = sum(each.stat().st_size for each in root.rglob("*") if each.is_file())
        _measured[root] = (time.monotonic(), size)
    return size
