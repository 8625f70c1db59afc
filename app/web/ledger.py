"""学生台账: the list with its conditions, page by page, and as a workbook. Conditions travel by POST."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request, url_for

from app.actions import case_facts
from app.actions.export_ledger import Asked, export_ledger
from app.errors import Problem, Refused
from app.law import dropout
from app.law.dropout import AbsenceState
from app.law.offices import Level
from app.law.powers import Power
from app.law.steps import Step, next_step
from app.papers.catalogue.common import GRADES
from app.records import cases, offices, rolls
from app.records.rolls import Wanted
from app.records.students import ENROLLED, GRADUATED
from app.web import progress
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue

    from app.actions.case_facts import CaseView
    from app.records.database import Db

pages = Pages("ledger")
SIZE = 50
"""Pupils on one page."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_SCHOOL, FINISHED = "at_school", "graduated"
STATES = {AT_SCHOOL: "在校", "absent": "缺课", AbsenceState.SUSPECTED.value: "疑似辍学",
          AbsenceState.DROPOUT.value: "辍学", "returned": "已返校", FINISHED: "已毕业"}
BACK = {AbsenceState.RETURNED_PROBATION.value, AbsenceState.CLEARED.value}
DUE = {"today": "今天到期", "late": "已逾期"}
LABELS = {"q": "查询", "school": "学校", "class": "班级", "township": "乡镇", "village": "村", "state": "状态",
          "code": "类别", "step": "下一步", "due": "期限"}
OF_CASES = ("code", "step", "due")


@dataclass(frozen=True)
class Chip:
    """A condition that is set; `name` is what takes it off."""

    name: str
    text: str


@dataclass(frozen=True)
class Seen:
    """A case as the ledger shows it."""

    view: CaseView
    state: str
    light: Any
    step: str


@pages.page("/students/export", Power.EXPORT_LEDGER, "POST", again="each export is written down")
def export() -> ResponseReturnValue:
    """The pupils of the present conditions as a workbook."""
    desk, actor = the_desk(), the_actor()
    given = _given()
    with desk.register.reading() as db:
        wanted = _wanted(db, given, _open_cases(db, desk.clock.today()) if _asks_for_cases(given) else {})
    try:
        data = export_ledger(desk, actor, Asked(wanted, request.form.get("revealed") == "y",
                                                request.form.get("reason", "")))
    except Refused as refused:
        return listed(refused.problems or (Problem("", refused.what, refused.advice),))
    return Response(data, headers={"Content-Disposition": "attachment; filename=ledger.xlsx", "Content-Type": XLSX,
                                   "Cache-Control": "no-store"})


def listed(problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    """The pupils in this person's charge who fulfil the conditions."""
    desk, actor, given = the_desk(), the_actor(), _given()
    today = desk.clock.today()
    with desk.register.reading() as db:
        seen = _open_cases(db, today) if _asks_for_cases(given) else {}
        wanted = _wanted(db, given, seen)
        total = rolls.count(db, actor, wanted)
        page = min(max(1, _whole(request.form.get("page")) or 1), max(1, -(-total // SIZE)))
        found = rolls.page(db, actor, wanted, (page - 1) * SIZE, SIZE)
        shown = _views(db, cases.of_students(db, actor, [each.id for each in found]).values(), today)
        choices = _choices(db, given)
    chips = [Chip(name, f"{LABELS[name]}：{choices[name].get(value, value) if name in choices else value}")
             for name, value in given.items() if value and not (name == "school" and len(choices["school"]) == 1)]
    return render_template(
        "students/index.html", rows=[(each, shown.get(each.id)) for each in found], given=given, chips=chips,
        choices=choices, labels=LABELS, grades=GRADES, total=total, page=page, first=(page - 1) * SIZE, size=SIZE,
        states=STATES, problems=problems, export=url_for("ledger.export"), narrowed=bool(chips)), (
            422 if problems else 200)


def _given() -> dict[str, str]:
    """The conditions as they were sent, without the one that a chip took off."""
    given = {name: request.values.get(name, "").strip() for name in LABELS} | {"q": request.form.get("q", "").strip()}
    dropped = request.form.get("_drop", "")
    if dropped in given:
        given[dropped] = ""
    if not given["school"] and dropped == "school":
        given["class"] = ""
    if not given["township"]:
        given["village"] = ""
    return given


def _asks_for_cases(given: Mapping[str, str]) -> bool:
    return bool(given["state"] not in {"", FINISHED} or any(given[name] for name in OF_CASES))


def _open_cases(db: Db, today: date) -> dict[int, Seen]:
    return _views(db, cases.open_cases(db, the_actor()), today)


def _views(db: Db, found: Any, today: date) -> dict[int, Seen]:
    """Cases by pupil, with a handful of queries for all of them."""
    lawbook = the_desk().lawbook(db)
    shown: dict[int, Seen] = {}
    for view in case_facts.views(db, the_actor(), list(found)):
        state = view.absence_on(today).state.value
        step = next_step(view.case.done)
        shown[view.case.student_id] = Seen(
            view, "returned" if state in BACK else state if state in STATES else "absent",
            progress.light(view, today, lawbook), step.value if step else "")
    return shown


def _wanted(db: Db, given: Mapping[str, str], seen: Mapping[int, Seen]) -> Wanted:
    grade, _, class_name = given["class"].partition("|")
    school = _whole(given["school"])
    own = offices.below(db, the_actor(), Level.SCHOOL) if given["class"] and school is None else ()
    wanted = Wanted(query=given["q"], school_id=own[0].id if len(own) == 1 else school, grade=_whole(grade),
                    class_name=class_name, township_id=_whole(given["township"]), village=given["village"],
                    status=GRADUATED if given["state"] == FINISHED else ENROLLED)
    if not _asks_for_cases(given):
        return wanted
    if given["state"] == AT_SCHOOL and not any(given[name] for name in OF_CASES):
        return replace(wanted, without=frozenset(seen))
    today = the_desk().clock.today()
    return replace(wanted, only=frozenset(key for key, each in seen.items() if _fits(each, given, today)))


def _fits(seen: Seen, given: Mapping[str, str], today: date) -> bool:
    due = seen.light.due
    days = {"": True, "today": due == today, "late": due is not None and due < today}
    return (given["state"] in ("", seen.state) and given["code"] in ("", seen.view.case.reason_code)
            and given["step"] in ("", seen.step) and days.get(given["due"], False))


def _choices(db: Db, given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    actor = the_actor()
    schools = offices.below(db, actor, Level.SCHOOL)
    counties = {offices.above(db, each.path, Level.COUNTY).path for each in schools}
    townships = [each for path in sorted(counties) for each in offices.townships_of_county(db, path)]
    school = schools[0].id if len(schools) == 1 else _whole(given["school"])
    township = _whole(given["township"])
    classes = rolls.classes(db, actor, school) if school else ()
    grades = {f"{number}|": label for number, label in GRADES.items()} if not school else {
        f"{grade}|": GRADES[str(grade)] for grade in sorted({grade for grade, _ in classes})}
    return {
        "school": {str(each.id): each.name for each in schools},
        "class": grades | {f"{grade}|{name}": f"{GRADES[str(grade)]}{name}" for grade, name in classes},
        "township": {str(each.id): each.area_name for each in townships},
        "village": {name: name for name in (rolls.villages(db, actor, township) if township else ())},
        "state": STATES, "code": {each.code: each.code for each in dropout.REASONS.values()},
        "step": {each.value: each.label for each in Step}, "due": DUE}


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004  (no key is so long)
