"""A paper in the browser: filled in, looked at, approved by another person, served, void."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from app.errors import NeedsPerson
from app.law.lives import PaperState
from app.papers import catalogue
from app.papers.kinds import Life
from app.web import drafts
from tests.people import BOTH_PARENTS, STAGES, picture
from tests.web.conftest import filled, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

ORDER = "rectification_order"


def draft(cast: Cast, browser: Browser, kind: str = ORDER) -> str:
    """Begin a paper by the blue button; answers its address."""
    answer = browser.send(f"/cases/{cast.case}/papers", {"kind": kind})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removesuffix("/edit")


def typed(browser: Browser, address: str, **changed: Any) -> dict[str, Any]:
    return filled(browser.see(f"{address}/edit")) | {"_check": "1", **changed}


@pytest.fixture
def admonished(at_stage: Callable[[str], Cast]) -> Cast:
    cast = at_stage("admonished")
    cast.at(2026, 9, 18, 10)
    return cast


def submitted(cast: Cast, browse: Callable[..., Browser]) -> str:
    browser = browse("clerk", cast)
    address = draft(cast, browser)
    answer = browser.send(f"{address}/edit", typed(browser, address, serve_on="2026-09-18"))
    assert answer.headers["Location"].endswith("/check"), answer.text
    assert browser.press(f"{address}/check", f"{address}/check").status_code == 303
    cast.work()
    return address


def test_a_case_shows_one_blue_button_and_why_later_steps_are_closed(
    admonished: Cast, browse: Callable[..., Browser],
) -> None:
    page = browse("clerk", admonished).see(f"/cases/{admonished.case}")
    assert len(page.xpath('//main//*[contains(@class, "btn-primary")]')) == 1
    assert page.xpath('//main//button[contains(@class, "btn-primary")]/@value') == [ORDER]
    assert "尚未完成“责令限期改正”" in words(page)
    assert page.xpath('//ol[@class="steps"]/li[@aria-current="step"]')[0].text_content().startswith("责令限期改正")


def test_a_second_guardian_is_offered_a_record_until_one_is_made(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("cast")
    for stage in ("enrolled", "opened", "reported"):
        cast.go_on(stage, BOTH_PARENTS)
    cast.clock.move_to(STAGES["admonished"])
    clerk, offer = browse("clerk", cast), '//main//button[contains(., "再做一份（另一名监护人）")]/@value'
    assert clerk.see(f"/cases/{cast.case}").xpath(offer) == []
    cast.record(cast.clerk, "criticism_record", cast.admonish_words())
    page = clerk.see(f"/cases/{cast.case}")
    assert page.xpath(offer) == ["criticism_record"]
    assert page.xpath('//main//button[contains(@class, "btn-primary")]/@value') == [ORDER]
    assert browse("school", cast).see(f"/cases/{cast.case}").xpath(offer) == []
    answer = clerk.send(f"/cases/{cast.case}/papers", {"kind": "criticism_record"})
    assert answer.status_code == 303
    sheet = clerk.see(answer.headers["Location"])
    assert BOTH_PARENTS.guardians[1][0] in sheet.xpath('//*[@name="person"]/@value')
    cast.record(cast.clerk, "criticism_record", cast.admonish_words() | {"person": BOTH_PARENTS.guardians[1][0]})
    assert clerk.see(f"/cases/{cast.case}").xpath(offer) == []


def test_words_that_were_said_are_told_before_the_record_is_finished(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("reported")
    cast.clock.move_to(STAGES["admonished"])
    paper = cast.draft(cast.clerk, "criticism_record", cast.admonish_words() | {"stance_note": "怕被拘留。"})
    page = browse("clerk", cast).see(f"/papers/{paper}/check")
    assert "记录中有“拘留”" in words(page.xpath('//div[@class="warned"]')[-1])


def test_an_order_is_typed_submitted_approved_and_numbered(admonished: Cast, browse: Callable[..., Browser]) -> None:
    address = submitted(admonished, browse)
    clerk, leader = browse("clerk", admonished), browse("leader", admonished)
    assert "签发" not in [each.text_content().strip()[:2] for each in clerk.see(address).xpath("//button")]
    assert clerk.send(f"{address}/approve").status_code == 404, "a clerk has no such power"
    assert "看原文并签" in words(leader.see("/"))
    page = leader.see(address)
    assert page.xpath('//img[contains(@src, "/pages/1.png")]')
    assert leader.get(page.xpath('//img[contains(@src, "/pages/1.png")]/@src')[0]).mimetype == "image/png"
    answer = leader.send(f"{address}/approve", {"version": "1"})
    assert (answer.status_code, "又改过" in answer.text) == (422, True), "another page than the one that was seen"
    answer = leader.press(address, f"{address}/approve")
    assert answer.status_code == 303
    assert "文号演示吉强政责改〔2026〕1号" in words(leader.see(address))
    assert "演示吉强政责改〔2026〕1号" in words(leader.see("/register"))
    admonished.work()
    file = clerk.get(f"{address}/paper.pdf")
    assert file.mimetype == "application/pdf"
    assert "filename*=UTF-8''" in file.headers["Content-Disposition"]


def test_who_drafted_does_not_approve(admonished: Cast, browse: Callable[..., Browser]) -> None:
    both = browse("both", admonished)
    address = draft(admonished, both)
    both.send(f"{address}/edit", typed(both, address, serve_on="2026-09-18"))
    both.press(f"{address}/check", f"{address}/check")
    admonished.work()
    assert "/approve" not in both.get(address).text
    answer = both.send(f"{address}/approve")
    assert answer.status_code == 422
    assert "起草人不能签发" in answer.text


def test_an_error_leads_to_its_box_and_the_draft_is_kept(admonished: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("clerk", admonished)
    address = draft(admonished, browser)
    answer = browser.send(f"{address}/edit", typed(browser, address, term_days="99", findings="罚款500元"))
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    for name in ("term_days", "findings"):
        assert page.xpath(f'//div[@role="alert"]//a[@href="#{name}"]') or name == "findings"
    assert page.xpath('//input[@name="term_days"]/@value') == ["99"]
    assert browser.see(f"{address}/edit").xpath('//input[@name="term_days"]/@value') == ["99"]


def test_a_banned_word_is_refused_before_submission(admonished: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("clerk", admonished)
    address = draft(admonished, browser)
    text = "2026年9月7日起未到校，逾期罚款500元。"
    answer = browser.send(f"{address}/edit", typed(browser, address, serve_on="2026-09-18", findings=text))
    assert answer.status_code == 422
    assert "罚款" in words(html.fromstring(answer.text).xpath('//div[@role="alert"]')[0])


def test_a_draft_keeps_itself_and_two_windows_do_not_overwrite_each_other(
    admonished: Cast, browse: Callable[..., Browser],
) -> None:
    browser = browse("clerk", admonished)
    address = draft(admonished, browser)
    first = typed(browser, address, findings="甲")
    kept = browser.send(f"{address}/draft", first)
    assert kept.text.startswith("草稿已自动保存")
    assert int(kept.headers["X-Draft-Version"]) > int(first["_version"])
    late = browser.send(f"{address}/draft", first | {"findings": "乙"})
    assert "X-Draft-Version" not in late.headers
    assert "另存了一份" in late.text
    beside = browser.get(late.headers["X-Draft-Look"]).text
    assert "甲" in beside
    assert "乙" in beside
    assert "甲" in browser.get(f"{address}/edit").text


def test_the_preview_waits_until_the_draft_holds(admonished: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("clerk", admonished)
    address = draft(admonished, browser)
    browser.send(f"{address}/draft", typed(browser, address, term_days=""))
    assert browser.get(f"{address}/preview.png").status_code == 204
    browser.send(f"{address}/draft", typed(browser, address, term_days="7", serve_on="2026-09-18"))
    answer = browser.get(f"{address}/preview.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_a_preview_has_its_seconds_and_only_one_is_made_at_a_time(
        admonished: Cast, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browse("clerk", admonished)
    address = draft(admonished, browser)
    browser.send(f"{address}/edit", typed(browser, address))
    assert browser.get(f"{address}/preview.png").status_code == 200
    asked = admonished.desk.press.asked[-1]  # type: ignore[attr-defined]
    assert asked["seconds"] == drafts.PREVIEW_SECONDS == 15
    assert drafts._previewing.acquire(blocking=False), "the last preview gave its turn back"
    try:
        monkeypatch.setattr(admonished.desk.press, "convert", lambda *_, **__: pytest.fail("a second preview was made"))
        assert browser.get(f"{address}/preview.png").status_code == 204
    finally:
        drafts._previewing.release()


def test_a_preview_that_fails_gives_its_turn_back(admonished: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse("clerk", admonished)
    address = draft(admonished, browser)
    browser.send(f"{address}/edit", typed(browser, address))
    admonished.desk.press.faults.append(NeedsPerson("打印服务没有应答。"))  # type: ignore[attr-defined]
    assert browser.get(f"{address}/preview.png").status_code >= 500
    assert browser.get(f"{address}/preview.png").status_code == 200



def test_a_paper_goes_back_with_a_note_and_comes_again(admonished: Cast, browse: Callable[..., Browser]) -> None:
    address = submitted(admonished, browse)
    leader, clerk = browse("leader", admonished), browse("clerk", admonished)
    assert leader.send(f"{address}/return", {"note": " "}).status_code == 422
    assert leader.send(f"{address}/return", {"note": "事实写清楚些"}).status_code == 303
    assert "事实写清楚些" in words(clerk.see("/"))
    assert "事实写清楚些" in words(clerk.see(f"{address}/edit"))


def test_a_submitted_paper_is_taken_back_before_it_is_approved(
    admonished: Cast, browse: Callable[..., Browser],
) -> None:
    address = submitted(admonished, browse)
    clerk = browse("clerk", admonished)
    assert clerk.get(f"{address}/edit").status_code == 303, "read-only while it waits"
    assert clerk.send(f"{address}/withdraw").headers["Location"].endswith("/edit")
    assert clerk.get(f"{address}/edit").status_code == 200


def test_a_void_paper_stands_struck_in_the_register(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("ordered")
    order = cast.paper(ORDER)
    leader = browse("leader", cast)
    address = f"/papers/{order.public_id}"
    assert leader.send(f"{address}/void", {"reason": "错"}).status_code == 422
    assert leader.send(f"{address}/void", {"reason": "当事人姓名写错"}).status_code == 303
    assert cast.load(order.public_id).state is PaperState.VOID
    row = leader.see("/register").xpath(f'//tr[contains(., "{order.doc_no}")]')[0]
    struck = ["void" in (cell.get("class") or "") for cell in row.xpath("./td")]
    assert struck == [True] * 7 + [False]
    assert "当事人姓名写错" in row.text_content()


def test_a_service_that_the_law_does_not_know_is_refused_at_its_box(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("ordered")
    cast.at(2026, 9, 18, 20)
    clerk = browse("clerk", cast)
    address = f"/papers/{cast.paper(ORDER).public_id}/service?mode=leave"
    values = filled(clerk.see(address)) | {
        "servers-0-name": "演示王干事", "servers-1-name": "演示苏干事", "place": "school",
        "served_at": "2026-09-18T19:30", "refusal_reason": "称孩子不愿上学，拒绝签收。"}
    answer = clerk.send(address, values)
    assert answer.status_code == 422
    alert = html.fromstring(answer.text).xpath('//div[@role="alert"]')[0]
    assert alert.xpath('.//a[@href="#place"]')
    assert alert.xpath('.//a[@href="#witness_name"]')


def test_a_service_starts_the_term_which_the_case_explains_day_by_day(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("ordered")
    cast.at(2026, 9, 18, 20)
    clerk = browse("clerk", cast)
    address = f"/papers/{cast.paper(ORDER).public_id}/service?mode=leave"
    values = filled(clerk.see(address)) | {
        "servers-0-name": "演示王干事", "servers-1-name": "演示苏干事", "place": "home",
        "served_at": "2026-09-18T19:30", "refusal_reason": "称孩子不愿上学，拒绝签收。", "witness_name": "演示村主任",
        "witness": "village", "proof": (io.BytesIO(picture("照片")), "照片.png")}
    answer = clerk.send(address, values)
    assert answer.status_code == 303, words(html.fromstring(answer.text))
    page = clerk.see(answer.headers["Location"])
    assert "至 2026年9月28日（含当日）" in words(page)
    strip = page.xpath('//ol[@class="days"]/li')
    assert (strip[0].get("class"), strip[-1].get("class")) == ("start", "due")
    assert "中秋节" in words(page.xpath('//ol[@class="days"]')[0])


def test_a_scan_is_sent_up_and_looked_at(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    clerk = browse("clerk", cast)
    address = f"/papers/{cast.paper(ORDER).public_id}"
    assert clerk.send(f"{address}/scans/new").status_code == 422
    wrong = clerk.send(f"{address}/scans/new", {"role": "stamped", "file": (io.BytesIO(b"MZ not a scan"), "x.pdf")})
    assert wrong.status_code == 422
    right = clerk.send(f"{address}/scans/new", {"role": "stamped", "note": "逐页核对，是这份通知书", "file": (io.BytesIO(picture("章")), "章.png")})
    assert right.status_code == 303
    shown = clerk.see(address).xpath('//section[@id="scan"]//li/a/@href')
    assert clerk.get(shown[-1]).mimetype == "application/pdf"


@pytest.mark.parametrize("kind", [each.kind for each in catalogue.PAPERS if each.life in (Life.RECEIPT, Life.COMPILED)])
def test_what_the_service_compiles_is_not_begun_by_hand(
    kind: str, admonished: Cast, browse: Callable[..., Browser],
) -> None:
    assert browse("clerk", admonished).send(f"/cases/{admonished.case}/papers", {"kind": kind}).status_code == 422


def test_a_step_cannot_be_skipped(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("reported")
    answer = browse("clerk", cast).send(f"/cases/{cast.case}/papers", {"kind": ORDER})
    assert answer.status_code == 422
    assert "尚未完成“批评教育”" in answer.text


def test_who_had_a_hand_in_a_paper_is_not_offered_to_approve_it(
    admonished: Cast, browse: Callable[..., Browser],
) -> None:
    clerk, other = browse("clerk", admonished), browse("both", admonished)
    address = draft(admonished, clerk)
    other.send(f"{address}/edit", typed(other, address, serve_on="2026-09-18"))
    assert clerk.press(f"{address}/check", f"{address}/check").status_code == 303
    admonished.work()
    for who, offered in ((other, False), (browse("leader", admonished), True)):
        assert bool(who.see(address).xpath(f'//form[@action="{address}/approve"]')) is offered
        assert (f'href="{address}"' in who.get("/").text) is offered
        assert ("看原文并签" in who.get(f"/cases/{admonished.case}").text) is offered


def test_a_day_that_has_not_come_is_told_at_its_box(admonished: Cast, browse: Callable[..., Browser]) -> None:
    clerk = browse("clerk", admonished)
    address = draft(admonished, clerk)
    answer = clerk.send(f"{address}/edit", typed(clerk, address, issue_date="2026-12-01", serve_on="2026-12-01"))
    assert answer.status_code == 422
    assert "不能在今天以后" in answer.text
    assert 'value="2026-12-01"' in answer.text
