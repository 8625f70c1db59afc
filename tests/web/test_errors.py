"""The one page for what ends badly, and the headers of every answer."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import NeedsPerson
from app.records import jobs
from app.web import home
from app.web.headers import POLICY
from app.web.limits import MAX_UPLOAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

SECRET = "演示秘密640499201103150022"


def fail(error: Exception) -> Callable[..., Any]:
    def failing(*_: object, **__: object) -> None:
        raise error

    return failing


def test_a_fault_shows_a_code_and_no_trace_and_logs_no_message(
    browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    browser = browse("clerk")
    monkeypatch.setattr(home.cases, "open_cases", fail(ValueError(SECRET)))
    with caplog.at_level(logging.DEBUG):
        answer = browser.get("/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    for word in ("Traceback", "ValueError", SECRET, ".py"):
        assert word not in answer.text
    assert SECRET not in caplog.text
    assert "ValueError" in caplog.text
    code = answer.text.split('<dt>代码</dt><dd><span class="mono">')[1].split("<")[0]
    assert code == answer.headers["X-Request-Id"]
    assert code in caplog.text


def test_an_outside_part_that_failed_says_what_to_do(
    browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = browse("clerk")
    monkeypatch.setattr(home.cases, "open_cases", fail(NeedsPerson("打印服务没有应答。", advice="请管理员查看。")))
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "打印服务没有应答。" in answer.text
    assert "请管理员查看。" in answer.text


def test_a_body_that_is_too_large_is_refused_in_words(browse: Callable[..., Browser]) -> None:
    browser = browse()
    answer = browser.client.post("/verify", data=b"x" * (MAX_UPLOAD + 1),
                                 content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "20 MB" in answer.text


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nothing", "/verify/FX", "/healthz", "/readyz"])
def test_every_answer_carries_the_headers(browse: Callable[..., Browser], address: str) -> None:
    headers = browse().get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in POLICY
    assert "frame-ancestors 'none'" in POLICY


def test_the_process_says_that_it_lives_and_which_part_is_missing(browse: Callable[..., Browser]) -> None:
    assert browse().get("/healthz").json == {"ok": True}
    answer = browse().get("/readyz")
    assert answer.json is not None
    assert answer.json["parts"]["database"] is True
    assert (answer.status_code == 200) == all(answer.json["parts"].values())


def test_work_that_nobody_takes_and_a_press_that_is_silent_are_told(
    browse: Callable[..., Browser], cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    def parts() -> dict[str, bool]:
        answer = browse().get("/readyz")
        assert answer.json is not None
        assert answer.status_code == (200 if all(answer.json["parts"].values()) else 503)
        return dict(answer.json["parts"])

    assert parts() == {"database": True, "disk": True, "converter": True, "queue": True}
    with cast.desk.register.transaction() as db:
        jobs.add(db, "planted", 1, cast.clock.now())
    assert parts()["queue"]
    cast.clock.move_to(cast.clock.now() + timedelta(seconds=61))
    assert not parts()["queue"]
    monkeypatch.setattr(cast.desk.press, "alive", fail(ValueError(SECRET)))
    assert not parts()["converter"]
    assert "probe: ValueError" in caplog.text
    assert SECRET not in caplog.text
