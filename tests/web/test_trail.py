"""The trail of a case reads like what an official would say; what was entered later than done says so."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.actions import consent_late, enter_late
from app.actions.register_signed import Signed, draft_code, register_signed
from app.law.lives import ScanRole
from tests.people import CHILD, upload
from tests.web.conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser


def lines(browser: Browser, address: str) -> list[str]:
    return [words(each) for each in browser.see(address).xpath('//ol[@class="trail"]/li')]


def test_an_act_is_a_sentence_with_its_paper(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("filed")
    order = cast.paper("rectification_order")
    clerk, address = browse("clerk", cast), f"/cases/{cast.case}"
    told = lines(clerk, address)
    assert f"2026年9月18日 10:00 演示李乡长签发《责令限期改正通知书》（{order.doc_no}）" in told
    assert any("演示王干事登记送达《责令限期改正通知书》" in line and "留置送达" in line for line in told)
    assert any("系统制成《" in line and "共" in line for line in told)
    assert not any(CHILD.name in line for line in told)
    page: Any = clerk.see(address)
    assert page.xpath(f'//ol[@class="trail"]//a[@href="/papers/{order.public_id}"]')


def test_it_can_be_narrowed_to_one_kind(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> None:
    cast = at_stage("filed")
    clerk, address = browse("clerk", cast), f"/cases/{cast.case}"
    everything = lines(clerk, address)
    links = clerk.see(address).xpath('//section[@id="trail"]/header//a/@href')
    narrowed = [lines(clerk, each) for each in links]
    assert sorted(line for found in narrowed for line in found) == sorted(everything)
    assert lines(clerk, f"{address}?acts=service") == [line for line in everything if "送达" in line.split("《")[0]]
    assert lines(clerk, f"{address}?acts=nothing") == ["没有这一类的办理。"]


def test_consent_and_a_signature_on_paper_say_their_own_day(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order(deadline_mode="from_service", serve_on="")
    signed = Signed(paper, cast.leader.account_id, date(2026, 9, 18), draft_code(cast.load(paper)), scan=upload("稿纸"))
    cast.at(2026, 9, 21)
    register_signed(cast.desk, cast.second, signed)
    cast.at(2026, 9, 30)
    check = enter_late.LateEntry(date(2026, 9, 29), typed={"present": "no"}, scan=upload("记录"))
    told = lines(browse("clerk", cast), f"/cases/{cast.case}?acts=paper")
    assert any("补录：2026年9月18日办理，2026年9月21日" in line for line in told)
    cast.work()
    cast.scan(cast.clerk, paper, ScanRole.STAMPED)
    cast.serve(served_at=datetime(2026, 9, 18, 19, 30))  # noqa: DTZ001  (local time)
    entered = enter_late.enter_late(cast.desk, cast.clerk, cast.case, "compliance_check", check)
    consent_late.return_late(cast.desk, cast.leader, entered, "看不清")
    enter_late.enter_again(cast.desk, cast.clerk, entered, check)
    cast.at(2026, 10, 8)
    consent_late.consent_late(cast.desk, cast.leader, entered)
    told = lines(browse("clerk", cast), f"/cases/{cast.case}?acts=paper")
    assert sum("补录：2026年9月29日办理，2026年9月30日" in line for line in told) == 2
    assert any("补录：2026年9月29日办理，2026年10月8日" in line for line in told)


def test_what_was_entered_on_a_later_day_says_both_days(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("ordered")
    cast.at(2026, 9, 21)
    cast.serve()
    told = lines(browse("clerk", cast), f"/cases/{cast.case}?acts=service")
    assert "补录：2026年9月18日办理，2026年9月21日 09:00录入" in told[0]
    on_time = lines(browse("clerk", cast), f"/cases/{cast.case}?acts=paper")
    assert not any("补录" in line for line in on_time)
