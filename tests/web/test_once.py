"""A form that is sent twice, one after the other or at the same moment, makes one thing and leads to one place."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.actions import deed as deeds
from app.actions.desk import Desk
from app.errors import Refused
from app.records import audit, once, packets, papers, students
from app.web import once as pages
from tests.web.conftest import filled
from tests.web.test_students import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.people import Cast
    from tests.web.conftest import Browser

BOTH_DATABASES = True


def form_at(browser: Browser, page: str, action: str) -> dict[str, Any]:
    """The fields of the form of `page` that goes to `action`, hidden ones with their values."""
    tree = browser.see(page)
    form = next(each for each in tree.forms if each.get("action") == action)
    return dict(form.form_values())


def rows(cast: Cast, table: Any) -> int:
    with cast.desk.register.reading() as db:
        return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def start(cast: Cast, browser: Browser) -> tuple[str, dict[str, Any]]:
    address = f"/cases/{cast.case}/papers"
    return address, form_at(browser, f"/cases/{cast.case}", address) | {"kind": "rectification_order"}


def test_a_second_sending_gets_the_first_answer(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    leader, order = browse("leader", cast), cast.paper("rectification_order").public_id
    address = f"/papers/{order}/void"
    form = form_at(leader, f"/papers/{order}", address) | {"reason": "成文日期写错了"}
    first = leader.client.post(address, data=form)
    lines = cast.lines()
    for _ in range(3):
        again = leader.client.post(address, data=form)
        assert (again.status_code, again.location) == (303, first.location)
    assert cast.lines() == lines


def test_the_guard_is_the_key(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    """The same without a key: the second is another act, and the rules of the act refuse it."""
    cast = at_stage("ordered")
    leader, order = browse("leader", cast), cast.paper("rectification_order").public_id
    address = f"/papers/{order}/void"
    form = form_at(leader, f"/papers/{order}", address) | {"reason": "成文日期写错了"}
    form.pop("_once")
    assert leader.client.post(address, data=form).status_code == 303
    assert leader.client.post(address, data=form).status_code == 422


def test_other_values_under_the_same_key_are_another_form(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    """Whoever goes back, corrects a box and sends again has not done it yet."""
    cast = at_stage("ordered")
    leader, order = browse("leader", cast), cast.paper("rectification_order").public_id
    address = f"/papers/{order}/void"
    form = form_at(leader, f"/papers/{order}", address) | {"reason": "成文日期写错了"}
    assert leader.client.post(address, data=form).status_code == 303
    other = leader.client.post(address, data=form | {"reason": "文号用错了，要重做"})
    assert other.status_code == 422, "the rules of the act answer, not the first form's answer"


def test_two_at_the_same_moment_make_one(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both have looked before either writes: only the claim inside the transaction holds."""
    cast = at_stage("checked")
    clerk = browse("clerk", cast)
    address = f"/cases/{cast.case}/file"
    form = filled(clerk.see(address))
    looked = threading.Barrier(2)
    change = Desk.change

    def together(desk: Desk) -> Any:
        looked.wait(20)
        return change(desk)

    monkeypatch.setattr(Desk, "change", together)
    found: list[TestResponse] = []
    cookies = clerk.client

    def send() -> None:
        other = cookies.application.test_client()
        other._cookies = cookies._cookies
        found.append(other.post(address, data=form))

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    monkeypatch.undo()
    assert [each.status_code for each in found] == [303, 303]
    assert len({each.location for each in found}) == 1
    assert rows(cast, packets.packets) == 1


def test_act_claim_and_answer_are_one_transaction(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = at_stage("admonished")
    clerk = browse("clerk", cast)
    address, form = start(cast, clerk)
    before = rows(cast, papers.papers), cast.lines()

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(once, "settle", fail)
    assert clerk.client.post(address, data=form).status_code == 500
    assert (rows(cast, papers.papers), cast.lines(), rows(cast, once.once)) == (*before, 0)
    monkeypatch.undo()
    first = clerk.client.post(address, data=form)
    assert first.status_code == 303
    assert clerk.client.post(address, data=form).location == first.location


def test_a_form_that_came_back_may_be_sent_again(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    leader, order = browse("leader", cast), cast.paper("rectification_order").public_id
    form = form_at(leader, f"/papers/{order}", f"/papers/{order}/void") | {"reason": "短"}
    for _ in range(2):
        assert leader.client.post(f"/papers/{order}/void", data=form).status_code == 422
    assert rows(cast, once.once) == 0


def test_a_key_is_of_no_use_to_another_person(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    clerk = browse("clerk", cast)
    address, form = start(cast, clerk)
    clerk.client.post(address, data=form)
    stranger = browse("stranger", cast)
    form |= {"csrf_token": stranger.token(), "_who": ""}
    assert stranger.client.post(address, data=form).status_code == 404


def test_a_pupil_is_registered_once(cast: Cast, browse: Callable[..., Browser]) -> None:
    school = browse("school")
    form = filled(school.see("/students/new")) | typed(cast)
    first = school.client.post("/students/new", data=form)
    assert first.status_code == 303, first.text
    assert school.client.post("/students/new", data=form).location == first.location
    assert rows(cast, students.students) == 1


def test_what_was_done_before_a_refusal_stays_done(cast: Cast) -> None:
    """A block that ended well is an act of its own, as it was without a key; the form may come again."""
    doing = deeds.deed(cast.desk, "k", cast.clerk.account_id)
    with doing.change() as db:
        audit.append(db, cast.clerk, "sign_in", "account", cast.clerk.account_id, cast.clock.now())
    lines = cast.lines()
    doing.close("")
    assert cast.lines() == lines + 1
    with pytest.raises(Refused), doing.change():
        raise Refused("没有办成。")
    assert deeds.answered(cast.desk, "k", cast.clerk.account_id) is None


def test_old_keys_are_forgotten(cast: Cast) -> None:
    doing = deeds.deed(cast.desk, "k", cast.clerk.account_id)
    with doing.change():
        pass
    assert doing.close("/cases")
    with cast.desk.change() as db:
        assert once.prune(db, cast.clock.now()) == 0
    cast.at(2026, 10, 8)
    with cast.desk.change() as db:
        assert once.prune(db, cast.clock.now()) == 1
    assert pages.ONCE == "_once"
