"""Which process is started how; the processes themselves are the doors press, worker and web."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.actions import set_up
from app.actions.desk import open_desk
from app.outside import secret
from app.outside.processes import Part, become, python, supervise

if TYPE_CHECKING:
    from app.settings import Settings

THREADS = 8
TIMEOUT = 120


def become_press(settings: Settings) -> None:
    settings.press_socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    become(_press(settings))


def become_web(settings: Settings) -> None:
    set_up.require_ready(open_desk(settings))
    secret.read(settings.secret_path)
    become(_web(settings))


def work(settings: Settings, workers: int | None) -> None:
    become(_worker(workers or settings.workers))


def serve(settings: Settings) -> None:
    """Press, worker and web on one machine, until Ctrl-C."""
    set_up.require_ready(open_desk(settings))
    secret.read(settings.secret_path)
    settings.press_socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    supervise((Part("打印服务", _press(settings)), Part("后台制作", _worker(settings.workers)),
               Part("网页服务", _web(settings))), say=lambda line: click.echo(line, err=True))


def _press(settings: Settings) -> tuple[str, ...]:
    return python("-m", "app.press", str(settings.press_socket), str(settings.soffice_pool))


def _worker(workers: int) -> tuple[str, ...]:
    return python("-m", "app.worker", str(workers))


def _web(settings: Settings) -> tuple[str, ...]:
    return python("-m", "gunicorn", "wsgi:app", "--bind", f"{settings.host}:{settings.port}", "--workers", "1",
                  "--threads", str(THREADS), "--worker-class", "gthread", "--timeout", str(TIMEOUT),
                  "--log-level", "warning", "--no-control-socket")
