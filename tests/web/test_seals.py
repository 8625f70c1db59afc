"""Seals in the browser: nothing where pictures are forbidden, the picture for its two persons, the log as a table."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from app.actions import approve_paper, use_seal
from app.law.offices import Role
from app.law.seals import SealState, UseState
from app.packets.seal import demo_seal
from app.records import accounts, seals
from tests.actions.acts import approved_seal, asked_use, unsealed_order, uploaded_seal, with_pictures
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.people import Cast
    from tests.web.conftest import Browser

    Browse = Callable[..., Browser]
    AtStage = Callable[[str], Cast]


@pytest.fixture
def town(at_stage: AtStage) -> Cast:
    return at_stage("admonished")


def wet(cast: Cast) -> None:
    """From now on no picture of a seal is allowed."""
    cast.desk = replace(cast.desk, settings=replace(cast.desk.settings, seal_policy="wet"))


def the_seal(cast: Cast) -> seals.Seal:
    with cast.desk.register.reading() as db:
        return seals.of_office(db, cast.leader.office_id)[0]


def the_use(cast: Cast) -> seals.SealUse:
    with cast.desk.register.reading() as db:
        return seals.uses_of_office(db, cast.leader.office_id)[0]


def issued(cast: Cast) -> str:
    """An order that was approved and made."""
    paper = cast.submit_order()
    approve_paper.approve_paper(cast.desk, cast.leader, paper)
    cast.work()
    return paper


def upload(browser: Browser, **changed: Any) -> TestResponse:
    values = {"title": "样章（演示）", "width": "42", "file": (io.BytesIO(demo_seal()), "样章.png")} | changed
    return browser.client.post("/seals", data={"csrf_token": browser.token(), **values},
                               content_type="multipart/form-data")


def test_with_pictures_forbidden_every_page_refuses_and_shows_no_seal(town: Cast, browse: Browse) -> None:
    use = asked_use(town)
    paper, seal = town.paper("rectification_order").public_id, the_seal(town).public_id
    wet(town)
    keeper, leader, clerk = (browse(login, town) for login in ("keeper", "leader", "clerk"))
    lines = town.lines()
    note = {"note": "不行，演示"}
    answers = {
        "list": keeper.get("/seals"), "log": keeper.get("/seals/uses"), "table": keeper.get("/seals/uses.xlsx"),
        "picture": keeper.get(f"/seals/{seal}.png"), "leader's picture": leader.get(f"/seals/{seal}.png"),
        "upload": upload(keeper), "nothing uploaded": keeper.send("/seals"),
        "retire": keeper.send(f"/seals/{seal}/retire", note),
        "approve": leader.send(f"/seals/{seal}/approve"), "refuse": leader.send(f"/seals/{seal}/refuse", note),
        "ask": clerk.send(f"/papers/{paper}/seal"),
        "approve use": leader.send(f"/seals/uses/{use}/approve"),
        "refuse use": leader.send(f"/seals/uses/{use}/refuse", note),
    }
    for what, answer in answers.items():
        assert answer.status_code == 422, (what, answer.status_code)
        assert "没有启用图片印章" in answer.text, what
        assert ".png" not in answer.text, what
    assert (the_seal(town).state, the_use(town).state) == (SealState.APPROVED, UseState.ASKED)
    assert town.lines() == lines
    assert "申请用印" not in words(clerk.see(f"/papers/{paper}"))
    assert all("/seals" not in link for link in keeper.see("/").xpath("//nav//a/@href"))


def test_what_was_sealed_stays_when_pictures_are_forbidden(town: Cast, browse: Browse) -> None:
    paper = unsealed_order(town)
    with town.desk.change() as db:
        row = town.load(paper)
        assert seals.mark_sealed(db, row.id, before_sha=row.pdf_sha or "", after_sha=row.pdf_sha or "")
    wet(town)
    assert browse("clerk", town).get(f"/papers/{paper}/sealed.pdf").status_code == 200
    for stranger in ("stranger", "strange_school", "strange_county"):
        assert browse(stranger, town).get(f"/papers/{paper}/sealed.pdf").status_code == 404


def test_the_picture_is_served_to_its_keeper_and_to_its_leaders_and_to_nobody_else(
        town: Cast, browse: Browse) -> None:
    uploaded_seal(town)
    with town.desk.change() as db:
        for login in ("auditor", "stranger"):  # an auditor of the same office, and another office's keeper
            office = {"office_id": town.leader.office_id} if login == "auditor" else {}
            roles = sorted(Role.AUDITOR.value if login == "auditor" else each.value
                           for each in {*town.people[login].roles, Role.SEAL_KEEPER})
            accounts.change(db, town.people[login].account_id, roles=list(dict.fromkeys(roles)), **office)
    address = f"/seals/{the_seal(town).public_id}.png"
    for login in ("keeper", "leader", "both"):
        answer = browse(login, town).get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/png"), login
        assert "no-store" in answer.headers["Cache-Control"]
    seen = {login: browse(login, town).get(address).status_code
            for login in ("clerk", "second", "school", "principal", "county", "bureau", "auditor", "stranger",
                          "strange_county", "neighbour", "admin")}
    assert set(seen.values()) <= {403, 404}, seen
    assert seen["auditor"] == seen["stranger"] == seen["bureau"] == seen["principal"] == 404
    assert browse("", town).get(address).status_code == 303


def test_the_log_shows_no_picture_to_an_auditor_of_the_office(town: Cast, browse: Browse) -> None:
    approved_seal(town)
    with town.desk.change() as db:
        accounts.change(db, town.people["second"].account_id, roles=[Role.AUDITOR.value])
    page = browse("second", town).see("/seals")
    assert "样章（演示）" in words(page)
    assert page.xpath("//main//img") == []


def test_a_seal_goes_from_its_keeper_over_the_leader_to_a_paper(town: Cast, browse: Browse) -> None:
    with_pictures(town)
    paper = issued(town)
    keeper, leader, clerk = (browse(login, town) for login in ("keeper", "leader", "clerk"))
    assert upload(keeper).status_code == 303
    seal = the_seal(town)
    assert (seal.state, seal.millimetres, seal.uploader) == (SealState.WAITING, 42.0, "演示纳管章")
    assert f"/seals/{seal.public_id}/approve" not in keeper.get("/seals").text, "no button for whoever uploaded"
    assert leader.press("/seals", f"/seals/{seal.public_id}/approve").status_code == 303
    assert clerk.press(f"/papers/{paper}", f"/papers/{paper}/seal").status_code == 303
    use = the_use(town)
    assert use.state is UseState.ASKED
    assert leader.press("/seals", f"/seals/uses/{use.public_id}/approve").status_code == 303
    assert the_use(town).approver == "演示李乡长"


@pytest.mark.parametrize(("changed", "told"), [
    ({"width": "四十二"}, "毫米数"), ({"width": "nan"}, "直径"), ({"width": "1e99"}, "直径"), ({"width": ""}, "毫米数"),
    ({"title": ""}, "印章名称"), ({"file": (io.BytesIO(b""), "")}, "选择印章图片"),
    ({"file": (io.BytesIO(b"GIF89a"), "a.gif")}, "PNG"),
])
def test_an_upload_that_is_no_seal_comes_back_with_the_reason(
        town: Cast, browse: Browse, changed: dict[str, Any], told: str) -> None:
    with_pictures(town)
    answer = upload(browse("keeper", town), **changed)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_person_of_two_roles_cannot_approve_alone_in_the_browser(town: Cast, browse: Browse) -> None:
    with_pictures(town)
    with town.desk.change() as db:
        accounts.change(db, town.people["keeper"].account_id,
                        roles=[Role.SEAL_KEEPER.value, Role.TOWNSHIP_LEADER.value])
    keeper = browse("keeper", town)
    assert upload(keeper).status_code == 303
    seal = the_seal(town)
    page = keeper.get("/seals").text
    assert "由另一名领导审批" in page
    assert f"/seals/{seal.public_id}/approve" not in page
    answer = keeper.send(f"/seals/{seal.public_id}/approve")
    assert (answer.status_code, the_seal(town).state) == (422, SealState.WAITING)


def log(town: Cast, browse: Browse) -> tuple[seals.SealUse, Browser]:
    asked_use(town)
    use_seal.refuse_use(town.desk, town.leader, the_use(town).public_id, "文号写错了")
    use_seal.ask_seal(town.desk, town.clerk, town.paper("rectification_order").public_id)
    return the_use(town), browse("keeper", town)


def test_the_log_is_filtered_by_state_and_by_local_day(town: Cast, browse: Browse) -> None:
    _, keeper = log(town, browse)

    def shown(question: str) -> int:
        return len(keeper.see(f"/seals/uses?{question}").xpath("//tbody/tr"))

    day = f"{town.clock.local(town.clock.now()):%Y-%m-%d}"
    assert shown("") == 2
    assert shown("state=refused") == shown("state=asked") == 1
    assert shown("state=applied") == 0
    assert shown(f"since={day}&until={day}") == 2
    assert shown(f"until={day}&state=asked") == 1
    assert shown("since=2026-09-19") == shown("until=2026-09-17") == 0
    for wrong in ("since=gestern", "until=9999-12-31", "since=2026-13-01"):
        answer = keeper.get(f"/seals/uses?{wrong}")
        assert answer.status_code == 422, wrong
        assert "日期没有看懂" in answer.text


def test_the_log_as_a_table_holds_the_same_with_full_digests(town: Cast, browse: Browse) -> None:
    use, keeper = log(town, browse)
    answer = keeper.get("/seals/uses.xlsx")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    head, *rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [each["状态"] for each in lines] == ["待审批", "未批准"]
    assert {each["印章保管人"] for each in lines} == {"演示纳管章"}
    assert {each["申请人"] for each in lines} == {"演示王干事"}
    assert lines[0]["盖章前文件SHA-256"] == use.before_sha
    assert len(use.before_sha) == 64
    assert lines[1]["说明"] == "文号写错了"
    filtered = load_workbook(io.BytesIO(keeper.get("/seals/uses.xlsx?state=refused").data)).active
    assert filtered is not None
    assert filtered.max_row == 2
    assert town.load_student().name not in str(rows), "the log names offices and papers, and no child"


def test_the_log_is_the_own_offices(town: Cast, browse: Browse) -> None:
    log(town, browse)
    with town.desk.register.reading() as db:
        assert seals.uses_of_office(db, town.people["stranger"].office_id) == ()
    assert browse("stranger", town).see("/seals/uses").xpath("//tbody/tr") == []
