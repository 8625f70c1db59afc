"""The log: one line of JSON each, whatever is said; libraries say their template only; no message of a fault."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from app.outside import logs

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "演示马小燕640499201103150022"
FORGED = 'x\n{"event": "forged"}\r\n\x1b[2J\u2028'


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Where the log goes while the test runs; afterwards everything is as it was."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    names = (*logs.OWN, *logs.FOREIGN)
    before = (root.handlers[:], root.level, {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level,
                                                    logging.getLogger(name).propagate) for name in names})
    stream = io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    for name, (handlers, level, propagate) in before[2].items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate
    sys.excepthook, threading.excepthook = hooks


def told(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().split("\n") if line]


def test_a_line_of_ours_is_kept_as_it_was_said_with_its_fields(out: io.StringIO) -> None:
    logging.getLogger("app.worker").error("job %s failed", 7)
    logs.logger("fanxiao.request").info("request", status=200, endpoint="cases.show", account=None)
    first, second = told(out)
    assert (first["event"], first["level"], first["logger"]) == ("job 7 failed", "error", "app.worker")
    assert (second["event"], second["status"], second["endpoint"]) == ("request", 200, "cases.show")
    assert first["at"].endswith("Z")


def test_no_line_can_be_forged_and_none_commands_a_terminal(out: io.StringIO) -> None:
    logging.getLogger("app").warning("asked for %s", FORGED)
    logs.logger("fanxiao.request").info(FORGED, endpoint=FORGED)
    text = out.getvalue()
    assert text.isascii()
    assert text.count("\n") == 2
    assert "\x1b" not in text
    assert [each["event"] for each in told(out)] == [f"asked for {FORGED}", FORGED]


@pytest.mark.parametrize("name", ["gunicorn.error", "werkzeug", "huey", "sqlalchemy.engine", "PIL"])
def test_a_library_says_its_template_and_no_value(out: io.StringIO, name: str) -> None:
    logging.getLogger(name).error("error at %s", f"/students?q={SECRET}")
    put_together = f"put together: {SECRET}"
    logging.getLogger(name).error(put_together)
    first, second = told(out)
    assert first["event"] == "error at %s"
    assert second["event"] == ""
    assert second["where"].startswith("test_logs:")
    assert "students" not in out.getvalue()


def test_of_a_fault_the_places_are_told_and_never_the_message(out: io.StringIO) -> None:
    try:
        fall()
    except ValueError as error:
        logging.getLogger("gunicorn.error").exception("Error handling request")
        logging.getLogger("app").exception("fault")
        sys.excepthook(ValueError, error, error.__traceback__)
    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()
    assert [("ValueError" in str(each)) for each in told(out)] == [True] * 4
    assert SECRET not in out.getvalue().encode().decode("unicode_escape")
    assert "640499" not in out.getvalue()


def fall() -> None:
    raise ValueError(SECRET)


def test_long_numbers_are_masked_whoever_says_them(out: io.StringIO) -> None:
    logging.getLogger("app").warning("number %s, telephone %s, digest %s", "64049920110315002X", "13900000001", "a1" * 32)
    said = told(out)[0]["event"]
    assert said == f"number [number], telephone [number], digest {'a1' * 32}"
