from __future__ import annotations

import io
import zipfile
from types import MappingProxyType

import pytest
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from app.errors import Refused
from app.papers import language, render
from tests.papers.docs import BODY, body_with, changed, paper, parts, words

EVIL = ["<b>x</b>", "A & B", "3<5岁", "x</w:t></w:r></w:p><w:p>", "{{ 7*7 }}", "{_{ x }_}", "{% if %}", "]]>", "&amp;", '"\'']


def test_values_stand_where_their_tags_stood() -> None:
    template = paper("当事人：{{ name }}", "{% if minor %}未成年{% else %}成年{% endif %}", header="{{ organ }}")
    filled = render.fill(template, {"name": "张三", "minor": True, "organ": "演示局"})
    assert "当事人：张三未成年" in words(filled)
    assert "演示局" in "".join(text for name, text in parts(filled).items() if "header" in name)


def test_a_tag_that_word_broke_over_runs_is_healed() -> None:
    broken = ('<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ na</w:t></w:r><w:proofErr w:type="spellStart"/>'
              "<w:r><w:t>me }</w:t></w:r><w:r><w:t>}</w:t></w:r></w:p>")
    assert "张三" in words(render.fill(body_with(paper("正文"), broken), {"name": "张三"}))


def test_rows_and_lines_are_repeated() -> None:
    template = paper("{%p for line in lines %}", "行{{ line.text }}", "{%p endfor %}",
                     table=[["{%tr for row in rows %}", ""], ["{{ loop.index }}", "{{ row.name }}"], ["{%tr endfor %}", ""]])
    filled = render.fill(template, {"lines": ({"text": "一"}, {"text": "二"}), "rows": ({"name": "甲"}, {"name": "乙"})})
    assert words(filled) == "行一行二1甲2乙"


def test_it_fills_as_docxtpl_does() -> None:
    template = paper("{{ a }}和{{ b }}", "{%p if c %}", "甲", "{%p endif %}", "{%p for x in rows %}", "{{ x.t }}", "{%p endfor %}",
                     header="{{ a }}", table=[["{%tr for x in rows %}", ""], ["{{ x.t }}", "固定"], ["{%tr endfor %}", ""]])
    context = {"a": "一<二", "b": "三&四", "c": False, "rows": ({"t": "子"}, {"t": "丑"})}
    theirs = DocxTemplate(io.BytesIO(template))
    theirs.render(dict(context), SandboxedEnvironment(autoescape=True))
    target = io.BytesIO()
    theirs.save(target)
    assert words(render.fill(template, context)) == words(target.getvalue())


@pytest.mark.parametrize("text", EVIL)
def test_a_value_is_never_markup_nor_tag(text: str) -> None:
    filled = render.fill(paper("前{{ v }}后"), {"v": text})
    body = parts(filled)[BODY].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert f"前{text}后" in body


def test_a_line_break_in_a_value_is_a_line_break() -> None:
    assert "一</w:t><w:br/><w:t" in parts(render.fill(paper("{{ v }}"), {"v": "一\n二"}))[BODY]


@pytest.mark.parametrize("character", ["\0", "\a", "\f", "\v", "\t", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\ud800", "\ufffe"])
def test_a_character_that_no_paper_can_carry_is_refused_with_its_place(character: str) -> None:
    with pytest.raises(Refused) as caught:
        render.fill(paper("{%p for r in rows %}", "{{ r.t }}", "{%p endfor %}"), {"rows": ({"t": f"一{character}二"},)})
    assert caught.value.where == "rows.0.t"
    assert f"{ord(character):04X}" in caught.value.what


class Text(str):
    """A str that brings its own methods."""

    __slots__ = ()

    def __html__(self) -> str:
        return "<w:p/>"


@pytest.mark.parametrize("value", [
    None, 1, 1.5, b"x", object(), Text("x"), ["a"], [{"a": "b"}], ({"a": ({"b": "c"},)},), ({"a": 1},), ("a",), {"a": "b"},
    lambda: "x", print,
])
def test_only_plain_values_are_let_in(value: object) -> None:
    with pytest.raises(TypeError):
        render.fill(paper("{{ v }}"), {"v": value})  # type: ignore[dict-item]


@pytest.mark.parametrize("name", ["_x", "a b", "", "x.y", "__class__"])
def test_only_plain_names_are_let_in(name: str) -> None:
    with pytest.raises(TypeError):
        render.fill(paper("文"), {name: "x"})


def test_a_frozen_mapping_is_as_good_as_a_dict() -> None:
    rows = (MappingProxyType({"t": "子"}),)
    context = MappingProxyType({"rows": rows})
    assert "子" in words(render.fill(paper("{%p for x in rows %}", "{{ x.t }}", "{%p endfor %}"), context))


def test_a_name_that_is_not_there_is_told() -> None:
    with pytest.raises(render.TemplateRefused, match="没有的名称：nobody"):
        render.fill(paper("{{ nobody }}"), {})


def test_a_list_in_a_sentence_is_refused() -> None:
    with pytest.raises(render.TemplateRefused):
        render.fill(paper("{{ rows }}"), {"rows": ({"t": "子"},)})


def test_a_tag_that_tears_a_paragraph_is_refused_and_not_lost() -> None:
    with pytest.raises(render.TemplateRefused, match="打断了段落"):
        render.fill(paper("前", "{{p v }}", "后"), {"v": "会丢的文字"})


def test_a_forbidden_tag_is_told_with_its_paragraph() -> None:
    with pytest.raises(render.TemplateRefused) as caught:
        render.compiled(paper("一", "二", "{{ v.__class__ }}"))
    assert caught.value.where == "正文第3段"


def test_properties_are_filled_by_the_same_language() -> None:
    template = paper("文{{ n }}", title="{{ n }}的文书")
    assert "<dc:title>张三的文书</dc:title>" in parts(render.fill(template, {"n": "张三"}))["docProps/core.xml"]
    with pytest.raises(render.TemplateRefused):
        render.compiled(paper("文", title="{{ cycler.__init__ }}"))


def test_docxtpls_own_escapes_hold_in_the_template() -> None:
    assert "写{{法}}" in words(render.fill(paper("写{_{法}_}{{ v }}"), {"v": ""}))


def test_names_are_those_of_the_context_and_not_of_loops() -> None:
    template = paper("{{ a }}", "{% if b %}x{% endif %}", "{%p for r in rows %}", "{{ loop.index }}{{ r.t }}", "{%p endfor %}")
    assert render.names(template) == {"a", "b", "rows"}
    assert render.always_printed(template) == {"a"}


def test_what_was_printed_is_listed_in_order() -> None:
    template = paper("{{ a }}", "{% if b %}{{ c }}{% endif %}", title="{{ t }}")
    assert render.fill_whole(template, {"a": "一", "b": False, "c": "二", "t": "题"}).printed == ("一",)
    assert render.fill_whole(template, {"a": "一", "b": True, "c": "二", "t": "题"}).printed == ("一", "二")


def test_an_emptied_cell_keeps_a_paragraph_because_word_needs_one() -> None:
    lines = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("{%p if a %}", "x", "{%p endif %}"))
    template = body_with(paper("文"), f"<w:tbl><w:tr><w:tc><w:tcPr/>{lines}</w:tc></w:tr></w:tbl>")
    body = parts(render.fill(template, {"a": False}))[BODY]
    assert "<w:tc><w:tcPr/><w:p/></w:tc>" in body


def test_the_same_values_make_the_same_bytes() -> None:
    template = paper("{{ a }}")
    assert render.fill(template, {"a": "一"}) == render.fill(template, {"a": "一"})


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_docx_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="不是完好的 docx"):
        render.compiled(data)


def test_entities_and_bombs_are_refused() -> None:
    entity = changed(paper("x"), BODY, lambda text: text.replace("<w:document", "<!DOCTYPE d [<!ENTITY a 'x'>]><w:document", 1))
    with pytest.raises(Refused, match="DOCTYPE"):
        render.compiled(entity)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", b"<Types/>")
        bomb.writestr("word/document.xml", bytes(60 << 20))
    with pytest.raises(Refused, match="过大"):
        render.compiled(target.getvalue())


def test_the_list_of_what_may_be_written_is_what_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "check", lambda tree: None)
    render._compiled.cache_clear()
    assert "49" in words(render.fill(paper("{{ 7*7 }}"), {}))
    monkeypatch.undo()
    render._compiled.cache_clear()
    with pytest.raises(render.TemplateRefused):
        render.fill(paper("{{ 7*7 }}"), {})
