from __future__ import annotations

import re

import pytest

from app.law.wording import LISTS
from app.outside import shipped
from app.papers.catalogue import PAPERS, sample, template_path
from app.papers.context import compose
from app.papers.lint import Fault, lint
from tests.papers.docs import BODY, body_with, changed, paper, parts, related

KNOWN = {"name": "张三", "minor": True, "rows": ({"text": "一"},)}
CLEAN = ("当事人：{{ name }}", "{% if minor %}未成年{% endif %}", "{%p for r in rows %}", "{{ r.text }}", "{%p endfor %}")
W14 = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def clean(*more: str, **options: str) -> bytes:
    """A template without a fault, in fonts that papers may use throughout."""
    return paper(*CLEAN, *more, **options)  # type: ignore[arg-type]


def faults(data: bytes, **options: frozenset[str]) -> list[Fault]:
    return list(lint(data, KNOWN, **options))


def codes(data: bytes) -> set[str]:
    return {each.code for each in faults(data)}


def field(code: str) -> str:
    return (f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')


def test_a_clean_template_has_no_fault() -> None:
    assert faults(clean()) == []


@pytest.mark.parametrize("kind", [each.kind for each in PAPERS])
def test_every_shipped_template_is_clean(kind: str) -> None:
    declared = next(each for each in PAPERS if each.kind == kind)
    composed = compose(declared, sample(kind), shipped.lawbook())
    found = lint(template_path(kind).read_bytes(), composed.context, banned=declared.banned)
    assert [each for each in found if not each.note] == []


def test_a_name_that_the_paper_has_not_is_told_with_its_paragraph() -> None:
    found = faults(clean("{{ nmae }}"))
    assert [(each.where, each.code) for each in found if not each.note] == [("正文第6段", "undefined")]
    assert "nmae" in found[0].message


def test_a_column_that_the_rows_have_not_is_told() -> None:
    data = paper("{{ name }}{% if minor %}x{% endif %}", "{%p for r in rows %}", "{{ r.txt }}", "{%p endfor %}")
    assert ("正文第3段", "undefined") in [(each.where, each.code) for each in faults(data)]


def test_a_name_that_the_template_leaves_out_is_a_note() -> None:
    found = [each for each in faults(paper("{{ name }}")) if each.code == "unused"]
    assert [each.message for each in found] == ["模板没有直接用到“minor”。", "模板没有直接用到“rows”。"]
    assert all(each.note for each in found)


@pytest.mark.parametrize(("text", "code"), [
    ("{{ name", "split"), ("name }}", "split"), ("{% if minor", "split"), ("｛｛ name ｝｝", "wide"), ("{％ if ％}", "wide"),
    ("{% if name == “张” %}x{% endif %}", "quotes"), ("{{p name }}", "output"), ("{{r name }}", "output"),
    ("{{ name.__class__ }}", "forbidden"), ("{{ range(9) }}", "forbidden"), ("{% set a = 1 %}", "forbidden"),
])
def test_a_bad_tag_is_told(text: str, code: str) -> None:
    found = [each for each in faults(clean(text)) if each.code == code]
    assert found
    assert found[0].where.startswith("正文第6段")


def test_a_tag_over_two_paragraphs_is_told() -> None:
    assert "split" in codes(clean("{{ name", "}}"))


def test_a_loop_over_cells_is_told() -> None:
    assert "cells" in codes(clean("{%tc for r in rows %}"))


def test_tags_in_a_part_that_is_never_filled_are_told() -> None:
    data = changed(clean(), BODY, lambda text: text, **{"word__comments.xml": "<c>{{ name }}</c>"})
    assert ("批注", "unfilled") in [(each.where, each.code) for each in faults(data)]


@pytest.mark.parametrize(("kind", "target", "code"), [
    ("image", "http://127.0.0.1/a.png", "external"), ("image", "file:///etc/passwd", "external"),
    ("attachedTemplate", "http://127.0.0.1/t.dotm", "external"), ("oleObject", "file:///c", "external"),
    ("hyperlink", "http://127.0.0.1/", "external"), ("hyperlink", "javascript:x", "external"),
    ("subDocument", "http://127.0.0.1/s", "external"), ("frame", "http://127.0.0.1/f", "external"),
])
def test_what_would_be_fetched_is_told(kind: str, target: str, code: str) -> None:
    assert code in codes(related(clean(), kind, target))


@pytest.mark.parametrize("kind", ["aFChunk", "oleObject", "package", "control", "vbaProject"])
def test_what_is_embedded_is_told(kind: str) -> None:
    assert "embedded" in codes(related(clean(), kind, "embeddings/x.bin", external=False))


def test_a_scheme_without_target_mode_is_told() -> None:
    assert "external" in codes(related(clean(), "image", "http://127.0.0.1/a.png", external=False))


def test_a_link_to_a_safe_page_passes() -> None:
    assert faults(related(clean(), "hyperlink", "https://www.gov.cn/")) == []


@pytest.mark.parametrize("part", ["word__vbaProject.bin", "word__embeddings__a.bin", "word__activeX__a.xml"])
def test_active_parts_are_told(part: str) -> None:
    assert "embedded" in codes(changed(clean(), BODY, lambda text: text, **{part: "<a/>"}))


def test_a_docm_renamed_is_told() -> None:
    data = changed(clean(), "[Content_Types].xml", lambda text: text.replace(
        "<Override", '<Default Extension="m" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/><Override', 1))
    assert "embedded" in codes(data)


@pytest.mark.parametrize("code", ["INCLUDEPICTURE &quot;http://127.0.0.1/a&quot;", "INCLUDETEXT &quot;/etc/passwd&quot;",
                                  "DDEAUTO cmd &quot;/c calc&quot;", "DDE x y", "DATE", "HYPERLINK &quot;http://a&quot;",
                                  "MACROBUTTON x", "SECTIONPAGES", ""])
def test_a_field_that_is_not_a_page_number_is_told(code: str) -> None:
    assert "field" in codes(body_with(clean(), field(code)))


@pytest.mark.parametrize("code", ["PAGE", " NUMPAGES \\* Arabic ", "HYPERLINK &quot;https://www.gov.cn&quot;"])
def test_page_numbers_and_safe_links_pass(code: str) -> None:
    assert faults(body_with(clean(), field(code))) == []


def test_a_field_hidden_in_pieces_is_told() -> None:
    pieces = field("x").replace("<w:instrText>x</w:instrText>",
                                '<w:instrText>INCLUDE</w:instrText><w:instrText>TEXT "/etc/passwd"</w:instrText>')
    assert "field" in codes(body_with(clean(), pieces))
    assert "field" in codes(body_with(clean(), '<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p>'))


@pytest.mark.parametrize(("xml", "code"), [
    ('<w:altChunk xmlns:r="x" r:id="rId99"/>', "embedded"), ("<w:p><w:r><w:object/></w:r></w:p>", "embedded"),
    ("<w:p><w:ins><w:r><w:t>x</w:t></w:r></w:ins></w:p>", "tracked"), ("<w:p><w:del/></w:p>", "tracked"),
    ('<w:p><w:r><w:rPr><w:rFonts w:eastAsia="某某艺术体"/></w:rPr><w:t>x</w:t></w:r></w:p>', "font"),
])
def test_elements_that_may_not_stand_are_told(xml: str, code: str) -> None:
    assert code in codes(body_with(clean(), xml))


def test_a_grid_of_lines_and_characters_is_told() -> None:
    data = changed(clean(), BODY, lambda text: text.replace("<w:docGrid ", '<w:docGrid w:type="linesAndChars" ', 1))
    assert "linesAndChars" in parts(data)[BODY]
    assert "grid" in codes(data)


def test_a_word_that_papers_may_not_carry_is_told() -> None:
    found = [each for each in faults(clean("逾期处以罚款。")) if each.code == "word"]
    assert found[0].where == "正文第6段"
    assert "罚款" in found[0].message


def test_a_papers_own_list_of_words_holds() -> None:
    name = min(LISTS)
    text = "责令务必训诫结婚滞纳金"
    assert [each for each in lint(clean(text), KNOWN, banned=frozenset(LISTS)) if each.code == "word"]
    assert name in LISTS


def test_what_is_no_docx_is_one_fault() -> None:
    assert [each.code for each in faults(b"nothing")] == ["broken"]


@pytest.mark.parametrize(("name", "why"), [("张\x00三", "U\\+0000"), (7, "不是文字"), ("x" * 200_000, "最多")])
def test_what_cannot_be_filled_on_trial_is_told(name: object, why: str) -> None:
    found = [each for each in lint(clean(), {**KNOWN, "name": name}) if not each.note]
    assert [(each.where, each.code) for each in found] == [("全文", "fill")]
    assert re.search(why, found[0].message)
