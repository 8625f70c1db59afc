"""How names are read, for finding people by sound (《汉语拼音方案》; GB/T 28039-2011 中国人名汉语拼音字母拼写规则).

One reading for each character: surnames by the table here, the rest as pypinyin reads them (MIT licence). Where
families or people say it differently, a short table has both. Any other given name whose character has several readings
is found by the commonest only; the name itself always finds it.
"""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING

from pypinyin import Style, lazy_pinyin

from app.law.names import DOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SURNAMES = {
    "单": "shan", "仇": "qiu", "查": "zha", "解": "xie", "曾": "zeng", "区": "ou", "朴": "piao", "盖": "ge",
    "员": "yun", "乐": "yue", "任": "ren", "华": "hua", "宓": "mi", "冼": "xian", "洗": "xian", "繁": "po",
    "覃": "qin", "缪": "miao", "种": "chong", "秘": "bi", "折": "she", "重": "chong", "谌": "chen", "郗": "xi",
    "乜": "nie", "句": "gou", "逄": "pang", "幺": "yao", "翟": "zhai", "隗": "wei", "燕": "yan", "阚": "kan",
    "应": "ying", "宁": "ning", "祭": "zhai", "车": "che", "贾": "jia", "卜": "bu", "褚": "chu", "葛": "ge",
    "柏": "bai", "薄": "bo", "能": "nai", "蕃": "pi", "佴": "nai", "隽": "juan", "訾": "zi", "召": "shao", "纪": "ji",
    "相": "xiang", "哈": "ha", "撒": "sa", "黑": "hei", "参": "shen", "过": "guo", "尹": "yin", "牟": "mu",
    "沈": "shen", "石": "shi", "曲": "qu", "那": "na", "惠": "hui", "尉": "wei",
    "贠": "yun", "藏": "zang", "都": "du", "粘": "nian",
}
"""Readings of single surnames that differ from the character's usual one, or that dictionaries waver on."""
DOUBLE = {
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "令狐": "ling hu",
    "夏侯": "xia hou", "皇甫": "huang fu", "宇文": "yu wen", "诸葛": "zhu ge", "上官": "shang guan",
    "欧阳": "ou yang", "司马": "si ma", "端木": "duan mu", "公孙": "gong sun", "慕容": "mu rong", "鲜于": "xian yu",
    "闾丘": "lv qiu", "亓官": "qi guan", "呼延": "hu yan", "濮阳": "pu yang", "申屠": "shen tu", "钟离": "zhong li",
    "赫连": "he lian",
}
"""Surnames of two characters."""
SURNAMES_TWICE = {"虎": ("hu", "mao")}
"""Single surnames that families of the same writing say differently."""
GIVEN_TWICE = {"晟": ("sheng", "cheng")}
"""Characters of given names that people read differently."""
MOST_READINGS = 4
LONGEST, LONGEST_INITIALS = 400, 60


def keys(name: str) -> tuple[str, str]:
    """(reading without tones, initials), both lower-case letters: 马小燕 → maxiaoyan, mxy.

    A name that is read in several ways has them one after the other, a space between: 虎小军 → `huxiaojun maoxiaojun`,
    `hxj mxj`. ü is written v; a reading with one is there a second time with u: 吕布 → `lvbu lubu`. A character that
    nobody reads is left out.
    """
    ways = list(islice(product(*_sounds(name)), MOST_READINGS))
    spoken = ["".join(way) for way in ways]
    readings = [each for way in spoken for each in ((way, way.replace("v", "u")) if "v" in way else (way,))]
    initials = dict.fromkeys("".join(each[:1] for each in way) for way in ways)
    return _joined(readings, LONGEST), _joined(list(initials), LONGEST_INITIALS)


def _joined(found: list[str], longest: int) -> str:
    """As many as there is room for, the first one in any case."""
    while len(found) > 1 and len(" ".join(found)) > longest:
        found = found[:-1]
    return " ".join(found)[:longest]


def _sounds(name: str) -> Iterator[tuple[str, ...]]:
    """Character by character, in how many ways it is read."""
    plain, dotted = name.replace(DOT, ""), DOT in name
    if not dotted and plain[:1] in SURNAMES_TWICE:
        yield SURNAMES_TWICE[plain[:1]]
        surname, given = "", plain[1:]
    else:
        surname, given = _surname(plain, dotted=dotted)
    yield from ((each,) for each in surname.split())
    for part in re.split(f"([{''.join(GIVEN_TWICE)}])", given):
        if part in GIVEN_TWICE:
            yield GIVEN_TWICE[part]
        else:
            yield from ((folded(each),) for said in lazy_pinyin(part, style=Style.NORMAL, errors=_latin)
                        for each in said.split())


def folded(typed: str) -> str:
    """What was typed as it is to be looked for among the keys: ü, u: and V are v; spaces, ' and - do not count."""
    text = typed.lower().replace("ü", "v").replace("u:", "v")
    return "".join(each for each in text if each.isascii() and each.isalpha())


def _surname(name: str, *, dotted: bool) -> tuple[str, str]:
    """The reading of the surname where a table knows it, "" elsewhere, and the rest of the name."""
    if dotted:
        return "", name
    if len(name) > 2 and (double := DOUBLE.get(name[:2])):  # noqa: PLR2004  (a given name must remain)
        return double, name[2:]
    single = SURNAMES.get(name[:1], "")
    return single, name[1:] if single else name


def _latin(unread: str) -> str:
    """Latin letters as they are, characters that nobody reads not at all."""
    return "".join(each if each.isascii() else " " for each in unread)
