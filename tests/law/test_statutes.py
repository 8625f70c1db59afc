from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.law.statutes import Article, Statutes, chinese_number, full_name
from app.outside import shipped

TEXTS = Statutes((
    Article("义务教育法", "2018-12-29", 58, ("一段。",)),
    Article("义务教育法", "2018-12-29", 5, ("甲。", "乙。")),
    Article("义务教育法", "2018-12-29", 59, ("有下列情形之一的:", "(一)甲的；", "(二)乙的；", "（三)丙的。",
                                        "末款。")),
))


@pytest.mark.parametrize(("number", "words"), [
    (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (58, "五十八"), (100, "一百"), (105, "一百零五"),
    (110, "一百一十"), (118, "一百一十八"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"),
    (1260, "一千二百六十"), (9999, "九千九百九十九"),
])
def test_numbers_are_written_as_articles_are(number: int, words: str) -> None:
    assert chinese_number(number) == words


@pytest.mark.parametrize("number", [0, -1, 10000])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="条款序号"):
        chinese_number(number)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_two_numbers_never_look_alike(one: int, other: int) -> None:
    assert (chinese_number(one) == chinese_number(other)) is (one == other)


@pytest.mark.parametrize(("law", "name"), [
    ("义务教育法", "《中华人民共和国义务教育法》"), ("《中华人民共和国义务教育法》",
                                  "《中华人民共和国义务教育法》"),
    ("未保法", "《中华人民共和国未成年人保护法》"), ("残疾人教育条例", "《残疾人教育条例》"),
    ("行政诉讼法解释", "《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》"),
])
def test_a_law_is_called_by_its_full_name(law: str, name: str) -> None:
    assert full_name(law) == name


@pytest.mark.parametrize(("article", "paragraph", "item", "label", "text"), [
    (58, None, None, "《中华人民共和国义务教育法》第五十八条", "一段。"),
    (58, 1, None, "《中华人民共和国义务教育法》第五十八条", "一段。"),
    (5, 2, None, "《中华人民共和国义务教育法》第五条第二款", "乙。"),
    (59, 1, None, "《中华人民共和国义务教育法》第五十九条第一款",
     "有下列情形之一的：\n（一）甲的；\n（二）乙的；\n（三）丙的。"),
    (59, 2, None, "《中华人民共和国义务教育法》第五十九条第二款", "末款。"),
    (59, None, 1, "《中华人民共和国义务教育法》第五十九条第一项", "有下列情形之一的：（一）甲的；……"),
    (59, 1, 2, "《中华人民共和国义务教育法》第五十九条第一款第二项", "有下列情形之一的：……（二）乙的；……"),
    (59, 1, 3, "《中华人民共和国义务教育法》第五十九条第一款第三项", "有下列情形之一的：……（三）丙的。"),
])
def test_an_article_is_cited_with_even_punctuation(
    article: int, paragraph: int | None, item: int | None, label: str, text: str,
) -> None:
    cited = TEXTS.cite("义务教育法", article, paragraph, item)
    assert (cited.label, cited.text) == (label, text)


@pytest.mark.parametrize(("law", "article", "paragraph", "item", "where"), [
    ("义务教育条例", 1, None, None, "law"), ("义务教育法", 57, None, None, "article"),
    ("义务教育法", 58, 2, None, "paragraph"), ("义务教育法", 58, 0, None, "paragraph"),
    ("义务教育法", 59, 1, 4, "item"), ("义务教育法", 59, None, 0, "item"),
])
def test_what_is_not_in_the_texts_cannot_be_cited(
    law: str, article: int, paragraph: int | None, item: int | None, where: str,
) -> None:
    with pytest.raises(Refused) as refused:
        TEXTS.cite(law, article, paragraph, item)
    assert refused.value.where == where


def test_the_shipped_texts_say_what_the_papers_quote() -> None:
    cite = shipped.statutes().cite
    assert cite("义务教育法", 58).text == (
        "适龄儿童、少年的父母或者其他法定监护人无正当理由未依照本法规定送适龄儿童、少年入学接受义务教育的，"
        "由当地乡镇人民政府或者县级人民政府教育行政部门给予批评教育，责令限期改正。")
    assert cite("未成年人保护法", 83, 2).label == "《中华人民共和国未成年人保护法》第八十三条第二款"
    assert "（五）尊重未成年人受教育的权利" in cite("未成年人保护法", 16, item=5).text
    with pytest.raises(Refused):
        cite("未成年人保护法", 134)


def test_no_shipped_article_can_bring_uneven_punctuation_or_invisible_characters_onto_a_paper() -> None:
    texts = shipped.statutes()
    for each in texts.articles:
        shown = texts.cite(each.law, each.article).text
        assert not set(shown) & set(":;,()\u200b")
