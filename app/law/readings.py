"""How names are read, for finding people by sound (《汉语拼音方案》; GB/T 28039-2011 中国人名汉语拼音字母拼写规则).

One reading for each character: surnames by the table here, the rest as pypinyin reads them (MIT licence). A given name
whose character has several readings is found by the commonest only; the name itself always finds it.
"""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from app.law.names import DOT

SURNAMES = {
    "单": "shan", "仇": "qiu", "查": "zha", "解": "xie", "曾": "zeng", "区": "ou", "朴": "piao", "盖": "ge",
    "员": "yun", "乐": "yue", "任": "ren", "华": "hua", "宓": "mi", "冼": "xian", "洗": "xian", "繁": "po",
    "覃": "qin", "缪": "miao", "种": "chong", "秘": "bi", "折": "she", "重": "chong", "谌": "chen", "郗": "xi",
    "乜": "nie", "句": "gou", "逄": "pang", "幺": "yao", "翟": "zhai", "隗": "wei", "燕": "yan", "阚": "kan",
    "应": "ying", "宁": "ning", "祭": "zhai", "车": "che", "贾": "jia", "卜": "bu", "褚": "chu", "葛": "ge",
    "柏": "bai", "薄": "bo", "能": "nai", "蕃": "pi", "佴": "nai", "隽": "juan", "訾": "zi", "召": "shao", "纪": "ji",
    "相": "xiang", "哈": "ha", "撒": "sa", "黑": "hei", "参": "shen", "过": "guo", "尹": "yin", "牟": "mu",
    "沈": "shen", "石": "shi", "曲": "qu", "那": "na", "惠": "hui", "尉": "wei",
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
LONGEST, LONGEST_INITIALS = 400, 60


def keys(name: str) -> tuple[str, str]:
    """(reading without tones, initials), both lower-case letters: 马小燕 → maxiaoyan, mxy.

    ü is written v; a name with one is there a second time with u, after a space: 吕布 → `lvbu lubu`. A character that
    nobody reads is left out.
    """
    surname, given = _surname(name.replace(DOT, ""), dotted=DOT in name)
    sounds = [*surname.split(), *(folded(each) for part in lazy_pinyin(given, style=Style.NORMAL, errors=_latin)
                                  for each in part.split())]
    reading = "".join(sounds)
    if "v" in reading:
        reading = f"{reading} {reading.replace('v', 'u')}"
    return reading[:LONGEST], "".join(each[:1] for each in sounds)[:LONGEST_INITIALS]


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
