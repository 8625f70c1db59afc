"""Strings that have broken programs like this one: markup, braces, formulas, controls, directions, rare characters."""

from __future__ import annotations

NASTY: tuple[str, ...] = (
    "<b>粗</b>", "A & B", "3<5岁", "a>b", "&amp;&lt;&#x41;", "]]>尾", "<!--注-->尾", "<?xml version='1.0'?>尾", "</w:t></w:r></w:p>尾",
    "<w:p/>尾", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;", "\"双\"'单'", "{{ 7*7 }}", "{% if 1 %}尾{% endif %}", "{# 注 #}尾", "{_{尾}_}",
    "{_% 尾 %_}", "{{", "}}{{", "${7*7}", "#{7*7}", "%s%n%(x)s", "{0.__class__}", "{{r 尾 }}", "{%p 尾 %}", "=1+1", "=cmd|' /C calc'!A0",
    "+SUM(A1)", "-1+2", "@SUM(A1)", 'HYPERLINK "http://127.0.0.1"', "http://127.0.0.1/x?y=1&z=2", "javascript:alert(1)",
    "'; DROP TABLE x;--", "../../etc/passwd", "a\\b\\n", "\\par{\\rtf1}", "张\x00三", "张\x0b三", "张\x0c三", "张\x07三", "张\t三", "张\r三",
    "张\n三", "张\x1b[31m三", "张\x85三", "张\u2028三", "张\u200b三", "张\u202e三", "张\ufeff三", "张\ud800三", "张\ufffe三",
    "张\U0001f600三", "e\u0301a\u0308", "張三・李四", "㛃䶮𠅤𫖮𠮷", "𪚥𫝆𬭸", "\U00030000\U00031350", "\ue863", "马·穆罕默德·阿卜杜勒·热合曼",
    "０１２ＡＢＣ", "ﬁ ﬂ ½ № ℃", "well-known-hyphenated-word", "א ב ا ب", "ก็ ไทย", "長" * 90, "　前后有全角空格　", "x" * 95,
)
"""Each at most 100 letters, so that a line of text takes it unless it is refused for what it holds."""
