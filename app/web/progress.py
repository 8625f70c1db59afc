"""Where a case stands, in the words of a page: the step line, the one next action, why a later step is not open yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for

from app.errors import Refused
from app.law.deadlines import first_check_day
from app.law.lives import PaperState
from app.law.powers import Power, allowed
from app.law.steps import ORDER_OF_STEPS, Step, next_step, require_next
from app.papers import catalogue
from app.web import lights

if TYPE_CHECKING:
    from datetime import date

    from app.actions.case_facts import CaseView
    from app.law.lawbook import Lawbook
    from app.law.offices import Actor
    from app.papers.kinds import Paper
    from app.records.papers import Paper as Row
    from app.web.lights import Light


@dataclass(frozen=True)
class Mark:
    """One step of the line; `state` is done, now or wait; `why` says why it is not open yet."""

    step: Step
    label: str
    state: str
    note: str
    why: str = ""


@dataclass(frozen=True)
class Next:
    """The one next action. `mine`: who looks may do it. `start` is the kind of paper that a POST begins."""

    todo: str
    button: str = ""
    href: str = ""
    start: str = ""
    mine: bool = False
    basis: str = ""
    again: str = ""
    """Kind of record that may be begun once more beside it, for a guardian who was not heard yet."""


def line(seen: CaseView, today: date) -> tuple[Mark, ...]:
    """The step line: what is done with its day, what is next, what waits and why."""
    coming = next_step(seen.case.done)
    return tuple(_mark(seen, step, coming, today) for step in ORDER_OF_STEPS)


def _mark(seen: CaseView, step: Step, coming: Step | None, today: date) -> Mark:
    day = seen.case.day_of(step)
    if day is not None:
        return Mark(step, step.label, "done", f"{day.month}月{day.day}日")
    why = _why_not(seen, step, today)
    if step is coming:
        return Mark(step, step.label, "now", _note(seen, step), why)
    return Mark(step, step.label, "wait", "未开始", why)


def _why_not(seen: CaseView, step: Step, today: date) -> str:
    try:
        require_next(step, seen.case.done, today, deadline=seen.deadline)
    except Refused as refused:
        return f"{refused.what}{refused.advice}"
    return ""


def _note(seen: CaseView, step: Step) -> str:
    if step is Step.SERVE and seen.unserved:
        return f"还差{len(seen.unserved)}人"
    if step is Step.CHECK and seen.deadline:
        return f"{seen.deadline.month}月{seen.deadline.day}日期满"
    row = _latest(seen, step)
    if row is not None and row.late:
        return "补录待同意" if row.state is PaperState.SUBMITTED else "补录退回"
    words = {None: "待办", PaperState.DRAFT: "正在填写", PaperState.SUBMITTED: "待审签"}
    return words.get(row.state if row else None, "待收签名件")


def next_action(seen: CaseView, actor: Actor) -> Next:
    """What comes next in the case, and whether it is for this person to do."""
    return replace(_next(seen, actor), again=_again(seen, actor))


def _again(seen: CaseView, actor: Actor) -> str:
    declared = next(each for each in catalogue.PAPERS if each.hears)
    if seen.case.day_of(Step.ADMONISH) is None or not seen.unrecorded:
        return ""
    return _begin(seen, actor, declared).start


def _next(seen: CaseView, actor: Actor) -> Next:
    step = next_step(seen.case.done)
    if step is None:
        return Next("卷宗已立卷归档", "看卷宗", url_for("packets.of_case", public_id=seen.case.public_id))
    if step is Step.FILE:
        return Next("核对目录，立卷归档", "立卷", url_for("packets.of_case", public_id=seen.case.public_id),
                    mine=allowed(actor, Power.COMPILE_FILE) and _own(seen, actor, seen.served))
    if step is Step.SERVE:
        return _serve(seen, actor)
    declared = next((each for each in catalogue.PAPERS if each.step is step), None)
    if declared is None:
        return Next(f"办理“{step.label}”")
    row = _latest(seen, step)
    return _begin(seen, actor, declared) if row is None else _go_on(actor, declared, row)


def _begin(seen: CaseView, actor: Actor, declared: Paper) -> Next:
    own = {seen.school.id, seen.township.id, seen.county.id}
    if allowed(actor, Power.DRAFT_PAPER) and actor.level in declared.issuers and actor.office_id in own:
        return Next(f"填写《{declared.title}》", f"填{declared.title}", start=declared.kind, mine=True,
                    basis=declared.basis)
    names = {"school": seen.school.name, "township": seen.township.name, "county": seen.county.name}
    who = "或".join(names[level.value] for level in declared.issuers if level.value in names)
    return Next(f"等{who}办理《{declared.title}》", basis=declared.basis)


def _go_on(actor: Actor, declared: Paper, row: Row) -> Next:
    own = row.office_id == actor.office_id
    show = url_for("papers.show", public_id=row.public_id)
    if row.late:
        return _late(actor, row, show)
    if row.state is PaperState.DRAFT:
        if not (own and allowed(actor, Power.DRAFT_PAPER)):
            return Next(f"{row.office}正在填写《{row.title}》", basis=declared.basis)
        return Next(f"填写《{row.title}》", "继续填写", url_for("drafts.edit", public_id=row.public_id), mine=True,
                    basis=declared.basis)
    if row.state is PaperState.SUBMITTED:
        mine = own and allowed(actor, Power.APPROVE_PAPER) and actor.account_id not in row.hands
        return Next(f"《{row.title}》待审签", "看原文并签" if mine else "查看", show, mine=mine, basis=declared.basis)
    return Next(f"《{row.title}》签名后扫描上传", "上传签名件" if own else "查看", show,
                mine=own and allowed(actor, Power.KEEP_SCAN), basis=declared.basis)


def _late(actor: Actor, row: Row, show: str) -> Next:
    own = row.office_id == actor.office_id
    if row.state is PaperState.DRAFT:
        mine = own and allowed(actor, Power.ENTER_LATE)
        return Next(f"《{row.title}》补录退回，待修改", "修改补录" if mine else "查看", show, mine=mine)
    mine = own and allowed(actor, Power.CONSENT_LATE_ENTRY) and actor.account_id not in row.hands
    return Next(f"《{row.title}》补录待同意", "核对补录" if mine else "查看", show, mine=mine)


def _serve(seen: CaseView, actor: Actor) -> Next:
    row = seen.served
    if row is None:
        return Next("等待签发")
    if not row.at_hand:
        return Next(f"《{row.title}》{row.production.label}", "查看", url_for("papers.show", public_id=row.public_id))
    mine = _own(seen, actor, row) and allowed(actor, Power.RECORD_SERVICE)
    return Next(f"送达{'、'.join(seen.unserved)}", "登记送达" if mine else "查看",
                url_for("services.new" if mine else "papers.show", public_id=row.public_id), mine=mine,
                basis="《民事诉讼法》第八十七条至第九十五条")


def _own(seen: CaseView, actor: Actor, row: Row | None) -> bool:
    return (row.office_id if row else seen.township.id) == actor.office_id


def _latest(seen: CaseView, step: Step) -> Row | None:
    kinds = {each.kind for each in catalogue.PAPERS if each.step is step}
    rows = [row for row in seen.papers if row.kind in kinds and row.state is not PaperState.VOID]
    return rows[-1] if rows else None


def light(seen: CaseView, today: date, lawbook: Lawbook) -> Light:
    """The lamp of a case: the day that the law or the 办法 sets for its next step, if one does."""
    step = next_step(seen.case.done)
    if step is None:
        return lights.Light("n", "已归档")
    if step is Step.REPORT:
        suspected = seen.absence_on(today).suspected_on
        return lights.of_deadline(suspected, today) if suspected else lights.Light("n", "待办")
    if step is Step.CHECK and seen.deadline:
        if today <= seen.deadline:
            left = (seen.deadline - today).days
            words = f"改正期限还有{left}天" if left else "改正期限今天届满"
            return lights.Light("y" if left <= lights.SOON_DAYS else "g", words, seen.deadline)
        return lights.of_deadline(first_check_day(seen.deadline, lawbook.days), today)
    return lights.Light("n", "待办")
