"""What an order tells the guardian about rights and consequences.

行政复议法第二十条、第二十四条、第四十二条; 行政复议法实施条例第十七条;
行政诉讼法第四十五条、第四十六条、第五十六条. Organs are computed from the county, never typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Refused

CITY = "固原市"
DEFAULT_COURT = "有管辖权的人民法院"
_DISTRICT_END = "区"


@dataclass(frozen=True)
class Consequence:
    """One lawful route after the term has passed, with its article."""

    text: str
    basis: str
    announced: bool = True
    """False for a route that no paper may announce, because it is disputed whether it is open."""


CONSEQUENCES = (
    Consequence("由居住地的村（居）民委员会予以劝诫、制止；情节严重的，由其向公安机关报告，由公安机关依法予以训诫，"
                "并可以责令接受家庭教育指导", "《中华人民共和国未成年人保护法》第一百一十八条"),
    Consequence("由人民检察院依法督促、支持起诉", "《中华人民共和国未成年人保护法》第一百零六条"),
    Consequence("依法向人民法院提起民事诉讼", "《中华人民共和国民事诉讼法》第一百二十二条", announced=False),
    Consequence("经催告仍不履行的，依法申请人民法院强制执行",
                "《中华人民共和国行政强制法》第五十三条、第五十四条"),
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


def consequences_paragraph() -> str:
    """What may lawfully follow when the term has passed."""
    routes = "；".join(each.text for each in CONSEQUENCES if each.announced)
    return f"逾期仍不改正的，可能依法产生以下后果：{routes}。"
