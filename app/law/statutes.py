"""The texts of law, word for word, and how a paper cites them (《立法法》第六十五条: 条、款、项)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.errors import Refused

STATE_PREFIX = "中华人民共和国"
STATE_LAWS = frozenset({
    "个人信息保护法", "义务教育法", "家庭教育促进法", "居民身份证法", "教育法", "未成年人保护法",
    "民事诉讼法", "民法典",
    "电子签名法", "行政处罚法", "行政复议法", "行政复议法实施条例", "行政强制法", "行政诉讼法",
    "预防未成年人犯罪法",
    "地方各级人民代表大会和地方各级人民政府组织法",
})
"""Laws whose full name begins with 中华人民共和国; the others are called as they are."""
SHORT_NAMES = {
    "义教法": "义务教育法", "未保法": "未成年人保护法", "家教法": "家庭教育促进法",
    "预防法": "预防未成年人犯罪法",
    "处罚法": "行政处罚法", "强制法": "行政强制法", "复议法": "行政复议法", "行诉法": "行政诉讼法",
    "民诉法": "民事诉讼法",
    "个保法": "个人信息保护法", "地方组织法": "地方各级人民代表大会和地方各级人民政府组织法",
    "复议法实施条例": "行政复议法实施条例", "童工规定": "禁止使用童工规定",
    "放假办法": "全国年节及纪念日放假办法",
    "行政诉讼法解释": "最高人民法院关于适用《行政诉讼法》的解释",
    "民事诉讼法解释": "最高人民法院关于适用《民事诉讼法》的解释",
}
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_ITEM = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
_PUNCTUATION = str.maketrans({":": "：", ";": "；", ",": "，", "(": "（", ")": "）", "\u200b": None})
MOST = 9999


@dataclass(frozen=True)
class Article:
    """One article as published; `paragraphs` hold 款 and, each on its own, the 项 that follow their 款."""

    law: str
    version: str
    article: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Citation:
    """How a paper names an article, and its words: 《中华人民共和国义务教育法》第五十八条."""

    label: str
    text: str


@dataclass(frozen=True)
class Statutes:
    """All articles that may be cited; an article that is not here cannot be cited at all."""

    articles: tuple[Article, ...]
    _index: dict[tuple[str, int], Article] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {(each.law, each.article): each for each in self.articles})

    def article(self, law: str, number: int) -> Article:
        """The article as published. `law` is a short name, the full name or either in 《》.

        Raises Refused.
        """
        name = _plain_name(law)
        if found := self._index.get((name, number)):
            return found
        if any(each.law == name for each in self.articles):
            raise Refused(f"法条库中没有{full_name(name)}第{number}条。", where="article",
                          advice="请核对条号；未收录的条文不能引用。")
        raise Refused(f"法条库中没有《{law.strip('《》')}》。", where="law",
                      advice="请核对法律名称，例如：义务教育法。")

    def cite(self, law: str, article: int, paragraph: int | None = None, item: int | None = None) -> Citation:
        """The label and the words, punctuation made even. Raises Refused for what is not in the texts.

        With `item` the words are the beginning of the paragraph and that 项, …… standing for what is left
        out.
        """
        found = self.article(law, article)
        groups = _grouped(found.paragraphs)
        label = f"{full_name(found.law)}第{chinese_number(article)}条"
        if paragraph is not None and not 1 <= paragraph <= len(groups):
            raise Refused(f"{label}没有第{paragraph}款。", where="paragraph",
                          advice=f"该条共{len(groups)}款。")
        if paragraph is None and item is None:
            return Citation(label, "\n".join(map(_even, found.paragraphs)))
        lead, *items = groups[(paragraph or 1) - 1]
        if paragraph is not None and len(groups) > 1:
            label += f"第{chinese_number(paragraph)}款"
        if item is None:
            return Citation(label, "\n".join(map(_even, (lead, *items))))
        if not 1 <= item <= len(items):
            raise Refused(f"{label}没有第{item}项。", where="item", advice=f"该款共{len(items)}项。")
        before = "……" if item > 1 else ""
        after = "……" if item < len(items) else ""
        return Citation(f"{label}第{chinese_number(item)}项",
                        f"{_even(lead)}{before}{_even(items[item - 1])}{after}")


def full_name(law: str) -> str:
    """《中华人民共和国义务教育法》 for 义务教育法; names inside a name stand in 〈〉 and are full as well."""
    name = _plain_name(law)
    inner = re.sub("《(.+)》", lambda found: f"〈{STATE_PREFIX}{found[1]}〉", name)
    return f"《{STATE_PREFIX if name in STATE_LAWS else ''}{inner}》"


def chinese_number(number: int) -> str:
    """十, 十二, 五十八, 一百零五, 一千二百六十: 1 to 9999 as article numbers are written.

    Raises ValueError.
    """
    if not 1 <= number <= MOST:
        raise ValueError(f"条款序号应在1到{MOST}之间，现为{number}。")
    words, skipped = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if not digit:
            skipped = bool(words)
            continue
        words += ("零" if skipped else "") + _DIGITS[digit] + _UNITS[power]
        skipped = False
    return words.removeprefix("一") if words.startswith("一十") else words


def _plain_name(law: str) -> str:
    name = law.strip().removeprefix("《").removesuffix("》").removeprefix(STATE_PREFIX)
    name = name.replace(f"〈{STATE_PREFIX}", "《").replace("〉", "》")
    return SHORT_NAMES.get(name, name)


def _grouped(paragraphs: tuple[str, ...]) -> list[list[str]]:
    groups: list[list[str]] = []
    for text in paragraphs:
        if groups and _ITEM.match(text):
            groups[-1].append(text)
        else:
            groups.append([text])
    return groups


def _even(text: str) -> str:
    return text.translate(_PUNCTUATION)
