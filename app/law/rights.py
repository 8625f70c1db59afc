"""What an order tells the guardian about rights and consequences.

行政复议法第二十条、第二十四条、第四十二条; 行政复议法实施条例第十七条;
行政诉讼法第四十五条、第四十六条、第五十六条; 未成年人保护法第一百零六条、第一百一十八条;
行政强制法第五十三条、第五十四条. Organs are computed from the county, never typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.statutes import chinese_number

if TYPE_CHECKING:
    from app.law.statutes import Statutes

CITY = "固原市"
DEFAULT_COURT = "有管辖权的人民法院"
_DISTRICT_END = "区"


@dataclass(frozen=True)
class Consequence:
    """One lawful route after the term has passed, with its law and articles."""

    text: str
    law: str
    articles: tuple[int, ...]
    announced: bool = True
    """False for a route that no paper may announce, because it is disputed whether it is open."""


CONSEQUENCES = (
    Consequence("由居住地的村民委员会、居民委员会予以劝诫、制止；情节严重的，由村民委员会、居民委员会向公安机关报告，"
                "由公安机关予以训诫，并可以责令接受家庭教育指导", "未成年人保护法", (118,)),
    Consequence("由人民检察院依法督促、支持有关组织和个人提起诉讼", "未成年人保护法", (106,)),
    Consequence("依法向人民法院提起民事诉讼", "民事诉讼法", (122,), announced=False),
    Consequence("在法定期限内不申请行政复议或者提起行政诉讼，又不履行本通知的，经催告，自催告书送达之日起十日后仍不履行的，"
                "本机关可以依法申请人民法院强制执行", "行政强制法", (53, 54)),
)
"""All lawful routes.

Whether an organ may itself sue (民事诉讼法第一百二十二条第一项) is disputed: counsel decides.
"""


def area_name(county: str, city: str = CITY) -> str:
    """西吉县 as it is; 原州区 becomes 固原市原州区 (国发〔1999〕25号: a 市辖区 bears its city's name)."""
    if not county or county == city:
        raise Refused("没有县（区）名称，算不出机关名称。", where="county",
                      advice="请在单位管理中补全县（区）。")
    plain = county.removeprefix(city)
    return f"{city}{plain}" if plain.endswith(_DISTRICT_END) else plain


def review_organ(county: str, city: str = CITY) -> str:
    """The county government.

    For its townships and its education bureau alike (行政复议法第二十四条第一款).
    """
    return f"{area_name(county, city)}人民政府"


def seal_name(county: str, name: str, city: str = CITY) -> str:
    """The full name as on the seal: 西吉县吉强镇人民政府, 固原市原州区三营镇人民政府, 西吉县教育体育局."""
    prefix = area_name(county, city)
    plain = name.removeprefix(city).removeprefix(county.removeprefix(city))
    if not plain:
        raise Refused("没有机关名称。", where="office", advice="请在单位管理中补全名称。")
    return f"{prefix}{plain}"


def paragraph(
    county: str, *, court: str = DEFAULT_COURT, announced: bool = False, city: str = CITY,
) -> str:
    """The rights as an order must print them, word for word.

    `announced`: served by announcement, so that the terms run from the end of the announcement.
    """
    begin = "自公告期满之日起" if announced else "自收到之日起"
    return (
        f"如不服本通知，可以{begin}六十日内向{review_organ(county, city)}申请行政复议，"
        f"也可以{begin}六个月内直接向{court}提起行政诉讼；对行政复议决定不服的，可以自收到复议决定书之日起十五日内提起行政诉讼。"
        "行政复议、行政诉讼期间，除法律规定的情形外，不停止本通知的执行。"
    )


def statement_paragraph(until: str, contact: str) -> str:
    """The offer of statement and defence; `until` is a printed date, `contact` who takes it and where."""
    return (f"对本通知认定的事实、理由和依据有异议的，可以在{until}（含当日）前向本机关书面或者口头"
            f"陈述、申辩，本机关不因陈述、申辩而加重处理。联系人：{contact}。")


def consequences_paragraph(statutes: Statutes) -> str:
    """What may lawfully follow when the term has passed, each route with its articles."""
    routes, law = [], ""
    for number, each in enumerate((each for each in CONSEQUENCES if each.announced), 1):
        routes.append(f"（{chinese_number(number)}）{each.text}（{_named(statutes, each, law)}）")
        law = each.law
    return f"逾期仍不改正的，可能依法产生以下后果：{'；'.join(routes)}。"


def _named(statutes: Statutes, each: Consequence, before: str) -> str:
    """《…行政强制法》第五十三条、第五十四条; 同法 for the law that was named just before."""
    labels = [statutes.cite(each.law, article).label for article in each.articles]
    places = [label.partition("》")[2] for label in labels]
    return "、".join([f"同法{places[0]}" if each.law == before else labels[0], *places[1:]])
