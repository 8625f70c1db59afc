"""/metrics: for this machine or with the token; figures by rule and state, no path, name or address in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import create_app
from app.records import jobs
from app.web import measures
from tests.people import CHILD, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

TOKEN = "a-long-token-of-the-settings"


def figures(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {(each.name, tuple(sorted(each.labels.items()))): each.value
            for family in text_string_to_metric_families(text) for each in family.samples}


def of(text: str, name: str, **labels: str) -> float:
    return figures(text)[name, tuple(sorted(labels.items()))]


@pytest.mark.parametrize(("address", "headers", "status"), [
    ("127.0.0.1", {}, 200), ("::1", {}, 200), ("10.1.2.3", {}, 404),
    ("127.0.0.1", {"X-Forwarded-For": "10.1.2.3"}, 404), ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 404),
    ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 404),
    ("10.1.2.3", {"Authorization": f"Bearer {TOKEN}"}, 200), ("10.1.2.3", {"Authorization": "Bearer "}, 404),
    ("10.1.2.3", {"Authorization": f"Bearer {TOKEN}x"}, 404), ("10.1.2.3", {"Authorization": "Bearer 令牌"}, 404),
])
def test_who_may_ask(cast: Cast, address: str, headers: dict[str, str], status: int) -> None:
    desk = replace(cast.desk, settings=replace(cast.desk.settings, metrics_token=TOKEN))
    client = create_app(desk=desk).test_client()
    shown = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert client.get("/metrics", headers=shown, environ_base={"REMOTE_ADDR": address}).status_code == status


def test_without_a_token_in_the_settings_none_opens(cast: Cast) -> None:
    client = create_app(desk=cast.desk).test_client()
    asked: dict[str, Any] = {"headers": {"Authorization": "Bearer "}, "environ_base": {"REMOTE_ADDR": "10.1.2.3"}}
    assert client.get("/metrics", **asked).status_code == 404


def test_the_figures_follow_what_happens(cast: Cast, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
                                         ) -> None:
    browser = browse()

    def now() -> str:
        return browser.get("/metrics").text

    def asked(text: str) -> float:
        return figures(text).get(("fanxiao_requests_total", tuple(sorted(
            {"endpoint": "sign_in.ask", "method": "GET", "status": "200"}.items()))), 0.0)

    before = now()
    assert of(before, "fanxiao_backup_age_seconds") != of(before, "fanxiao_backup_age_seconds"), "NaN: none yet"
    browser.get("/sign-in")
    with cast.desk.register.transaction() as db:
        jobs.add(db, "planted", 1, cast.clock.now())
    cast.clock.move_to(cast.clock.now() + timedelta(seconds=90))
    browser.send("/sign-in", {"login": "nobody", "password": "x"})
    (cast.desk.settings.instance / "backups").mkdir(exist_ok=True)
    (cast.desk.settings.instance / "backups" / "last").write_text(cast.clock.now().isoformat())
    cast.clock.move_to(cast.clock.now() + timedelta(seconds=30))
    after = now()
    assert asked(after) == asked(before) + 1
    assert of(after, "fanxiao_jobs", state="waiting") == 1
    assert of(after, "fanxiao_oldest_job_seconds") == 120
    assert of(after, "fanxiao_failed_sign_ins_day") == 1
    assert of(after, "fanxiao_backup_age_seconds") == 30
    assert of(after, "fanxiao_press_up") == 1
    assert of(after, "fanxiao_register_bytes") > 100_000
    assert of(after, "fanxiao_vault_bytes") >= 0
    monkeypatch.setattr(cast.desk.press, "alive", lambda: 1 / 0)
    broken = now()
    assert of(broken, "fanxiao_press_up") != of(broken, "fanxiao_press_up"), "NaN, and the others are there"
    assert of(broken, "fanxiao_jobs", state="waiting") == 1


def test_no_path_name_or_address_is_in_the_figures(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("opened")
    browser = browse("clerk", cast)
    for address in (f"/students/{cast.student}", f"/nothing/{CHILD.name}", "/students?q=" + CHILD.name):
        browser.get(address)
    browser.client.open("/sign-in", method="演示".encode().decode("latin-1"))
    text = browser.get("/metrics").text
    for word in (cast.student, CHILD.name, "/students/", "127.0.0.1", PASSWORD, cast.clerk.name):
        assert word not in text
    assert of(text, "fanxiao_requests_total", endpoint="none", method="GET", status="404") >= 1
    assert measures.registry.get_sample_value("fanxiao_request_seconds_count", {"endpoint": "students.show"})
