"""Reasons and states of absence: 《办法》附件1填表说明 1–3; 义务教育法第十一条、第五十八条.

The wording of the reasons is the form's own. What may follow a reason is ours, from the articles that `why`
names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.deadlines import chinese_date, corresponding_day, require_reckonable
from app.law.identity import ADULT_AGE
from app.law.offices import Level

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

ONE_DAY = timedelta(days=1)
WEEK_DAYS = 7
LEAST_AGE, TOWNSHIP_AGE = 6, 16
LAST_OF_PRIMARY, LAST_GRADE = 6, 9


class Enforceable(StrEnum):
    """Whether an order (责令限期改正) may follow a reason."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"

    @property
    def label(self) -> str:
        return {"yes": "可以责令", "no": "不得责令", "conditional": "符合条件才可责令"}[self.value]

    def __bool__(self) -> bool:
        """False for `no`, so that `if reason.enforceable` never lets a forbidden reason through."""
        return self is not Enforceable.NO


@dataclass(frozen=True)
class Reason:
    """One of the twenty codes.

    `label` is the form's own wording; it goes on the annexes, never on an order.
    """

    code: str
    label: str
    stage: str
    """小学 or 初中 where the code belongs to one stage, else empty."""
    enforceable: Enforceable
    why: str
    """Why no order, or under which condition; empty when nothing is special."""
    route: str
    """What to do, for the case's offices."""
    sensitive: bool = False
    """Sensitive personal data (个人信息保护法第二十八条): never in a paper to anyone outside."""


_YES, _NO, _IF = Enforceable.YES, Enforceable.NO, Enforceable.CONDITIONAL
_HELP = "家访查明厌学原因，落实帮扶、补课或普职融合。"
_WORK = "未满16周岁的，同时函告人力资源和社会保障部门；使用未满14周岁童工的，立即报告公安机关。"
_MARRIED = "同时联系妇联、民政；未满14周岁或有受侵害迹象的，立即向公安机关报告。"
_REASONS = (
    Reason("A", "失学（小学适龄阶段）", "小学", _YES, "", "由户籍地乡镇先落实学位、办理入学。"),
    Reason("B", "失学（初中适龄阶段）", "初中", _YES, "", "由户籍地乡镇先落实学位、办理入学。"),
    Reason("C", "因残辍学（可以在校就读）", "", _IF,
           "须先提供随班就读或特殊教育学校学位；对安置有争议的，由县级教育行政部门决定前不得责令"
           "（残疾人教育条例第二十一条）。", "随班就读或特殊教育学校就读。", sensitive=True),
    Reason("D", "因残辍学（经评估不适宜在校就读）", "", _NO, "经评估不适宜在校就读，属有正当理由。",
           "送教上门，保存评估意见。", sensitive=True),
    Reason("E", "因病辍学", "", _IF,
           "有医院证明的应办理休学，不得责令（义务教育法第十一条第二款）；没有证明的才可责令。",
           "核实病情，协助办理休学。", sensitive=True),
    Reason("F", "厌学辍学在家（短期）", "", _YES, "", _HELP),
    Reason("G", "厌学辍学在家（长期）", "", _YES, "", _HELP),
    Reason("H", "辍学在外务工（短期）", "", _YES, "", _WORK),
    Reason("I", "辍学在外务工（长期）", "", _YES, "", _WORK),
    Reason("J", "户口登记原因（实际年龄与户口登记不符的）", "", _NO, "应先由公安机关核实更正户口登记。",
           "协助监护人到公安机关办理更正。"),
    Reason("K", "社会培训机构全日制培训替代实施义务教育", "", _YES, "",
           "同时函告教育、市场监管部门查处该机构。"),
    Reason("L", "“入寺入教”辍学", "", _YES, "", "文书只写“无正当理由未送其入学”，不写此原因。",
           sensitive=True),
    Reason("M", "早婚辍学（未生育）", "", _YES, "", _MARRIED, sensitive=True),
    Reason("N", "早婚辍学（已生育）", "", _YES, "", _MARRIED, sensitive=True),
    Reason("O", "超龄离校", "", _NO, "已超过义务教育年龄。", "保存年龄证明。"),
    Reason("P", "延缓入学", "", _IF,
           "已申请并获批准的不得责令（义务教育法第十一条第二款）；未获批准的才可责令。",
           "指导监护人办理延缓入学审批。"),
    Reason("Q", "区内外就读无学籍", "", _NO, "已在其他学校就读，只缺学籍。", "取得就读证明，补建学籍。"),
    Reason("R", "易地扶贫搬迁辍学", "", _YES, "", "先由迁入地落实学位。"),
    Reason("S", "“小升初”辍学", "初中", _YES, "", "小学与初中交接名册，逐人核对报到。"),
    Reason("T", "失踪失联", "", _NO, "下落不明，文书无法送达，责令没有意义。",
           "立即向公安机关报告（未成年人保护法第十一条第二款）。"),
)
REASONS = {each.code: each for each in _REASONS}


class AbsenceState(StrEnum):
    """Where a child stands between school and dropout."""

    NORMAL = "normal"
    ABSENT = "absent"
    SUSPECTED = "suspected"
    DROPOUT = "dropout"
    RETURNED_PROBATION = "returned_probation"
    CLEARED = "cleared"

    @property
    def label(self) -> str:
        return {
            "normal": "正常", "absent": "缺课", "suspected": "疑似辍学", "dropout": "辍学",
            "returned_probation": "已返校观察", "cleared": "已销号",
        }[self.value]


@dataclass(frozen=True)
class Absence:
    """The state on the day asked about.

    The two days are when the child became (or will become, if nothing changes) suspected and dropped out;
    None when the child came back before, or was never absent.
    """

    state: AbsenceState
    suspected_on: date | None
    dropout_on: date | None


def reason(code: str) -> Reason:
    """The reason with this code. Raises Refused."""
    if found := REASONS.get(code.strip().upper()):
        return found
    raise Refused(f"没有“{code}”这个辍学原因代码。", where="reason_code", advice="请从A到T中选一个。")


def absence(
    first_absent: date | None, on: date, returned_on: date | None = None,
    vacations: Sequence[tuple[date, date]] = (), *, cleared_on: date | None = None,
) -> Absence:
    """The state on `on` of a child absent without leave since the school day `first_absent`.

    None means never absent. Suspected when still absent after a week (the first day not counted), dropped out
    when still absent a month after that. `vacations` (first and last day, both included) stop the clock.
    Raises Refused for days out of order.
    """
    if first_absent is None:
        return Absence(AbsenceState.NORMAL, None, None)
    _require_order(first_absent, on, returned_on, vacations)
    suspected_on = _after(first_absent, WEEK_DAYS, vacations)
    month = (corresponding_day(suspected_on, 1) - suspected_on).days
    dropout_on = _after(suspected_on, month, vacations)
    if returned_on is None or returned_on > on:
        return Absence(_still_absent(on, suspected_on, dropout_on), suspected_on, dropout_on)
    cleared = cleared_on is not None and cleared_on <= on
    back = AbsenceState.CLEARED if cleared else AbsenceState.RETURNED_PROBATION
    return Absence(back, suspected_on if suspected_on < returned_on else None,
                   dropout_on if dropout_on < returned_on else None)


def require_at_school(code: str, grade: int, *, graduated: bool) -> None:
    """Pass if a child may be missing at school: one who finished grade 9 may not, one who finished grade 6 only as S.

    《义务教育法》第二条: compulsory education is nine years. `grade` is the last one that was attended.
    """
    if not graduated or grade < LAST_OF_PRIMARY:
        return
    if grade >= LAST_GRADE:
        raise Refused("该生已经毕业，完成了九年义务教育，不属于控辍保学对象，不能建案或者责令。", where="student",
                      advice="毕业登记有误的，请先在学生名册更正。")
    if reason(code).code != "S":
        raise Refused("该生已经小学毕业，没有到初中报到的，原因只能选S（“小升初”辍学）。", where="reason_code",
                      advice="请选S；毕业登记有误的，请先在学生名册更正。")


def require_enforceable(
    code: str, age: int, state: AbsenceState, level: Level, *,
    condition_met: bool = False,
) -> None:
    """Pass if an order may be made; else raise Refused that says why and what to do instead.

    `age` in full years on the day of the order; `level` that of the issuer; `condition_met` that the
    condition of a conditional reason was checked. From 16 on only 未成年人保护法第八十三条第二款 bears the order.
    """
    found = reason(code)
    if found.enforceable is _NO:
        raise Refused(f"原因{found.code}（{found.label}）不得责令：{found.why}", where="reason_code",
                      advice=found.route)
    if found.enforceable is _IF and not condition_met:
        raise Refused(f"原因{found.code}（{found.label}）：{found.why}", where="reason_code",
                      advice="请核实并勾选“已核实符合责令条件”。")
    _require_age(age)
    if state not in {AbsenceState.SUSPECTED, AbsenceState.DROPOUT}:
        raise Refused(f"该生当前状态为“{state.label}”，不能责令。", where="absence",
                      advice="缺课超过一星期、已列为疑似辍学后才可责令；此前请家访劝返。")
    if age >= TOWNSHIP_AGE and (level is not Level.COUNTY or state is not AbsenceState.DROPOUT):
        raise Refused("已满十六周岁的，须已列为辍学，由县级教育行政部门责令。", where="birth_date",
                      advice="请报县教育体育局，列为辍学后依据未成年人保护法第八十三条第二款办理。")


def _require_age(age: int) -> None:
    if age >= ADULT_AGE:
        raise Refused(f"该生已满{age}周岁，是成年人，不得责令其监护人。", where="birth_date",
                      advice="请按超龄离校核实处理。")
    if age < LEAST_AGE:
        raise Refused(f"该生{age}周岁，未满6周岁，尚不属适龄儿童。", where="birth_date",
                      advice="请核对出生日期。")


def _require_order(
    first: date, on: date, returned_on: date | None, vacations: Sequence[tuple[date, date]],
) -> None:
    require_reckonable(first)
    if first > on:
        raise Refused(f"首次缺课日{chinese_date(first)}晚于{chinese_date(on)}。", where="first_absent",
                      advice="请核对首次缺课日。")
    if returned_on is not None and returned_on <= first:
        raise Refused("返校日期应晚于首次缺课日。", where="returned_on", advice="请核对返校日期。")
    for opens, closes in vacations:
        if closes < opens:
            raise Refused("假期的结束日早于开始日。", where="vacation", advice="请核对假期起止。")
    if _in_vacation(first, vacations):
        raise Refused(f"首次缺课日{chinese_date(first)}在假期内。", where="first_absent",
                      advice="请填写开学后第一个缺课的上课日。")


def _after(start: date, days: int, vacations: Sequence[tuple[date, date]]) -> date:
    """The first day outside vacations after `days` such days have passed since `start`."""
    day = start
    for _ in range(days + 1):
        day += ONE_DAY
        while closes := _in_vacation(day, vacations):
            day = closes + ONE_DAY
    return day


def _in_vacation(day: date, vacations: Sequence[tuple[date, date]]) -> date | None:
    return next((closes for opens, closes in vacations if opens <= day <= closes), None)


def _still_absent(on: date, suspected_on: date, dropout_on: date) -> AbsenceState:
    if on >= dropout_on:
        return AbsenceState.DROPOUT
    return AbsenceState.SUSPECTED if on >= suspected_on else AbsenceState.ABSENT
