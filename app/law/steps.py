"""The order of acts in a case: 《办法》二（四）; 义务教育法第五十八条; 未成年人保护法第二十八条第二款."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.deadlines import chinese_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Step(StrEnum):
    """What is done in a case, in the order in which it is done."""

    REPORT = "report"
    ADMONISH = "admonish"
    ORDER = "order"
    SERVE = "serve"
    CHECK = "check"
    FILE = "file"

    @property
    def label(self) -> str:
        return {
            "report": "学校报告", "admonish": "批评教育", "order": "责令限期改正", "serve": "送达",
            "check": "复查", "file": "立卷归档",
        }[self.value]


class Procedure(StrEnum):
    """How far the papers of a case have come; independent of the child's absence."""

    NONE = "none"
    REPORTED = "reported"
    CRITICISED = "criticised"
    ORDERED = "ordered"
    SERVED = "served"
    COMPLIED = "complied"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        return {
            "none": "未启动", "reported": "已报告", "criticised": "已批评教育", "ordered": "已责令改正",
            "served": "已送达", "complied": "已履行", "overdue": "逾期未履行",
        }[self.value]


ORDER_OF_STEPS = tuple(Step)
REACHED = {
    Step.REPORT: Procedure.REPORTED, Step.ADMONISH: Procedure.CRITICISED, Step.ORDER: Procedure.ORDERED,
    Step.SERVE: Procedure.SERVED, Step.CHECK: Procedure.SERVED,
}


@dataclass(frozen=True)
class Done:
    """A step that was done, and the day on which it was done (not the day it was entered)."""

    step: Step
    done_on: date


def require_next(
    step: Step, done: Sequence[Done], on: date, *, deadline: date | None = None, another: bool = False,
) -> None:
    """Pass if `step` may be done on `on`; else raise Refused that says why and what comes first.

    `deadline` is the last day of the order's term and is needed for CHECK. `another` allows a step once more,
    for the paper of a second guardian.
    """
    if not another and any(each.step is step for each in done):
        raise Refused(
            f"本案已于{chinese_date(_day_of(step, done))}完成“{step.label}”，不能重复办理。", where="step",
            advice="需要更正的，请先作废原文书；另一名监护人的文书请在该监护人名下办理。")
    _require_predecessor(step, done, on)
    if step is Step.CHECK:
        _require_expired(on, deadline)


def require_before_later(step: Step, done: Sequence[Done], on: date) -> None:
    """Pass if no later step was done before `on`: an entry made afterwards never comes after what stands on it."""
    after = [each for each in done if ORDER_OF_STEPS.index(each.step) > ORDER_OF_STEPS.index(step)]
    first = min(after, key=lambda each: each.done_on, default=None)
    if first is not None and on > first.done_on:
        later = f"后面的“{first.step.label}”{chinese_date(first.done_on)}"
        raise Refused(f"“{step.label}”的日期{chinese_date(on)}晚于{later}。", where="date",
                      advice="请照纸质原件核对日期。")


def next_step(done: Sequence[Done]) -> Step | None:
    """The first step that is not done, or None when the file is closed."""
    taken = {each.step for each in done}
    return next((step for step in ORDER_OF_STEPS if step not in taken), None)


def procedure(
    done: Sequence[Done], present: bool | None = None,  # noqa: FBT001  (yes, no or unknown is a finding, no flag)
) -> Procedure:
    """How far the case has come.

    `present` is what the latest check found: the child in school, not, or unknown.
    """
    taken = {each.step for each in done}
    if Step.CHECK in taken and present is not None:
        return Procedure.COMPLIED if present else Procedure.OVERDUE
    reached = [REACHED[step] for step in ORDER_OF_STEPS if step in taken and step in REACHED]
    return reached[-1] if reached else Procedure.NONE


def _require_predecessor(step: Step, done: Sequence[Done], on: date) -> None:
    before = ORDER_OF_STEPS[:ORDER_OF_STEPS.index(step)]
    for each in before:
        if not any(one.step is each for one in done):
            raise Refused(f"不能办理“{step.label}”：尚未完成“{each.label}”。", where="step",
                          advice=f"请先完成“{each.label}”；系统外已办的，请补录并附扫描件。")
    latest = max((one.done_on for one in done if one.step in before), default=on)
    if on < latest:
        raise Refused(f"“{step.label}”的日期{chinese_date(on)}早于前一步骤的日期{chinese_date(latest)}。",
                      where="date", advice=f"请填写{chinese_date(latest)}或以后的日期。")


def _require_expired(on: date, deadline: date | None) -> None:
    if deadline is None:
        raise Refused("没有改正期限，不能复查。", where="deadline",
                      advice="请先登记送达，由系统算出改正期限。")
    if on <= deadline:
        raise Refused(f"改正期限到{chinese_date(deadline)}（含当日）才届满，{chinese_date(on)}不能复查。",
                      where="date", advice="请在期限届满后的第一个工作日复查。")


def _day_of(step: Step, done: Sequence[Done]) -> date:
    return max(each.done_on for each in done if each.step is step)
