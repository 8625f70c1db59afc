"""Every answer of every page, good or bad, bears the headers and the code of its request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import NeedsPerson
from app.web import assets, health, home
from app.web.headers import POLICY
from app.web.limits import MAX_UPLOAD
from tests.web.test_access import paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.people import Cast
    from tests.web.conftest import Browser

FIXED = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
         "X-Frame-Options": "DENY", "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
         "Cross-Origin-Opener-Policy": "same-origin"}


def bare(answer: TestResponse) -> list[str]:
    """Headers that are missing or other than they must be."""
    found = [name for name, value in FIXED.items() if answer.headers.get(name) != value]
    found += [] if re.fullmatch(r"[0-9A-F]{8}", answer.headers.get("X-Request-Id", "")) else ["X-Request-Id"]
    kept = answer.headers.get("Cache-Control", "")
    return found + ([] if "no-store" in kept or "immutable" in kept else ["Cache-Control"])


@pytest.mark.parametrize("login", ["", "clerk", "leader", "admin"])
def test_every_rule_answers_with_them(login: str, at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    browser = browse(login, cast)
    seen = set()
    for endpoint, method, address in paths(browser.client.application):
        if endpoint == "sign_in.leave":
            continue
        for there in (address, address.replace("0" * 32, cast.student), address.replace("0" * 32, cast.case)):
            answer = browser.client.open(there, method=method)
            assert bare(answer) == [], (endpoint, method, answer.status_code)
            seen.add(answer.status_code)
    assert {303, 400, 404} & seen


def test_answers_that_end_badly_bear_them_too(browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browse("clerk")

    def fails(error: Exception) -> Callable[..., Any]:
        def failing(*_: object) -> None:
            raise error

        return failing

    answers = [browser.client.get("/nothing"), browser.client.delete("/"), browser.client.post("/students"),
               browser.client.get(f"/static/{assets.version()}/nothing.css"),
               browser.client.get(f"/static/{assets.version()}/fanxiao.css"),
               browser.client.post("/verify", data=b"x" * (MAX_UPLOAD + 1), content_type="multipart/form-data; boundary=x")]
    for error in (ValueError("演示"), NeedsPerson("打印服务没有应答。")):
        monkeypatch.setattr(home.cases, "open_cases", fails(error))
        answers.append(browser.client.get("/"))
    monkeypatch.setattr(health.offices, "count", fails(ValueError("演示")))
    answers.append(browser.client.get("/readyz"))
    answers += [browser.send("/sign-in", {"login": "clerk", "password": "x"}) for _ in range(25)]
    assert {answer.status_code for answer in answers} >= {200, 400, 404, 405, 413, 429, 500, 503}
    assert [(answer.status_code, bare(answer)) for answer in answers if bare(answer)] == []
    waits = {answer.status_code: answer.headers.get("Retry-After") for answer in answers}
    assert (waits[429], waits[404]) == ("60", None)


def test_each_request_has_its_own_code_and_none_can_be_given(browse: Callable[..., Browser]) -> None:
    client = browse().client
    codes = [client.get("/sign-in", headers={"X-Request-Id": "forged"}).headers["X-Request-Id"] for _ in range(5)]
    assert len(set(codes)) == 5
    assert "forged" not in codes
