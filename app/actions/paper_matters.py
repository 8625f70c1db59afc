"""What drafting, submitting and approving a paper have in common: who may, in what order, with which values."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from app.errors import NotVisible, Problem, Refused
from app.law import dropout, powers, steps
from app.law.identity import full_years
from app.law.lives import PaperState
from app.law.offices import Level
from app.law.steps import Step
from app.papers import context
from app.papers.kinds import Life
from app.records import cases, offices
from app.records.students import GRADUATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.actions.case_facts import CaseView
    from app.law.lawbook import Lawbook
    from app.law.offices import Actor, Office
    from app.papers.kinds import Composed, Paper, Raw
    from app.records.database import Db
    from app.records.papers import Paper as PaperRow

ISSUE_DATE = "issue_date"
"""The drafter may give an earlier day (the paper was dated on paper); the moment of entry is kept beside it."""


def issuing_office(db: Db, actor: Actor, seen: CaseView, declared: Paper) -> Office:
    """The actor's own office, if this case's papers of this kind are its to make. Raises Refused with who may."""
    office = offices.load(db, actor.office_id)
    powers.require_issuer(office.level, declared.issuers, declared.title)
    own = {Level.SCHOOL: seen.school.id, Level.TOWNSHIP: seen.township.id, Level.COUNTY: seen.county.id}
    if office.id != own.get(office.level):
        raise NotVisible
    if declared.step in (Step.ADMONISH, Step.ORDER):
        _require_not_street(office, seen, declared)
    return office


def day_of(declared: Paper, typed: Mapping[str, Raw], today: date) -> date:
    """The day on which the act was done, as typed: the day of the record, or the day an issued paper is dated.

    Raises Refused for a day that has not come yet.
    """
    name = declared.done_on if declared.life is Life.RECORD else ISSUE_DATE
    raw = typed.get(name)
    if not raw:
        return today
    try:
        day = datetime.fromisoformat(str(raw)).date()
    except ValueError:
        return today
    if day > today:
        message = f"{declared.title}的日期不能在今天以后。"
        raise Refused(message, problems=(Problem(name, message, "请核对日期。"),))
    return day


def require_single(seen: CaseView, declared: Paper, own: int | None = None) -> None:
    """A step stands on one paper: a second is begun when the first is void (of hearings there is one a party)."""
    if declared.step is Step.ADMONISH:
        return
    other = next((each for each in seen.papers if each.kind == declared.kind and each.id != own
                  and each.state is PaperState.ISSUED), None)
    if other is not None:
        raise Refused(f"本案已有一份《{declared.title}》。", advice="有错误的请先作废，再重新制作。")


def require_seen(row: PaperRow, version: int | None) -> None:
    """What is acted on is what was looked at: the page carries the version that it showed."""
    if version is not None and version != row.version:
        raise Refused("您打开页面以后，这份文书又改过。", advice="请刷新页面，看过最新的原文再办。")


def require_step(seen: CaseView, declared: Paper, on: date, level: Level) -> None:
    """Pass if the paper's step is the next one; else say why not and what comes first."""
    if declared.step is None:
        return
    another = declared.step is Step.ADMONISH and bool(seen.unrecorded)
    steps.require_next(declared.step, seen.case.done, on, deadline=seen.deadline, another=another)
    if declared.step is Step.CHECK and seen.unserved:
        raise Refused(f"还没有送达{'、'.join(seen.unserved)}，不能复查。", advice="请先登记送达。")
    if declared.step is Step.ORDER:
        require_order_lawful(seen, on, level)


def _require_not_street(office: Office, seen: CaseView, declared: Paper) -> None:
    if powers.issuing_level(office) is not office.level:
        raise Refused(f"{office.name}是街道办事处，不能制发《{declared.title}》（《义务教育法》第五十八条）。",
                      advice=f"请由{seen.county.name}办理。")


def set_presence(db: Db, case_id: int, declared: Paper, frozen: Mapping[str, Raw], on: date) -> None:
    """What a check found: the child at school again, or not."""
    values, _ = context.parse(declared, frozen)
    assert declared.present is not None  # noqa: S101  (every check declares what it found)
    field, at_school = declared.present
    present = values[field] == at_school
    cases.set_presence(db, case_id, present=present, returned_on=on if present else None)


def require_order_lawful(seen: CaseView, on: date, level: Level) -> None:
    """An order needs an absence without good reason by a child of school age (义务教育法第五十八条).

    What only the drafter can confirm (the condition of a conditional reason) is asked by the paper's own rules.
    """
    case, student = seen.case, seen.student
    dropout.require_at_school(case.reason_code, student.grade, graduated=student.status == GRADUATED)
    absence = seen.absence_on(on)
    dropout.require_enforceable(case.reason_code, age=full_years(student.birth_date, on), state=absence.state,
                                level=level, condition_met=True)


def compose(declared: Paper, facts: Mapping[str, Raw], typed: Mapping[str, Raw], lawbook: Lawbook) -> Composed:
    """Check typed values together with the facts; what was typed never overrides a fact."""
    names = {each.name for each in declared.typed()}
    return context.compose(declared, {name: raw for name, raw in typed.items() if name in names} | dict(facts), lawbook)
