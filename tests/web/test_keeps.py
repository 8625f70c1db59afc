"""Two people in one draft: both versions side by side, chosen field by field; nothing typed gets lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from tests.web.conftest import filled, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast
    from tests.web.conftest import Browser


def sent(page: Any, form: int = -1) -> dict[str, Any]:
    """What a browser sends: the line end that opens a text box is not part of its text."""
    return {name: value.removeprefix("\n") for name, value in filled(page, form).items()}


class Two:
    """The clerk and the second clerk, each with the same draft open."""

    def __init__(self, cast: Cast, browse: Callable[..., Browser], paper: str = "") -> None:
        self.cast = cast
        cast.at(2026, 9, 18)
        self.paper = paper or cast.draft_order()
        self.address = f"/papers/{self.paper}"
        self.first, self.second = browse("clerk", cast), browse("second", cast)
        self.mine = sent(self.first.see(f"{self.address}/edit"))
        self.theirs = sent(self.second.see(f"{self.address}/edit"))

    def conflict(self, mine: dict[str, str], theirs: dict[str, str]) -> str:
        """The second saves first, then the first; answers the address of both versions."""
        saved = self.second.client.post(f"{self.address}/draft", data=self.theirs | theirs)
        assert "X-Draft-Version" in saved.headers, saved.text
        answer = self.first.client.post(f"{self.address}/edit", data=self.mine | mine)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def typed(self) -> dict[str, Any]:
        return dict(self.cast.load(self.paper).typed)


@pytest.fixture
def two(at_stage: Callable[[str], Cast], browse: Callable[..., Browser]) -> Two:
    return Two(at_stage("admonished"), browse)


def picks(page: Any) -> dict[str, str | None]:
    """What stands chosen for each differing field."""
    names = list(dict.fromkeys(page.xpath('//input[@type="radio"]/@name')))
    return {name: next(iter(page.xpath(f'//input[@name="{name}"][@checked]/@value')), None) for name in names}


def test_what_one_of_them_changed_is_taken_and_what_both_changed_is_asked(two: Two) -> None:
    address = two.conflict({"findings": "我的", "term_days": "9"}, {"findings": "对方的", "serve_on": "2026-09-19"})
    page = two.first.see(address)
    assert picks(page) == {"pick-findings": None, "pick-term_days": "mine", "pick-serve_on": "stored"}
    for said in ("我的", "对方的", two.cast.people["second"].name, two.cast.clerk.name):
        assert said in words(page)
    form = sent(page, 1)
    missing = two.first.client.post(address, data=form)
    assert missing.status_code == 422
    assert "两边都改过" in missing.text
    done = two.first.client.post(address, data=form | {"pick-findings": "mine"})
    assert done.location == f"{two.address}/edit"
    assert {name: two.typed()[name] for name in ("findings", "term_days", "serve_on")} == {
        "findings": "我的", "term_days": "9", "serve_on": "2026-09-19"}
    assert "未处理" not in two.first.get(f"{two.address}/edit").text


def test_rows_are_told_one_by_one_and_may_be_taken_together(
    at_stage: Callable[[str], Cast], browse: Callable[..., Browser],
) -> None:
    cast = at_stage("reported")
    two, rows = Two(cast, browse, cast.draft(cast.clerk, "criticism_record", cast.admonish_words())), "officers"
    one = {f"{rows}-2-name": "演示张一", f"{rows}-2-cert_no": "演示640499003"}
    other = {f"{rows}-2-name": "演示李二", f"{rows}-2-cert_no": "演示640499004"}
    address = two.conflict(one, other)
    page = two.first.see(address)
    alone = [words(each) for each in page.xpath('//p[contains(@class, "alone")]')]
    assert len(alone) == 2
    assert "together" in page.xpath(f'//input[@name="pick-{rows}"]/@value')
    two.first.client.post(address, data=sent(page, 1) | {f"pick-{rows}": "together"})
    names = [row["name"] for row in two.typed()[rows]]
    assert names[-2:] == ["演示李二", "演示张一"]


def test_typing_goes_on_into_the_keep_and_the_page_says_so(two: Two) -> None:
    two.second.client.post(f"{two.address}/draft", data=two.theirs | {"findings": "对方的"})
    first = two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "我"})
    keep = first.headers["X-Draft-Keep"]
    assert "X-Draft-Version" not in first.headers
    assert "没有丢" in first.text
    more = two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "我的全部", "_keep": keep})
    assert more.headers["X-Draft-Look"] == first.headers["X-Draft-Look"], "the same keep, not one for each key"
    assert "我的全部" in two.first.get(more.headers["X-Draft-Look"]).text
    late = two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "我", "_keep": keep})
    assert "我的全部" in two.first.get(more.headers["X-Draft-Look"]).text, "what comes late overwrites nothing"
    assert late.headers["X-Draft-Look"] != more.headers["X-Draft-Look"]
    assert two.typed()["findings"] == "对方的"


def test_only_whoever_typed_it_settles_it_and_the_others_may_look(two: Two) -> None:
    address = two.conflict({"findings": "我的"}, {"findings": "对方的"})
    note = words(two.second.see(f"{two.address}/edit").xpath("//div[@class='warned']")[0])
    assert f"{two.cast.clerk.name} 2026年9月18日 10:00 的另一份填写未处理" in note
    page = two.second.see(address)
    assert "我的" in words(page)
    assert page.xpath('//input[@type="radio"]') == []
    for where in (address, f"{address}/drop"):
        answer = two.second.send(where, {"pick-findings": "mine", "_version": str(two.cast.load(two.paper).version)})
        assert answer.status_code == 422
        assert "只能由本人处理" in answer.text
    assert two.first.send(f"{address}/drop").status_code == 303
    assert two.typed()["findings"] == "对方的"
    assert "未处理" not in two.first.get(f"{two.address}/edit").text
    assert two.first.send(f"{address}/drop").status_code == 422


def test_a_third_save_meanwhile_is_shown_and_nothing_is_overwritten(two: Two) -> None:
    address = two.conflict({"findings": "我的"}, {"findings": "对方的"})
    form = sent(two.first.see(address), 1) | {"pick-findings": "mine"}
    now = sent(two.second.see(f"{two.address}/edit"))
    two.second.client.post(f"{two.address}/draft", data=now | {"findings": "又改了"})
    answer = two.first.client.post(address, data=form)
    assert answer.status_code == 422
    assert "又被改过一次" in words(html.fromstring(answer.text).xpath("//main")[0])
    assert "又改了" in answer.text
    assert picks(html.fromstring(answer.text))["pick-findings"] == "mine"
    assert two.typed()["findings"] == "又改了"


def test_what_is_typed_into_a_paper_that_was_sent_meanwhile_is_kept_too(two: Two) -> None:
    from app.actions import submit_paper  # noqa: PLC0415

    submit_paper.submit_paper(two.cast.desk, two.cast.people["second"], two.paper)
    answer = two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "晚了"})
    assert "已经送出" in answer.text
    page = two.first.see(answer.headers["X-Draft-Look"])
    assert "晚了" in words(page)
    assert page.xpath('//input[@type="radio"]') == []


def test_two_devices_of_one_person_are_two_editors(two: Two, browse: Callable[..., Browser]) -> None:
    other = browse("clerk", two.cast)
    elsewhere = sent(other.see(f"{two.address}/edit"))
    two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "第一台"})
    assert "第一台" in other.get(f"{two.address}/edit").text, "the newest is shown"
    told = other.client.post(f"{two.address}/draft", data=elsewhere | {"findings": "第二台"})
    assert "X-Draft-Keep" in told.headers
    assert two.typed()["findings"] == "第一台"


def test_a_stranger_sees_no_keep(two: Two, browse: Callable[..., Browser]) -> None:
    address = two.conflict({"findings": "我的"}, {"findings": "对方的"})
    assert browse("stranger", two.cast).get(address).status_code == 404
    assert two.first.get(f"{two.address}/keeps/{'0' * 32}").status_code == 404


def test_a_sheet_that_says_what_the_draft_says_is_no_conflict_any_more(two: Two) -> None:
    """A save that was overtaken by another of the same page must not stop whoever goes on."""
    two.second.client.post(f"{two.address}/draft", data=two.theirs | {"findings": "最后写成这样"})
    kept = two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "最后写成"})
    assert kept.headers["X-Draft-Keep"]
    whole = two.mine | {"findings": "最后写成这样", "_keep": kept.headers["X-Draft-Keep"]}
    again = two.first.client.post(f"{two.address}/draft", data=whole)
    assert "X-Draft-Keep" not in again.headers
    assert two.first.client.post(f"{two.address}/edit", data=whole).status_code == 200
    assert "未处理" not in two.first.get(f"{two.address}/edit").text


def test_a_page_sent_before_it_heard_of_its_own_save_meets_no_conflict(two: Two) -> None:
    """What was saved meanwhile stands in what is sent; whatever does not is a conflict as ever."""
    two.first.client.post(f"{two.address}/draft", data=two.mine | {"findings": "写了一半"})
    assert two.first.client.post(f"{two.address}/edit", data=two.mine | {"findings": "写了一半", "term_days": "9"}).status_code == 200
    assert (two.typed()["findings"], two.typed()["term_days"]) == ("写了一半", "9")
    overtaken = two.second.client.post(f"{two.address}/edit", data=two.theirs | {"findings": "写了别的"})
    assert overtaken.status_code == 303, "the other one's 9 days are not in this sheet"
    assert (two.typed()["findings"], two.typed()["term_days"]) == ("写了一半", "9")
