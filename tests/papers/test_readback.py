from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from app.papers import readback, render
from app.papers.docx_text import text_of
from app.papers.package import Package
from app.papers.pdf_text import fonts_of, page_texts, squeezed
from tests.papers.docs import BODY, body_with, changed, paper, related
from tests.press.cells import printed
from tests.press.running import press  # noqa: F401  (pytest finds fixtures by name)

if TYPE_CHECKING:
    from app.outside.press import Press

pytestmark = pytest.mark.press
LONG = "".join(f"第{number}条，演示文字" for number in range(900))


def problems(context: dict[str, object], docx: bytes, pdf: bytes, limit: int | None = None) -> list[str]:
    return [f"{each.where}|{each.message}" for each in readback.check(context, docx, pdf, limit)]  # type: ignore[arg-type]


def test_a_whole_paper_has_no_problem() -> None:
    docx = paper("当事人：张三", "well-known counter-intelligence " * 8, header="页眉字", footer="页脚字",
                 table=[["甲" * 60, "乙" * 5], ["丙", "丁" * 80]])
    assert problems({"name": "张三"}, docx, printed(docx)) == []


def test_a_value_that_filling_lost_is_found_though_the_docx_lacks_it_too() -> None:
    docx = paper("当事人：")
    assert problems({"name": "张三"}, docx, printed(docx)) == ["name|“张三”没有完整地印出来。"]


def test_a_lost_value_in_a_row_is_named_with_its_row() -> None:
    docx = paper("一")
    assert problems({"rows": ({"t": "一"}, {"t": "二"})}, docx, printed(docx))[0].startswith("rows.1.t|")


def test_a_paragraph_that_printing_lost_is_found() -> None:
    whole, short = paper("一段", "二段", "三段"), paper("一段", "三段")
    assert problems({}, whole, printed(short)) == ["|正文第2段“二段”没有完整地按顺序印出来。"]


def test_paragraphs_in_the_wrong_order_are_found() -> None:
    assert problems({}, paper("一段", "二段"), printed(paper("二段", "一段"))) != []


def test_one_lost_letter_is_found() -> None:
    assert problems({}, paper("责令接受家庭教育指导；由"), printed(paper("责令接受家庭教育指导由"))) != []


def test_a_paragraph_over_three_pages_is_whole() -> None:
    docx = paper("前", LONG, "后", header="页眉", footer="页脚")
    pdf = printed(docx)
    assert len(page_texts(pdf)) >= 3
    assert problems({"v": LONG}, docx, pdf) == []
    cut = LONG[:2000] + LONG[2001:]
    assert problems({"v": cut}, docx, pdf) != []


def test_rows_split_over_pages_are_whole() -> None:
    docx = paper("前", "x\n" * 20, "后", table=[["甲一" * 400, "乙二" * 500], ["丙", "丁"]])
    assert problems({}, docx, printed(docx)) == []


def test_too_many_pages_are_told() -> None:
    docx = paper(LONG)
    assert any("最多1页" in each for each in problems({}, docx, printed(docx), 1))
    assert problems({}, paper("短"), printed(paper("短")), 1) == []


def test_a_page_number_and_hidden_text_are_not_missed() -> None:
    page = ('<w:p><w:r><w:t>第</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText>'
            '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>99</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>页</w:t></w:r></w:p>'
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:r><w:t>看得见</w:t></w:r></w:p>")
    docx = body_with(paper("正文"), page)
    assert problems({}, docx, printed(docx)) == []
    assert [each.pieces for each in text_of(Package.read(docx), 1).flow][:2] == [("第", "页"), ("看得见",)]


@pytest.mark.parametrize("font", ["仿宋_GB2312", "方正小标宋简体", "楷体_GB2312", "黑体", "宋体"])
def test_a_box_is_found_though_the_text_layer_has_the_right_character(font: str) -> None:
    docx = paper("张\U00031350三", font=font)
    pdf = printed(docx)
    assert "张\U00031350三" in "".join(page_texts(pdf))
    assert problems({"name": "张\U00031350三"}, docx, pdf) == ["|“\U00031350”印成了空框：字体里没有这个字。"]


def test_rare_characters_that_a_font_has_are_no_boxes() -> None:
    docx = paper("𬭸㛃䶮犇喆堃昇𠅤𫖮𠮷")
    assert problems({"name": "𬭸㛃䶮犇喆堃昇𠅤𫖮𠮷"}, docx, printed(docx)) == []


def test_fonts_are_ours_and_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = printed(paper("中文 Latin"))
    assert all(each.embedded and each.boxes == () for each in fonts_of(pdf))
    monkeypatch.setattr(readback.fonts, "embedded_prefixes", lambda: ("LXGW",))
    assert any("规定以外的字体" in each for each in problems({}, paper("中文 Latin"), pdf))


def test_a_font_that_is_not_embedded_is_told() -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 20 100 Td (abc) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(content)
    target = io.BytesIO()
    writer.write(target)
    pdf = target.getvalue()
    told = problems({}, paper("abc"), pdf)
    assert any("没有嵌入" in each for each in told)


def test_what_is_no_pdf_is_told() -> None:
    assert "读不出来" in problems({}, paper("x"), b"garbage")[0]


def test_blanks_and_composition_make_no_difference() -> None:
    assert squeezed("e\u0301 家\u3000庭\n") == "é家庭"


def test_a_value_behind_a_condition_need_not_show_when_it_was_not_put_out() -> None:
    filled = render.fill_whole(paper("文", "{% if a %}{{ v }}{% endif %}"), {"a": False, "v": "不印"})
    report = readback.read_back({"a": False, "v": "不印"}, filled, printed(filled.docx), None, must_show=frozenset())
    assert (report.pages, report.problems) == (1, ())


def test_headers_of_other_pages_are_not_asked_for() -> None:
    docx = paper("一页", header="页眉")
    docx = changed(docx, BODY, lambda text: text.replace("<w:pgSz", "<w:titlePg/><w:pgSz", 1))
    assert problems({}, docx, printed(docx)) == []


def test_punctuation_at_the_end_of_a_justified_line_is_not_lost(press: Press) -> None:  # noqa: F811
    text = ("逾期仍不改正的，可能依法产生以下后果：由居住地的村（居）民委员会予以劝诫、制止；情节严重的，由其向公安机关报告，"
            "由公安机关依法予以训诫，并可以责令接受家庭教育指导；由人民检察院依法督促、支持起诉；经催告仍不履行的，依法申请人民法院强制执行。")
    lines = [{"text": "甲" * count + text} for count in range(30)]
    template = changed(paper("{%p for r in rows %}", "{{ r.text }}", "{%p endfor %}"), BODY, lambda body: body.replace(
        "<w:p>", '<w:p><w:pPr><w:overflowPunct w:val="0"/><w:jc w:val="both"/></w:pPr>'))
    run = ('<w:r><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="仿宋_GB2312" w:hAnsi="仿宋_GB2312" w:eastAsia="仿宋_GB2312"/>'
           '<w:spacing w:val="-5"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>')
    template = changed(template, BODY, lambda body: body.replace("<w:r>", run))
    template = changed(template, BODY, lambda body: re.sub("<w:pgSz[^>]*>", '<w:pgSz w:w="11906" w:h="16838"/>', body)
                       .replace('w:left="1800"', 'w:left="1587"').replace('w:right="1800"', 'w:right="1474"'))
    document = press.convert(template, [{"rows": tuple(lines)}])[0]
    assert document.problems == ()
    careless = changed(document.docx, BODY, lambda body: body.replace('<w:overflowPunct w:val="1"/>', '<w:overflowPunct w:val="0"/>'))
    assert any("没有完整" in each for each in problems({}, careless, printed(careless)))


def test_related_parts_do_not_disturb() -> None:
    docx = related(paper("文"), "hyperlink", "https://www.gov.cn/")
    assert problems({}, docx, printed(docx)) == []
