"""The public check."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from app.actions import compile_file, work_jobs
from app.records import packets
from tests.people import CHILD

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.records.packets import Packet
    from tests.people import Cast
    from tests.web.conftest import Browser


@pytest.fixture
def filed(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("filed")


def packet(cast: Cast) -> Packet:
    with cast.desk.register.reading() as db:
        return packets.list_packets(db, cast.clerk)[0]


def test_a_code_on_record_shows_what_and_never_who(filed: Cast, browse: Callable[..., Browser]) -> None:
    row = packet(filed)
    answer = browse("", filed).get(f"/verify/{row.code.lower()}")
    assert answer.status_code == 200
    assert row.case_no in answer.text
    assert row.pdf_sha is not None
    assert row.pdf_sha in answer.text
    for guarded in (CHILD.name, CHILD.guardians[0][0], filed.clerk.name):
        assert guarded not in answer.text


def test_an_unknown_code_is_not_confirmed(browse: Callable[..., Browser]) -> None:
    answer = browse().get("/verify/FX-0000-0000-0000-0000")
    assert answer.status_code == 404
    assert "无法确认" in answer.text


@pytest.mark.parametrize(("change", "code", "verdict"), [
    (False, True, "真实完整"), (False, False, "真实完整"), (True, True, "已被改动"), (True, False, "无法确认")])
def test_a_file_is_compared_to_the_last_byte(
    filed: Cast, browse: Callable[..., Browser], *, change: bool, code: bool, verdict: str,
) -> None:
    row = packet(filed)
    pdf = bytearray(filed.desk.vault.get(row.pdf_sha or ""))
    if change:
        pdf[len(pdf) // 2] ^= 1
    asked = {"code": row.code if code else "", "file": (io.BytesIO(bytes(pdf)), "x.pdf")}
    answer = browse("", filed).send("/verify", asked)
    assert f"<strong>{verdict}</strong>" in answer.text


def test_a_void_file_says_so_and_a_changed_one_still_says_changed(
        filed: Cast, browse: Callable[..., Browser]) -> None:
    row = packet(filed)
    pdf = filed.desk.vault.get(row.pdf_sha or "")
    answer = browse("leader", filed).send(f"/packets/{row.public_id}/void", {"reason": "复查日期登记错了"})
    assert answer.status_code == 303
    assert "已作废" in browse("leader", filed).get(f"/packets/{row.public_id}").text
    assert "<strong>已作废</strong>" in browse("", filed).get(f"/verify/{row.code}").text
    for data, verdict in ((pdf, "已作废"), (pdf + b"x", "已被改动")):
        asked = {"code": row.code, "file": (io.BytesIO(data), "x.pdf")}
        assert f"<strong>{verdict}</strong>" in browse("", filed).send("/verify", asked).text


def test_a_file_that_was_bound_again_says_so(filed: Cast, browse: Callable[..., Browser]) -> None:
    row = packet(filed)
    compile_file.compile_file(filed.desk, filed.clerk, filed.case)
    assert "另立了新卷" not in browse("", filed).get(f"/verify/{row.code}").text, "the new one is not there yet"
    work_jobs.work_all(filed.desk)
    assert packet(filed).code != row.code
    assert "另立了新卷" in browse("", filed).get(f"/verify/{row.code}").text
    assert "另立了新卷" not in browse("", filed).get(f"/verify/{packet(filed).code}").text


def test_the_bound_file_is_listed_and_downloaded(filed: Cast, browse: Callable[..., Browser]) -> None:
    clerk, row = browse("clerk", filed), packet(filed)
    assert row.code in clerk.get("/packets").text
    assert f"/verify/{row.code}" in clerk.get(f"/packets/{row.public_id}").text
    answer = clerk.get(f"/packets/{row.public_id}/file.pdf")
    assert answer.data == filed.desk.vault.get(row.pdf_sha or "")


def test_a_file_is_not_bound_while_something_is_missing(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("served")
    answer = browse("clerk", cast).get(f"/cases/{cast.case}/file")
    assert "材料未齐" in answer.text
    assert "立卷装订" not in answer.text


def test_a_complete_case_is_bound_from_the_page(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("checked")
    clerk = browse("clerk", cast)
    page = clerk.see(f"/cases/{cast.case}/file")
    values = dict(page.xpath('//form[.//button[contains(., "立卷装订")]]')[0].form_values())
    answer = clerk.send(f"/cases/{cast.case}/file", values)
    assert answer.status_code == 303, answer.text
    assert "/packets/" in answer.headers["Location"]
