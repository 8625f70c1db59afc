"""A scripted day with planted identities: not one of them is in any line that any part of the service logs."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from app.errors import NeedsPerson
from app.web import home, watching
from tests.outside.test_logs import out
from tests.people import BOTH_PARENTS, CHILD, PASSWORD
from tests.web.test_access import paths
from tests.web.test_jobs_page import PROBLEM

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    import pytest

    from tests.people import Cast
    from tests.web.conftest import Browser

__all__ = ["out"]
PLANTED = "演示种下的名字海犇堃"


def identities(cast: Cast) -> set[str]:
    """Whatever belongs to the people of the run, and what was typed."""
    student = cast.load_student()
    people = {CHILD.name, PLANTED, PASSWORD, student.id_number, student.student_status_no, student.home_address,
              BOTH_PARENTS.guardians[1][0]}
    for each in student.guardians:
        people |= {each.name, each.id_number, each.phone}
    return people


def spoken(out: io.StringIO) -> str:
    """Everything that was logged, with nothing hidden in an escape."""
    text = out.getvalue()
    return text + "".join(json.dumps(json.loads(line), ensure_ascii=False) for line in text.splitlines())


def the_day(cast: Cast, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page of everybody, wrong input, faults whose message quotes a child, a worker that fails."""
    for login in ("clerk", "leader", "school", "county", "admin", "auditor"):
        browser = browse(login, cast)
        for _, method, address in paths(browser.client.application):
            for public_id in (cast.student, cast.case, cast.papers()[0].public_id):
                there = address.replace("0" * 32, public_id)
                if "sign-out" not in there:
                    browser.client.open(f"{there}?q={PLANTED}", method=method, data={"q": PLANTED, "name": PLANTED})
        browser.get(f"/{PLANTED}")
        browser.send("/students", {"q": CHILD.name})
        browser.send("/students/new", {"name": PLANTED, "id_number": cast.load_student().id_number, "_save": "1"})
    browse("", cast).send("/sign-in", {"login": PLANTED, "password": PASSWORD})
    clerk = browse("clerk", cast)
    clerk.send(f"/students/{cast.student}/reveal")
    for error in (ValueError(PROBLEM), NeedsPerson(PROBLEM), KeyError(PLANTED)):
        with monkeypatch.context() as patched:
            patched.setattr(home.cases, "open_cases", thrower(error))
            patched.setattr(watching, "note_look", thrower(error))
            clerk.get("/")
            clerk.get(f"/students/{cast.student}")
    with monkeypatch.context() as patched:
        patched.setattr(cast.desk.press, "convert", thrower(ValueError(PROBLEM)))
        cast.submit_order()


def thrower(error: Exception) -> Callable[..., Any]:
    def throwing(*_: object, **__: object) -> None:
        raise error

    return throwing


def test_no_planted_identity_is_in_any_line(
    out: io.StringIO, at_stage: Callable[[str], Cast], browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = at_stage("admonished")
    the_day(cast, browse, monkeypatch)
    text = spoken(out)
    assert {each for each in identities(cast) if each in text} == set()
    assert cast.student not in text, "no address of a child either"
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {"fanxiao.request", "app"} <= {each["logger"] for each in told}
    assert sum(each["event"] == "request" for each in told) > 300
    requests = [each for each in told if each["event"] == "request"]
    assert {"request_id", "endpoint", "method", "status", "ms", "account"} <= set(requests[-1])
    assert any("ValueError" in each["event"] for each in told)


def test_a_log_that_told_the_path_or_the_message_would_be_caught(
    out: io.StringIO, at_stage: Callable[[str], Cast],
) -> None:
    """The planted faults: each of these lines is found by what looks above."""
    cast = at_stage("enrolled")
    for said in (f"GET /students?q={PLANTED}", str(ValueError(PROBLEM)), f"saw {cast.load_student().home_address}"):
        logging.getLogger("app").error(said)
        assert {each for each in identities(cast) if each in spoken(out)}
        out.truncate(0)
        out.seek(0)
