"""The sheet of one service on one party: first the mode, then only what that mode needs (law.service)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forms.sheet import Sheet
from app.law.service import Mode, Place, Proxy, Service, Witness
from app.papers.kinds import Choice, Day, Flag, Group, LongText, Moment, PersonName, Rows, Text, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SERVERS = Rows(
    name="servers", label="送达人", row_label="人", least=2, most=4, hint="两名不同的工作人员。",
    columns=(PersonName(name="name", label="姓名"),))
PLACE = Choice(name="place", label="送达地点", options={each.value: each.label for each in Place})
SERVED_AT = Moment(name="served_at", label="送达时间", hint="照回证填写，精确到分钟。")
REASON = LongText(name="refusal_reason", label="拒收事由", required=False, max_length=300,
                  hint="照回证上记明的写；没有拒收就空着。")
PROXY = Group(title="代收人（本人签收的不填）", fields=(
    PersonName(name="proxy_name", label="代收人", required=False),
    Text(name="proxy_relation", label="与受送达人关系", required=False, max_length=20),
    Whole(name="proxy_age", label="代收人年龄", required=False, most=120, unit="岁"),
    Flag(name="proxy_family", label="是受送达人的家属"),
    Flag(name="proxy_cohabiting", label="与受送达人同住"),
    Flag(name="proxy_named", label="受送达人书面指定的代收人"),
))
ACT = Group(title="送达经过", fields=(PLACE, SERVED_AT))
OF_MODE: dict[Mode, tuple[Group, ...]] = {
    Mode.DIRECT: (ACT, Group(title="拒绝签收的（没有拒收不填）", fields=(
        Flag(name="refused", label="受送达人拒绝签名"), REASON,
        Flag(name="reviewer_confirmed", label="审核人已核对照片、录像"))), PROXY),
    Mode.LEAVE: (ACT, Group(title="留置", fields=(
        LongText(name="refusal_reason", label="拒收事由", max_length=300, basis="《民事诉讼法》第八十九条"),
        PersonName(name="witness_name", label="见证人", required=False, hint="有照片或录像的可以没有见证人。"),
        Choice(name="witness", label="见证人身份", required=False,
               options={each.value: each.label for each in Witness})))),
    Mode.POST: (Group(title="邮寄", fields=(
        Text(name="tracking_no", label="邮件号码", max_length=30),
        Day(name="received_on", label="签收日期", hint="以邮件签收单上的日期为准。"))), PROXY),
    Mode.ELECTRONIC: (Group(title="电子送达", fields=(
        Flag(name="consent_filed", label="有签名的送达地址确认书", basis="《民事诉讼法》第九十条"),
        Day(name="arrived_on", label="到达对方系统的日期"))),),
    Mode.FORWARD: (Group(title="转交", fields=(
        Text(name="through", label="转交单位", max_length=60), SERVED_AT)), PROXY),
    Mode.ENTRUST: (Group(title="委托", fields=(
        Text(name="through", label="受托机关", max_length=60), SERVED_AT)), PROXY),
    Mode.ANNOUNCE: (Group(title="公告", fields=(
        Day(name="announced_on", label="最后张贴日期", hint="公告期三十日自最后一次张贴、刊登之日起算。"),
        LongText(name="announce_reason", label="原因和经过", max_length=300, basis="《民事诉讼法》第九十五条"))),),
}


def groups(mode: Mode, parties: Mapping[str, str]) -> tuple[Group, ...]:
    """The groups of the sheet for one mode; `parties` are the guardians not yet served (id → name)."""
    party = Choice(name="guardian", label="受送达人", options=parties)
    return (Group(title=mode.label, fields=(party, SERVERS)), *OF_MODE[mode])


def service_form(mode: Mode, parties: Mapping[str, str], given: Any = None) -> Sheet:
    """The sheet, empty or as the browser sent it."""
    only = next(iter(parties)) if len(parties) == 1 else ""
    return Sheet(groups(mode, parties), {"guardian": only, "servers": []}, given)


def service_of(sheet: Sheet, mode: Mode) -> Service:
    """What happened, in the law's own type. Only after `check` said yes. A box that the mode has not is empty."""
    found: dict[str, Any] = sheet.values()

    def text(name: str) -> str:
        return str(found.get(name) or "")

    return Service(
        mode=mode, servers=tuple(str(row["name"]) for row in found["servers"]),
        place=Place(text("place") or Place.HOME), served_at=found.get("served_at"),
        refused=bool(found.get("refused")), refusal_reason=text("refusal_reason"), witness_name=text("witness_name"),
        witness=Witness(text("witness") or Witness.OTHER), reviewer_confirmed=bool(found.get("reviewer_confirmed")),
        proxy=_proxy(found), tracking_no=text("tracking_no"), received_on=found.get("received_on"),
        consent_filed=bool(found.get("consent_filed")), arrived_on=found.get("arrived_on"), through=text("through"),
        announced_on=found.get("announced_on"), announce_reason=text("announce_reason"))


def _proxy(found: Mapping[str, Any]) -> Proxy | None:
    if not found.get("proxy_name"):
        return None
    return Proxy(name=str(found["proxy_name"]), relation=str(found.get("proxy_relation") or ""),
                 age=found.get("proxy_age"), cohabiting=bool(found.get("proxy_cohabiting")),
                 family=bool(found.get("proxy_family")), named_in_writing=bool(found.get("proxy_named")))
