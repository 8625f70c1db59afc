"""Service of papers: 民事诉讼法第八十七条至第九十五条 and its interpretation 第一百三十条至第一百三十九条.

They bind directly for a 催告书 (行政强制法第三十八条) and by analogy for an order, whose law is silent: they
are also the safe standard for the terms of review and suit (行政复议法实施条例第十五条).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law.deadlines import announced_effective, chinese_date
from app.law.identity import ADULT_AGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

LEAST_SERVERS = 2
SCHOOL_PEOPLE = ("老师", "教师", "班主任", "校长", "教导主任")
"""They stand on the other side: never a receiver, not even when named, unless of the party's own family."""


class Mode(StrEnum):
    """How a paper is served."""

    DIRECT = "direct"
    LEAVE = "leave"
    POST = "post"
    ELECTRONIC = "electronic"
    FORWARD = "forward"
    ENTRUST = "entrust"
    ANNOUNCE = "announce"

    @property
    def label(self) -> str:
        return {
            "direct": "直接送达", "leave": "留置送达", "post": "邮寄送达", "electronic": "电子送达",
            "forward": "转交送达", "entrust": "委托送达", "announce": "公告送达",
        }[self.value]


class Place(StrEnum):
    """Where the paper was handed over."""

    HOME = "home"
    OFFICE = "office"
    SCHOOL = "school"
    WORKPLACE = "workplace"
    ELSEWHERE = "elsewhere"

    @property
    def label(self) -> str:
        return {"home": "受送达人住所", "office": "本机关", "school": "学校", "workplace": "工作单位",
                "elsewhere": "其他地点"}[self.value]


class Witness(StrEnum):
    """On whose behalf the witness of a refusal stands there."""

    VILLAGE = "village"
    EMPLOYER = "employer"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"village": "村（居）民委员会工作人员", "employer": "所在单位工作人员",
                "other": "其他人"}[self.value]


@dataclass(frozen=True)
class Proxy:
    """Who took the paper in the party's place."""

    name: str
    relation: str
    """To the party: 配偶, 母亲 …"""
    age: int | None = None
    cohabiting: bool = False
    family: bool = False
    named_in_writing: bool = False
    """The party named this person as 代收人 in writing (民事诉讼法第八十八条)."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """What happened when a paper was to be served. Moments are local, days are days of law."""

    mode: Mode
    servers: tuple[str, ...] = ()
    place: Place = Place.HOME
    served_at: datetime | None = None
    """When it was handed over, left or (委托, 转交) taken by the party."""
    refused: bool = False
    refusal_reason: str = ""
    witness_name: str = ""
    witness: Witness = Witness.OTHER
    pictured: bool = False
    """Photos or video of the refusal are in the file."""
    reviewer_confirmed: bool = False
    """A reviewer ticked that a refusal outside the home may count as direct service."""
    proxy: Proxy | None = None
    tracking_no: str = ""
    received_on: date | None = None
    """Post: day on the mail receipt."""
    consent_filed: bool = False
    """Electronic: the signed 送达地址确认书 is in the file."""
    arrived_on: date | None = None
    """Electronic: day of arrival in the party's system."""
    through: str = ""
    """转交: the unit of the soldier or the prison; 委托: the organ entrusted."""
    announced_on: date | None = None
    """公告: day of the *last* posting or publication."""
    announce_reason: str = ""
    posting_pictured: bool = False


def problems(
    service: Service, *, issued_on: date | None = None, today: date | None = None,
) -> tuple[Problem, ...]:
    """All that keeps this from being service; empty when the paper was served.

    With `issued_on` (date of the paper) and `today` a day before the one or after the other is a problem too.
    """
    found = list(_RULES[service.mode](service))
    servers = {name.strip() for name in service.servers} - {""}
    if service.mode in {Mode.DIRECT, Mode.LEAVE} and len(servers) < LEAST_SERVERS:
        found.append(Problem("servers", "送达人应为两名不同的工作人员。", "请补填第二名送达人。"))
    where, day = _day(service)
    if day is not None and issued_on is not None and day < issued_on:
        found.append(Problem(where, f"送达日期早于文书的成文日期{chinese_date(issued_on)}。", "请核对日期，不得倒填。"))
    if day is not None and today is not None and day > today:
        found.append(Problem(where, "送达日期不能在今天以后。", "请核对日期。"))
    return tuple(found)


def effective_on(service: Service) -> date:
    """The day of service, with which the party's terms begin.

    Raises Refused when the paper was not served.
    """
    if found := problems(service):
        raise Refused("尚未完成送达。", where="service", advice=found[0].advice, problems=found)
    _, day = _day(service)
    assert day is not None  # noqa: S101  (the rules of every mode demand its day)
    return announced_effective(day) if service.mode is Mode.ANNOUNCE else day


def _day(service: Service) -> tuple[str, date | None]:
    """Name of the field that bears the day of the act, and that day."""
    return {
        Mode.POST: ("received_on", service.received_on), Mode.ELECTRONIC: ("arrived_on", service.arrived_on),
        Mode.ANNOUNCE: ("announced_on", service.announced_on),
    }.get(service.mode, ("served_at", service.served_at.date() if service.served_at else None))


def _direct(service: Service) -> Iterator[Problem]:
    if service.served_at is None:
        yield Problem("served_at", "没有送达时间。", "请按回证填写到分钟。")
    if not service.refused:
        yield from _proxy(service)
        return
    if service.place is Place.HOME:
        yield Problem("place", "在住所拒收的，应留置送达。", "请改选留置送达。")
        return
    if not service.refusal_reason.strip():
        yield Problem("refusal_reason", "没有记明拒收事由。", "请在回证上记明。")
    if service.place is Place.OFFICE:
        return
    if not service.pictured:
        yield Problem("pictured",
                      "当事人拒绝签名的，须有照片或录像才算送达（民诉解释第一百三十一条第二款）。",
                      "请上传照片、录像；没有的，请到其住所留置送达。")
    if not service.reviewer_confirmed:
        yield Problem("reviewer_confirmed", "在住所以外拒签按直接送达处理，须经审核人确认。",
                      "请交审核人核对照片、录像。")


def _leave(service: Service) -> Iterator[Problem]:
    if service.served_at is None:
        yield Problem("served_at", "没有送达时间。", "请按回证填写到分钟。")
    if service.place is not Place.HOME:
        yield Problem("place",
                      f"留置送达只能在受送达人住所，不能在{service.place.label}（民事诉讼法第八十九条）。",
                      "请到其住所留置；在别处拒签的，请选直接送达并附照片、录像。")
    if not service.refusal_reason.strip():
        yield Problem("refusal_reason", "没有记明拒收事由。", "请在回证上记明拒收事由和日期。")
    if service.witness_name.strip() in {name.strip() for name in service.servers} - {""}:
        yield Problem("witness_name", "见证人不能是送达人自己。", "请由村（居）民委员会或所在单位的人员见证。")
    witnessed = bool(service.witness_name.strip()) and service.witness is not Witness.OTHER
    if not witnessed and not service.pictured:
        yield Problem("witness_name", "留置送达须有村（居）民委员会或所在单位的人员见证，或者有照片、录像"
                      "（民事诉讼法第八十九条）。", "请补填见证人，或上传照片、录像。")


def _post(service: Service) -> Iterator[Problem]:
    if not service.tracking_no.strip():
        yield Problem("tracking_no", "没有邮件号码。", "请填写邮件号码并附收据。")
    if service.received_on is None:
        yield Problem("received_on", "还没有签收日期，尚未送达。", "请以邮件签收单上的日期为准。")
    yield from _proxy(service)


def _electronic(service: Service) -> Iterator[Problem]:
    if not service.consent_filed:
        yield Problem("consent_filed", "电子送达须经受送达人同意，并有送达地址确认书"
                      "（民事诉讼法第九十条、民诉解释第一百三十六条）。",
                      "请先取得签名的送达地址确认书。")
    if service.arrived_on is None:
        yield Problem("arrived_on", "没有到达对方系统的日期。", "请按系统记录填写。")


def _through(service: Service) -> Iterator[Problem]:
    if not service.through.strip():
        yield Problem("through", "没有写明由哪个单位转交或者受托。", "请填写部队、监所或受托机关的名称。")
    if service.served_at is None:
        yield Problem("served_at", "没有受送达人签收的时间。", "请以回证上的签收日期为准。")
    yield from _proxy(service)


def _announce(service: Service) -> Iterator[Problem]:
    if service.announced_on is None:
        yield Problem("announced_on", "没有最后一次张贴或者刊登的日期。",
                      "公告期自最后一次张贴、刊登之日起算。")
    if not service.announce_reason.strip():
        yield Problem("announce_reason", "没有记明公告送达的原因和经过（民事诉讼法第九十五条第二款）。",
                      "请写明下落不明的查证经过或其他方式无法送达的情况。")
    if not service.posting_pictured:
        yield Problem("posting_pictured", "没有张贴公告的照片或录像（民诉解释第一百三十八条第二款）。",
                      "请上传张贴照片。")


def _proxy(service: Service) -> Iterator[Problem]:
    proxy = service.proxy
    if proxy is None:
        return
    if not proxy.family and any(word in proxy.relation for word in SCHOOL_PEOPLE):
        yield Problem("proxy", f"{proxy.relation}不能代监护人签收。", "请送交监护人本人。")
    elif not (proxy.named_in_writing or (proxy.family and proxy.cohabiting)):
        yield Problem("proxy",
                      f"{proxy.relation or '代收人'}不是同住的成年家属，代收不算送达"
                      "（民事诉讼法第八十八条）。",
                      "请送交本人；或由本人书面指定代收人。")
    if proxy.age is None or proxy.age < ADULT_AGE:
        yield Problem("proxy", "代收人必须已成年，未成年人代收不算送达。", "请核实代收人年龄，或送交本人。")


_RULES = {
    Mode.DIRECT: _direct, Mode.LEAVE: _leave, Mode.POST: _post, Mode.ELECTRONIC: _electronic,
    Mode.FORWARD: _through, Mode.ENTRUST: _through, Mode.ANNOUNCE: _announce,
}
