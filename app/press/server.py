"""`flask press`: serves the unix socket. One thread a question; the work is in jobs.py."""

from __future__ import annotations

import logging
import os
import signal
import socket
import socketserver
import threading
from typing import IO, TYPE_CHECKING, Any, cast

from app.errors import FanxiaoError, Refused
from app.outside import frames
from app.outside.faults import frames_of
from app.press.jobs import Jobs
from app.press.telling import tell

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Settings

log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve the press of this installation until SIGTERM or SIGINT. Raises Refused when one is running already."""
    settings.press_socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    serve_at(settings.press_socket, settings.soffice_pool)


def serve_at(path: Path, cells: int) -> None:
    """As `serve`, at any socket and with so many cells."""
    _clear(path)
    jobs = Jobs(cells)
    if jobs.pool.obstacle:
        log.warning("%s", jobs.pool.obstacle)
    before = os.umask(0o177)
    try:
        server = _Server(str(path), _Handler)
    finally:
        os.umask(before)
    server.jobs = jobs
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: threading.Thread(target=server.shutdown).start())
    threading.Thread(target=jobs.warm, daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
        jobs.close()
        path.unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Remove the socket of a press that is dead."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            path.unlink()
            return
    raise Refused("打印服务已经在运行。", advice="不必再启动一个。")


class _Server(socketserver.ThreadingUnixStreamServer):
    """Threads that do not keep the process when it is told to end."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    jobs: Jobs


class _Handler(socketserver.StreamRequestHandler):
    """One question, one answer."""

    def handle(self) -> None:
        jobs = cast("_Server", self.server).jobs
        try:
            asked = frames.receive(cast("IO[bytes]", self.rfile))
            if asked is None:
                return
            head, blobs = _answer(jobs, *asked)
            with self.connection.makefile("wb") as stream:
                frames.send(stream, head, blobs)
        except OSError as error:
            log.warning("press: line lost: %s", type(error).__name__)


def _answer(jobs: Jobs, head: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """What the question deserves; a failure is an answer too, so that one question never ends the press."""
    try:
        answer, out = jobs.do(head, blobs)
    except FanxiaoError as error:
        return tell(error), []
    except Exception as error:  # noqa: BLE001  (the boundary: whatever it was is logged and told as a failure)
        log.error("press: question failed: %s", frames_of(error))  # noqa: TRY400  (never the message)
        return {"ok": False, "kind": "person", "what": "打印服务内部出错。", "where": "",
                "advice": "请把时间告诉管理员，查看打印服务的日志。", "problems": []}, []
    return {"ok": True, **answer}, out
