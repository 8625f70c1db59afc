from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.names import PersonName, is_han


@pytest.mark.parametrize(("text", "name", "changed"), [
    ("马小花", "马小花", False), ("马·阿依莎", "马·阿依莎", False), ("马•阿依莎", "马·阿依莎", True),
    ("马‧阿依莎", "马·阿依莎", True), ("马・阿依莎", "马·阿依莎", True), ("马．阿依莎", "马·阿依莎", True),
    ("马.阿依莎", "马·阿依莎", True), ("马●阿依莎", "马·阿依莎", True), ("马∙阿依莎", "马·阿依莎", True),
    (" 马小花 ", "马小花", False), ("马  花", "马花", True), ("马　花", "马花", True), ("阿依古丽 · 买买提",
                                                                         "阿依古丽·买买提", True),
    ("𱍐𬱖㛃", "𱍐𬱖㛃", False), ("〇九", "〇九", False), ("John Smith", "John Smith", False),
    ("Anne-Marie O'Neil", "Anne-Marie O'Neil", False), ("Ｊｏｈｎ", "John", True), ("José", "José", False),
    ("⼀三", "一三", True), ("\uf900三", "豈三", True), ("﨑山", "﨑山", False),
])
def test_a_name_is_kept_and_its_dot_and_codes_are_unified(text: str, name: str, *, changed: bool) -> None:
    assert PersonName.parse(text) == PersonName(name, changed)
    assert str(PersonName.parse(text)) == name


@pytest.mark.parametrize(("text", "words"), [
    ("马3花", "第2个字“3”不能用，姓名里不写数字"), ("马三（大）", "“（”不能用，姓名里不写括号"), ("马<b>",
                                                                 "“<”不能用"),
    ("{{马}}", "“{”不能用"), ("马\u200b花", "零宽字符"), ("马\ue000花", "自造字（U\\+E000）"), ("马\t花",
                                                                               "制表符"),
    ("马\n花", "换行符"), ("马", "现有1个字"), ("", "现有0个字"), ("马" * 61, "现有61个字"), ("·马花",
                                                                           "间隔号"),
    ("马花·", "间隔号"), ("马··花", "间隔号"), ("马-花", "“-”不能用"), ("马①", "姓名里不写数字"),
    ("马花、李花", "“、”不能用"),
    ("-Anne", "“-”不能用"), ("⻢小花", "“⻢”不能用"), ("马\ufffd花", "替代符或乱码"), ("马\u202e花",
                                                                     "书写方向"), ("马“花”",
                                                                               "姓名里不写括号和引号"),
])
def test_what_no_name_has_is_refused_with_the_character_shown(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PersonName.parse(text)


@pytest.mark.parametrize("code", [
    0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0x20000, 0x2A6DF, 0x2A700, 0x2CEA1, 0x2EBE0, 0x30000, 0x3134A, 0x31350,
    0x323AF,
])
def test_each_extension_up_to_h_is_accepted(code: int) -> None:
    assert is_han(chr(code))
    assert str(PersonName.parse(f"马{chr(code)}")) == f"马{chr(code)}"


@pytest.mark.parametrize("code", [0x33FF, 0x4DC0, 0xA000, 0x1FFFF, 0x2A6E0, 0x2EE60, 0x2FFFF, 0x33480, 0x3008])
def test_neighbours_of_the_han_blocks_are_no_characters_of_names(code: int) -> None:
    assert not is_han(chr(code))


@given(st.text(max_size=70))
def test_what_was_accepted_is_stable_and_printable(text: str) -> None:
    try:
        name = PersonName.parse(text)
    except ValueError:
        return
    assert PersonName.parse(str(name)) == PersonName(str(name), changed=False)
    assert 2 <= len(str(name)) <= 60
    assert not set(str(name)) & set("0123456789<>{}()（）\n\t\u200b")
