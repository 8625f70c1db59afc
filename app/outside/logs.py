"""The log: JSON Lines on stderr, one place for all processes; ids and places, never names, numbers or what was typed.

A line of ours is kept as it is said; of a library's line only its template, because its arguments and whatever it
formatted itself may hold an address with a query, a header or a value. Each line is ASCII, so that none can be forged
and no terminal obeys it. Faults are told by their frames (`faults.frames_of`).
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from typing import TYPE_CHECKING, Any, cast

import structlog

from app.outside.faults import frames_of

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from types import TracebackType
    from typing import TextIO

    from structlog.typing import EventDict, Processor

OWN = ("app", "fanxiao")
"""First part of the names of our loggers."""
FOREIGN = ("gunicorn.error", "gunicorn.access", "huey", "werkzeug")
"""Loggers that libraries give handlers of their own."""
LONG_NUMBER = re.compile(r"(?<![0-9A-Fa-f])\d{11,}[Xx]?(?![0-9A-Fa-f])")
"""The last wall: numbers as long as those of people and telephones; digests and request ids are hexadecimal."""


def set_up(stream: TextIO | None = None) -> None:
    """Let every logger of this process speak through the one handler."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in FOREIGN:
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    sys.excepthook = _fallen
    threading.excepthook = _thread_fallen


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for lines with fields: `logger("fanxiao.request").info("request", status=200)`."""
    return cast("structlog.stdlib.BoundLogger", structlog.wrap_logger(
        logging.getLogger(name), wrapper_class=structlog.stdlib.BoundLogger,
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]))


def _formatter() -> structlog.stdlib.ProcessorFormatter:
    chain: list[Processor] = [
        _say, _fault, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.stdlib.ProcessorFormatter.remove_processors_meta, _mask,
        structlog.processors.JSONRenderer(sort_keys=True)]
    return structlog.stdlib.ProcessorFormatter(processors=chain, use_get_message=False, pass_foreign_args=True,
                                               keep_exc_info=True)


def _say(_logger: object, _method: str, event: EventDict) -> EventDict:
    arguments = event.pop("positional_args", ())
    record: logging.LogRecord = event["_record"]
    if event["_from_structlog"]:
        return event
    if record.name.partition(".")[0] in OWN:
        event["event"] = _formatted(str(event["event"]), arguments)
    elif not arguments:
        event["event"] = ""  # the library put it together itself: nobody knows of what
    if not event["event"]:
        event["where"] = f"{record.module}:{record.lineno}"
    return event


def _formatted(template: str, arguments: tuple[Any, ...] | Mapping[str, object]) -> str:
    try:
        return template % arguments if arguments else template
    except (TypeError, ValueError):
        return template


def _fault(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The frames in the place of a traceback, whose last line would be the message."""
    told = event.pop("exc_info", None)
    event.pop("stack_info", None)
    record: logging.LogRecord = event["_record"]
    record.exc_info = record.exc_text = record.stack_info = None
    if isinstance(told, tuple) and isinstance(told[1], BaseException):
        event["fault"] = frames_of(told[1])
    return event


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: LONG_NUMBER.sub("[number]", value) if isinstance(value, str) else value
            for key, value in event.items()}


def _fallen(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("app").critical("process fell: %s", frames_of(error))


def _thread_fallen(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        logging.getLogger("app").critical("thread fell: %s", frames_of(told.exc_value))
