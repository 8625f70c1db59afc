"""A page that shows one child is written down, whoever opens it; who may, reads who looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.actions.reveal_identity import reveal_identity
from app.records import looks
from app.web import measures, watching
from tests.people import CHILD
from tests.web.conftest import words
from tests.web.test_access import paths

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.people import Cast
    from tests.web.conftest import Browser


def looked(cast: Cast) -> int:
    with cast.desk.register.transaction() as db:
        count = len(db.execute(looks.looks.select()).all())
        db.execute(looks.looks.delete())
    return count


def test_every_page_about_one_child_is_a_look_and_no_list_is(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("filed")
    browser = browse("clerk", cast)
    browser.see("/")
    looked(cast)
    ids = (cast.student, cast.case, cast.paper("rectification_order").public_id)
    shown = set()
    for endpoint, method, address in paths(browser.client.application):
        if method != "GET" or endpoint.startswith("measures"):
            continue
        for public_id in ids:
            there = address.replace("0" * 32, public_id)
            answer = browser.get(there)
            pages = answer.status_code in watching.SHOWN and there != address
            assert looked(cast) == (1 if pages else 0), (endpoint, answer.status_code)
            shown |= {endpoint} if pages and answer.status_code == 200 else set()
    assert {"students.show", "cases.show", "papers.show", "papers.file", "packets.of_case"} <= shown


def test_a_look_that_cannot_be_written_is_counted_and_the_page_is_shown(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(*_: object) -> None:
        raise OSError(CHILD.name)

    cast = at_stage("enrolled")
    clerk = browse("clerk", cast)
    before = measures.registry.get_sample_value("fanxiao_looks_lost_total")
    monkeypatch.setattr(watching, "note_look", failing)
    assert CHILD.name in clerk.get(f"/students/{cast.student}").text
    assert measures.registry.get_sample_value("fanxiao_looks_lost_total") == (before or 0) + 1
    assert "a look was not written: OSError" in caplog.text
    assert CHILD.name not in caplog.text


def table(page: Any) -> list[str]:
    return [words(row) for row in page.xpath("//tbody/tr")]


def test_a_leader_reads_who_looked_at_a_child_with_reveals(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browse("clerk", cast).see(f"/cases/{cast.case}")
    reveal_identity(cast.desk, cast.clerk, cast.student)
    leader = browse("leader", cast)
    rows = table(leader.see(f"/students/{cast.student}/looks"))
    assert len(rows) == 2
    assert all(cast.clerk.name in row and "吉强镇人民政府" in row for row in rows)
    assert sum("显示完整证件号码" in row for row in rows) == 1
    assert any(cast.leader.name in row for row in table(leader.see(f"/students/{cast.student}/looks")))
    assert browse("clerk", cast).get(f"/students/{cast.student}/looks").status_code == 404
    assert browse("stranger", cast).get(f"/students/{cast.student}/looks").status_code == 404


def test_the_auditor_asks_by_number_and_by_person_and_sees_no_name_of_a_child(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("opened")
    browse("clerk", cast).see(f"/cases/{cast.case}")
    auditor = browse("auditor", cast)
    number = cast.load_case().case_no
    for asked in ({"child": number}, {"child": cast.load_student().student_status_no}):
        answer = auditor.send("/looks", asked)
        assert cast.clerk.name in answer.text
        assert CHILD.name not in answer.text
    person = auditor.send("/looks", {"person": "clerk"})
    assert "1 名" in person.text
    for nothing in ({"child": "无此编号"}, {"person": "nobody"}, {}):
        assert auditor.send("/looks", nothing).status_code == 422
    assert auditor.get(f"/students/{cast.student}").status_code == 404
    assert browse("clerk", cast).get("/looks").status_code == 404
