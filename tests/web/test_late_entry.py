"""补录, 发文稿纸, 作废并重做 and the register in the browser, without script."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from app.actions import approve_paper, consent_late, enter_late, number_rules
from app.actions.enter_late import LateEntry
from app.actions.register_signed import draft_code
from app.law.lives import PaperState
from app.law.numbering import series_line
from tests.people import TOWNSHIP, picture, upload
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser

RECORD, ORDER = "criticism_record", "rectification_order"


def scan(words: str = "原件") -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture(words)), "原件.png"


def entered(cast: Cast, browser: Browser, **changed: Any) -> str:
    values = {"done_on": "2026-09-16", "person": cast.load_student_name(), "scan": scan()} | changed
    answer = browser.send(f"/cases/{cast.case}/late/{RECORD}", values)
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["Location"])


def words_of(text: str) -> str:
    from lxml import html  # noqa: PLC0415

    return words(html.fromstring(text))


def test_an_entry_is_made_looked_at_beside_its_scan_sent_back_corrected_and_consented_to(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("reported")
    clerk, leader = browse("clerk", cast), browse("leader", cast)
    offered = words(clerk.see(f"/cases/{cast.case}/late"))
    assert "补录批评教育笔录" in offered
    assert "补录疑似辍学学生报告" not in offered
    address = entered(cast, clerk)
    page = leader.see(address)
    assert "还不算数" in words(page)
    assert page.xpath('//img[contains(@src, "/original/1.png")]')
    assert leader.get(f"{address}/original/1.png").mimetype == "image/png"
    assert "同意补录" not in [each.text for each in clerk.see(address).xpath("//button")]
    assert leader.send(f"{address}/late/return", {"note": "日期看不清"}).status_code == 303
    assert "日期看不清" in words(clerk.see(address))
    assert clerk.send(f"{address}/late", {"done_on": "2026-09-16", "person": cast.load_student_name()}).status_code == 303
    assert leader.press(address, f"{address}/consent").status_code == 303
    assert "已同意补录" in words(clerk.see(address))
    assert "已补录" in words(clerk.see(f"/cases/{cast.case}"))


def test_what_is_wrong_stands_at_its_box(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("reported")
    answer = browse("clerk", cast).send(f"/cases/{cast.case}/late/{RECORD}", {
        "done_on": "2026-09-30", "person": cast.load_student_name(), "scan": scan()})
    assert answer.status_code == 422
    assert "日期不能在今天以后" in answer.text
    assert browse("clerk", cast).get(f"/cases/{cast.case}/late/case_index").status_code == 404


def test_a_slip_is_printed_and_registered_by_another(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    address = f"/papers/{paper}"
    clerk, second = browse("clerk", cast), browse("second", cast)
    assert clerk.get(f"{address}/slip.pdf").data.startswith(b"%PDF")
    assert not clerk.see(address).xpath(f'//a[@href="{address}/signed"]')
    assert second.see(address).xpath(f'//a[@href="{address}/signed"]')
    values = {"code": "0000-0000", "signer": str(cast.leader.account_id), "signed_on": "2026-09-18", "scan": scan()}
    wrong = second.send(f"{address}/signed", values)
    assert wrong.status_code == 422
    assert "签的不是这一稿" in wrong.text
    right = second.send(f"{address}/signed", values | {"code": draft_code(cast.load(paper)), "scan": scan()})
    assert right.status_code == 303
    assert "演示李乡长（在发文稿纸上签发）" in words(second.see(address))


def test_a_typed_number_is_asked_for_and_its_gaps_are_not_ours(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    address = f"/papers/{cast.submit_order()}"
    admin, leader = browse("admin", cast), browse("leader", cast)
    assert admin.send(f"/offices/{TOWNSHIP}/numbers", {"typed": "yes"}).status_code == 303
    assert leader.see(address).xpath('//input[@name="number"]')
    assert "六角括号" in leader.press(address, f"{address}/approve").text
    version = str(cast.load(address.rpartition("/")[2]).version)
    done = leader.send(f"{address}/approve", {"version": version, "number": "吉政发〔2026〕45号"})
    assert done.status_code == 303
    assert "2026年 吉政发 号由本单位办公室（党政办）编，空号不归本系统" in words(leader.see("/register"))


def test_the_register_shows_both_ways_what_replaces_what(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("ordered")
    leader = browse("leader", cast)
    old = cast.paper(ORDER)
    answer = leader.send(f"/papers/{old.public_id}/reissue", {"reason": "成文日期写错了"})
    assert answer.status_code == 303
    new = answer.headers["Location"]
    assert "替代 演示吉强政责改〔2026〕1号（已作废）" in words(leader.see(new))
    assert "由 责令限期改正通知书（草稿） 替代" in words(leader.see(f"/papers/{old.public_id}"))
    page = leader.see("/register")
    assert "由新稿（未签发）替代" in words(page)
    assert "作废：成文日期写错了" in words(page)
    assert "2026年 演示吉强政责改 1号，无缺号" in words(page)


def test_the_register_is_searched_by_post_and_taken_along_as_text(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("served")
    clerk = browse("clerk", cast)
    assert "已送达1人 2026.9.18" in words(clerk.see("/register"))
    assert "没有发文" in words_of(clerk.send("/register", {"text": "无此文"}).text)
    assert "责令限期改正通知书" in words_of(clerk.send("/register", {"year": "2026", "text": "责令"}).text)
    assert clerk.send("/register", {"year": "1999"}).status_code == 422
    sheet = load_workbook(io.BytesIO(clerk.send("/register/export", {}).data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    text = "\n".join(str(cell.value) for cell in cells)
    assert "演示吉强政责改〔2026〕1号" in text
    assert "演中控辍" not in text
    assert "西吉县吉强镇人民政府发文登记簿" in text
    assert "无缺号" in text
    wide = load_workbook(io.BytesIO(clerk.send("/register/export", {"office": "area"}).data)).active
    area = "\n".join(str(cell.value) for row in wide.iter_rows() for cell in row)
    assert "演中控辍" in area
    assert "西吉县吉强镇人民政府辖区文书清单" in area
    assert "缺号" not in area
    assert cast.load_student().name not in text
    assert cast.load_student_name() not in text
    assert clerk.send("/register/book", {}).data.startswith(b"%PDF")


def test_a_leader_starts_a_series_and_the_check_counts_from_there(
        at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    leader = browse("leader", cast)
    assert leader.send("/register/series", {"series": "责改", "year": "2026", "first": "8"}).status_code == 303
    assert "8号" in words(leader.see("/register/series"))
    approve_paper.approve_paper(cast.desk, cast.leader, paper)
    assert "2026年 演示吉强政责改 8号（从8号起编），无缺号" in words(leader.see("/register"))
    assert "已经用到8号" in words_of(
        leader.send("/register/series", {"series": "责改", "year": "2026", "first": "3"}).text)
    assert browse("clerk", cast).get("/register/series").status_code == 404


@pytest.mark.parametrize(("found", "last", "skipped", "said"), [
    ([1, 2, 3], 3, set(), "1—3号，无缺号"), ([1, 3], 3, set(), "1—3号，缺2号"), ([2, 3], 3, set(), "1—3号，缺1号"),
    ([8, 9], 9, set(range(1, 8)), "8—9号（从8号起编），无缺号"), ([1, 2, 20], 20, set(range(3, 20)), "1—20号，无缺号"),
    ([1], 7, set(range(2, 8)), "1号，无缺号"),
    ([1, 2], 3, set(), "1—3号，缺3号")])
def test_a_gap_is_told_from_a_start(found: list[int], last: int, skipped: set[int], said: str) -> None:
    assert series_line(2026, "西教责改", found, last, skipped, typed=False) == f"2026年 西教责改 {said}"


def test_a_number_on_paper_is_no_gap_and_no_number_of_the_series(at_stage: Callable[[str], Cast],
                                                                 browse: Callable[..., Browser]) -> None:
    cast = at_stage("admonished")
    cast.at(2026, 9, 18, 10)
    number_rules.start_own_series(cast.desk, cast.leader, TOWNSHIP, number_rules.Start("责改", 2026, 8))
    paper = enter_late.enter_late(cast.desk, cast.clerk, cast.case, ORDER, LateEntry(
        cast.clock.day_of(cast.clock.now()), "演示吉强政责改〔2026〕5号", "演示李乡长", scan=upload("原件"),
        typed={"deadline_mode": "from_service", "term_days": "7"}))
    consent_late.consent_late(cast.desk, cast.leader, paper)
    page = words(browse("clerk", cast).see("/register"))
    assert "演示吉强政责改〔2026〕5号" in page
    assert "缺" not in page
    assert cast.load(paper).state is PaperState.ISSUED
