"""Names are found by sound, surnames as they are said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.law.readings import DOUBLE, LONGEST, LONGEST_INITIALS, SURNAMES, folded, keys

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(("name", "reading", "initials"), [
    ("马小燕", "maxiaoyan", "mxy"), ("单雄信", "shanxiongxin", "sxx"), ("仇小月", "qiuxiaoyue", "qxy"),
    ("查小平", "zhaxiaoping", "zxp"), ("解小军", "xiexiaojun", "xxj"), ("曾小强", "zengxiaoqiang", "zxq"),
    ("区小宁", "ouxiaoning", "oxn"), ("朴小海", "piaoxiaohai", "pxh"), ("盖小明", "gexiaoming", "gxm"),
    ("员小梅", "yunxiaomei", "yxm"), ("乐小山", "yuexiaoshan", "yxs"), ("任小兵", "renxiaobing", "rxb"),
    ("华小红", "huaxiaohong", "hxh"), ("宓小妃", "mixiaofei", "mxf"), ("冼小星", "xianxiaoxing", "xxx"),
    ("洗小星", "xianxiaoxing", "xxx"), ("尉迟小敬", "yuchixiaojing", "ycxj"), ("万俟小雅", "moqixiaoya", "mqxy"),
    ("长孙小虎", "zhangsunxiaohu", "zsxh"), ("单于小明", "chanyuxiaoming", "cyxm"), ("海犇堃", "haibenkun", "hbk"),
    ("吕小绿", "lvxiaolv luxiaolu", "lxl"), ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
    ("贠小梅", "yunxiaomei", "yxm"), ("藏小军", "zangxiaojun", "zxj"), ("都小兰", "duxiaolan", "dxl"),
    ("粘小强", "nianxiaoqiang", "nxq"), ("虎小军", "huxiaojun maoxiaojun", "hxj mxj"), ("马小虎", "maxiaohu", "mxh"),
    ("马晟", "masheng macheng", "ms mc"), ("虎晟", "husheng hucheng maosheng maocheng", "hs hc ms mc"),
    ("单于", "shanyu", "sy"), ("Aysha马", "ayshama", "am"),
])
def test_a_name_is_read_as_it_is_said(name: str, reading: str, initials: str) -> None:
    assert keys(name) == (reading, initials)


def test_a_foreign_name_with_a_dot_has_no_surname_in_front() -> None:
    assert keys("单单·马")[0].startswith("dan")


def test_every_double_surname_reads_first() -> None:
    for surname, reading in DOUBLE.items():
        first, second = reading.split()
        found, initials = keys(f"{surname}小明")
        assert found.startswith(first + second)
        assert initials == f"{first[0]}{second[0]}xm"


def test_every_surname_of_the_table_comes_first() -> None:
    for surname, reading in SURNAMES.items():
        assert keys(f"{surname}明") == (f"{reading}ming", f"{reading[0]}m")


@pytest.mark.parametrize(("typed", "looked_for"), [
    ("LÜ bu", "lvbu"), ("lu:bu", "lvbu"), ("Ma Xiao-yan", "maxiaoyan"), ("xi'an", "xian"), ("马", ""), ("12", "")])
def test_what_is_typed_is_folded(typed: str, looked_for: str) -> None:
    assert folded(typed) == looked_for


@given(st.text(HAN, min_size=1, max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_name_gives_short_plain_keys_found_by_their_own_beginning(name: str) -> None:
    reading, initials = keys(name)
    assert len(reading) <= LONGEST
    assert len(initials) <= LONGEST_INITIALS
    assert set(reading) <= set("abcdefghijklmnopqrstuvwxyz ")
    assert set(initials) <= set("abcdefghijklmnopqrstuvwxyz ")
    assert not reading or reading.startswith(initials[:1])
