from __future__ import annotations

import pytest

from app.errors import Refused
from app.law import rights, wording
from app.outside import shipped


@pytest.mark.parametrize(("county", "organ"), [
    ("西吉县", "西吉县人民政府"), ("原州区", "固原市原州区人民政府"), ("固原市原州区",
                                                "固原市原州区人民政府"), ("泾源县", "泾源县人民政府"),
])
def test_the_review_organ_is_the_county_government(county: str, organ: str) -> None:
    assert rights.review_organ(county) == organ


@pytest.mark.parametrize("county", ["", "固原市"])
def test_without_a_county_no_organ_is_named(county: str) -> None:
    with pytest.raises(Refused, match="没有县（区）名称"):
        rights.review_organ(county)


@pytest.mark.parametrize(("county", "name", "full"), [
    ("西吉县", "吉强镇人民政府", "西吉县吉强镇人民政府"), ("西吉县", "西吉县教育体育局", "西吉县教育体育局"),
    ("原州区", "三营镇人民政府", "固原市原州区三营镇人民政府"), ("原州区", "原州区教育体育局",
                                          "固原市原州区教育体育局"),
    ("原州区", "固原市原州区教育体育局", "固原市原州区教育体育局"), ("西吉县", "西吉县西吉中学",
                                            "西吉县西吉中学"),
])
def test_a_seal_bears_the_county_and_a_district_its_city_too(county: str, name: str, full: str) -> None:
    assert rights.seal_name(county, name) == full
    assert rights.seal_name(county, full) == full


def test_an_office_without_a_name_has_no_seal_name() -> None:
    with pytest.raises(Refused, match="没有机关名称"):
        rights.seal_name("西吉县", "")


def test_the_rights_stand_word_for_word() -> None:
    assert rights.paragraph("西吉县") == (
        "如不服本通知，可以自收到之日起六十日内向西吉县人民政府申请行政复议，也可以自收到之日起六个月内直接向有管辖权的"
        "人民法院提起行政诉讼；对行政复议决定不服的，可以自收到复议决定书之日起十五日内提起行政诉讼。"
        "行政复议、行政诉讼期间，除法律规定的情形外，不停止本通知的执行。")


def test_after_an_announcement_the_terms_run_from_its_end() -> None:
    text = rights.paragraph("原州区", court="固原市原州区人民法院", announced=True)
    assert text.count("自公告期满之日起") == 2
    assert "自收到之日起" not in text
    assert "向固原市原州区人民政府申请" in text
    assert "直接向固原市原州区人民法院提起" in text


def test_what_is_printed_names_only_lawful_routes() -> None:
    text = rights.consequences_paragraph(shipped.statutes())
    assert wording.check(text, banned=frozenset({"order"})) == ()
    assert "提起民事诉讼" not in text


def test_the_consequences_stand_word_for_word_each_with_its_articles() -> None:
    assert rights.consequences_paragraph(shipped.statutes()) == (
        "逾期仍不改正的，可能依法产生以下后果：（一）由居住地的村民委员会、居民委员会予以劝诫、制止；情节严重的，由村民委员会、"
        "居民委员会向公安机关报告，由公安机关予以训诫，并可以责令接受家庭教育指导"
        "（《中华人民共和国未成年人保护法》第一百一十八条）；（二）由人民检察院依法督促、支持有关组织和个人提起诉讼"
        "（同法第一百零六条）；（三）在法定期限内不申请行政复议或者提起行政诉讼，又不履行本通知的，经催告，自催告书送达之日起"
        "十日后仍不履行的，本机关可以依法申请人民法院强制执行"
        "（《中华人民共和国行政强制法》第五十三条、第五十四条）。")


def test_every_route_cites_an_article_that_is_in_the_texts() -> None:
    cite = shipped.statutes().cite
    assert all(cite(each.law, article).text for each in rights.CONSEQUENCES for article in each.articles)


def test_the_offer_to_be_heard_names_day_and_contact() -> None:
    text = rights.statement_paragraph("2026年9月22日", "演示乡镇司法所 0954-2012345")
    assert "2026年9月22日（含当日）前" in text
    assert "0954-2012345" in text
    assert wording.check(text) == ()
