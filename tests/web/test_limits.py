"""What is dear has a limit by person and by address; who meets it is told in Chinese when to come again."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from lxml import html

from app.web import limits
from app.web.limits import Rate
from tests.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

SEARCH = {"q": "演示马"}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of each for a person, five for an address."""
    monkeypatch.setattr(limits, "RATES", {kind: Rate(3, 5) for kind in limits.RATES})


def refused(answer: object) -> bool:
    status = answer.status_code  # type: ignore[attr-defined]
    if status != 429:
        return False
    assert "试得太频繁" in answer.text  # type: ignore[attr-defined]
    assert answer.headers["Retry-After"] == "60"  # type: ignore[attr-defined]
    assert "Content-Security-Policy" in answer.headers  # type: ignore[attr-defined]
    return True


def test_a_person_searches_so_often_and_what_was_typed_is_kept(browse: Callable[..., Browser]) -> None:
    clerk = browse("clerk")
    limits.limiter.reset()
    assert [refused(clerk.send("/students", SEARCH)) for _ in range(5)] == [False] * 3 + [True] * 2
    page = html.fromstring(clerk.send("/students", SEARCH).text)
    form = page.xpath('//form[@action="/students"]')[0]
    assert dict(form.form_values())["q"] == SEARCH["q"]
    assert dict(form.form_values())["csrf_token"]


def test_one_address_has_its_limit_over_all_persons(browse: Callable[..., Browser]) -> None:
    people = [browse(login) for login in ("clerk", "leader", "school")]
    limits.limiter.reset()
    assert sum(refused(each.send("/students", SEARCH)) for each in people for _ in range(2)) == 1


def test_signing_in_is_counted_by_the_name_that_was_typed_and_the_password_never_comes_back(
    browse: Callable[..., Browser],
) -> None:
    browser = browse()
    told = [browser.send("/sign-in", {"login": " Clerk" if n % 2 else "clerk", "password": "错口令演示"}) for n in range(4)]
    assert [refused(each) for each in told] == [False] * 3 + [True]
    assert "错口令演示" not in told[-1].text
    assert not refused(browser.send("/sign-in", {"login": "leader", "password": "x"})), "another name"


def test_files_are_counted_and_small_forms_are_not(browse: Callable[..., Browser]) -> None:
    browser = browse("clerk")
    limits.limiter.reset()

    def send(size: int) -> bool:
        return refused(browser.send("/verify", {"code": "", "file": (io.BytesIO(b"x" * size), "x.pdf")}))

    assert [send(limits.UPLOAD_FROM) for _ in range(4)] == [False] * 3 + [True]
    assert not send(10)


def test_lists_taken_out_are_counted(browse: Callable[..., Browser]) -> None:
    browser = browse("auditor")
    limits.limiter.reset()
    assert [refused(browser.send("/audit/export")) for _ in range(4)] == [False] * 3 + [True]


def test_reading_has_no_such_limit(browse: Callable[..., Browser]) -> None:
    browser = browse("clerk")
    assert not any(refused(browser.get("/students")) for _ in range(8))


def test_a_stranger_elsewhere_does_not_use_up_the_sign_ins_of_a_name(browse: Callable[..., Browser]) -> None:
    stranger, owner = browse(), browse()

    def send(browser: Browser, address: str, password: str) -> bool:
        return refused(browser.client.post(
            "/sign-in", data={"csrf_token": browser.token(), "login": "clerk", "password": password},
            environ_base={"REMOTE_ADDR": address}))

    assert [send(stranger, "10.0.0.1", "错口令演示") for _ in range(4)] == [False] * 3 + [True]
    assert not send(owner, "10.0.0.2", PASSWORD)


def test_what_one_person_is_refused_does_not_use_up_the_address(browse: Callable[..., Browser]) -> None:
    clerk, leader = browse("clerk"), browse("leader")
    limits.limiter.reset()
    assert [refused(clerk.send("/students", SEARCH)) for _ in range(9)] == [False] * 3 + [True] * 6
    assert not refused(leader.send("/students", SEARCH))


def test_printing_is_counted(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    order = cast.submit_order()
    clerk = browse("clerk", cast)
    limits.limiter.reset()
    told = [refused(each) for each in (*(clerk.get(f"/papers/{order}/slip.pdf") for _ in range(2)),
                                       *(clerk.send("/register/book") for _ in range(2)))]
    assert told == [False] * 3 + [True]
