"""Import a school's list of pupils: looked at first, then written whole or not at all, and taken back whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.actions.keep_known import Filled, filled
from app.actions.register_student import Enrolment, changes, flaws, require_same_parties, told_elsewhere
from app.errors import Problem, Refused
from app.intake import school_list, sheets
from app.law import powers
from app.law.identity import full_years
from app.law.offices import Level
from app.records import audit, batches, offices, rolls, students
from app.records.students import NewGuardian, NewStudent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from app.actions.desk import Desk
    from app.intake.school_list import Line
    from app.law.offices import Actor, Office
    from app.records.batches import Batch
    from app.records.database import Db
    from app.records.students import Student

AGES = range(5, 21)
"""Full years of pupils between grade one and grade nine, late ones too; another age is shown before it is entered."""
ONE_CHILD = "是同一人的，请在原登记上更正。"


@dataclass(frozen=True)
class Change:
    """A pupil who is in the ledger and would be changed: names of the fields."""

    line: Line
    student: Student
    asked: Enrolment
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    new: tuple[tuple[Line, Enrolment], ...]
    changed: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    doubtful: tuple[Problem, ...] = ()
    """Unlikely, and entered all the same if whoever looks at it confirms."""

    @property
    def digest(self) -> str:
        """Tells whether what is written is what somebody looked at."""
        told = [[students.fingerprint(asked.student, asked.guardians) for _, asked in self.new],
                [[each.student.id, students.fingerprint(each.student, each.student.guardians),
                  students.fingerprint(each.asked.student, each.asked.guardians)] for each in self.changed]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged}


def receive_list(desk: Desk, actor: Actor, data: bytes, name: str) -> str:
    """Take an uploaded list in, to be looked at; answers the batch's public identifier. Nothing of it is entered yet.

    Raises Refused when the file cannot be read.
    """
    powers.require(actor, powers.Power.IMPORT_PUPILS)
    sheets.read(data, name)
    address, now = desk.vault.put(data), desk.clock.now()
    with desk.change() as db:
        _, public_id = batches.add(db, kind=batches.IMPORT, office_id=actor.office_id, account_id=actor.account_id,
                                   made_at=now, source_sha=address, source_name=name[-255:], summary={})
    return public_id


def look_at_list(desk: Desk, actor: Actor, db: Db, public_id: str) -> tuple[Batch, Plan]:
    """The batch and what it would do as the ledger stands now."""
    powers.require(actor, powers.Power.IMPORT_PUPILS)
    batch = batches.load_batch(db, actor, public_id, batches.IMPORT)
    if batch.done_at is not None:
        return batch, Plan((), (), 0, ())
    parsed = school_list.parse(sheets.read(desk.vault.get(batch.source_sha), batch.source_name))
    return batch, _planned(desk, db, actor, parsed)


def import_pupils(desk: Desk, actor: Actor, public_id: str, seen: str) -> dict[str, int]:
    """Write what somebody looked at (`seen`: the plan's digest), all of it; answers how many are new and changed.

    Raises Refused, nothing written, when anything is wrong or the ledger has changed since the look.
    """
    powers.require(actor, powers.Power.IMPORT_PUPILS)
    now = desk.clock.now()
    with desk.register.reading() as db:
        batch = batches.load_batch(db, actor, public_id, batches.IMPORT)
    if batch.done_at is not None:
        return dict(batch.summary)
    parsed = school_list.parse(sheets.read(desk.vault.get(batch.source_sha), batch.source_name))
    with desk.change() as db:
        batch = batches.load_batch(db, actor, public_id, batches.IMPORT)
        if batch.done_at is not None:
            return dict(batch.summary)
        plan = _planned(desk, db, actor, parsed)
        if plan.problems:
            raise Refused(f"名单有{len(plan.problems)}处需要改正，没有导入。", problems=plan.problems)
        if plan.digest != seen:
            raise Refused("核对之后台账有了变化，没有导入。", advice="请重新核对下面的内容，再点“确认导入”。")
        batches.add_items(db, batch.id, _written(db, plan, now))
        batches.change(db, batch.id, done_at=now, source_sha="", summary=plan.counts)
        audit.append(db, actor, "import_pupils", "batch", batch.id, now, **plan.counts)
    return plan.counts


def _written(db: Db, plan: Plan, now: datetime) -> list[batches.Item]:
    entered = [asked for _, asked in plan.new]
    keys = rolls.add_many(db, [(each.student, each.guardians) for each in entered], now)
    items = [batches.Item(key, None, students.fingerprint(asked.student, asked.guardians))
             for key, asked in zip(keys, entered, strict=True)]
    for each in plan.changed:
        students.change(db, each.student.id, each.asked.student)
        students.replace_guardians(db, each.student, each.asked.guardians)
        items.append(batches.Item(each.student.id, students.as_kept(each.student),
                                  students.fingerprint(each.asked.student, each.asked.guardians)))
    return items


def _planned(desk: Desk, db: Db, actor: Actor, parsed: school_list.Parsed) -> Plan:
    problems = list(parsed.problems)
    places = _Places(db, actor)
    read: list[tuple[Line, Enrolment]] = []
    for line in parsed.lines:
        found = places.enrolment(line)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            read.append((line, found))
    known = _Known(rolls.of_school(db, actor, {each.student.school_id for _, each in read}))
    asked: list[tuple[Line, Enrolment]] = []
    for line, listed in read:
        whole = filled(listed, line, known.find(listed))
        wrong = [whole] if isinstance(whole, Problem) else [
            _at(line, whole, flaw) for flaw in flaws(desk, whole.asked)]
        problems += wrong
        if not wrong and isinstance(whole, Filled):
            asked.append((line, whole.asked))
    problems += _doubles(asked)
    new = [(line, each) for line, each in asked if known.find(each) is None]
    problems += _elsewhere(db, actor, new, places)
    problems += [problem for line, each in asked for problem in known.doubts(line, each)]
    changed = [Change(line, student, each, tuple(names)) for line, each in asked
               if (student := known.find(each)) is not None and (names := changes(student, each))]
    for each in changed:
        try:
            require_same_parties(db, each.student, each.fields)
        except Refused as refused:
            problems.append(Problem(each.line.place, refused.what, refused.advice))
    problems += [Problem(each.line.place, f"{each.student.name}已毕业，不能由名单改动。", "请删去这一行。")
                 for each in changed if each.student.status == students.GRADUATED]
    return Plan(tuple(new), tuple(changed), len(asked) - len(new) - len(changed), tuple(problems),
                tuple(_doubtful(desk, [*new, *((each.line, each.asked) for each in changed)])))


def _doubtful(desk: Desk, asked: Sequence[tuple[Line, Enrolment]]) -> Iterator[Problem]:
    today = desk.clock.today()
    for line, each in asked:
        born = each.student.birth_date
        if born <= today and (age := full_years(born, today)) not in AGES:
            yield Problem(line.cells.get("birth_date", line.place), f"{each.student.name}现年{age}岁。",
                          "请对照证件核对出生日期。")


class _Places:
    """Schools in charge by code, and the townships of their counties by name."""

    def __init__(self, db: Db, actor: Actor) -> None:
        self.schools = {each.code: each for each in offices.below(db, actor, Level.SCHOOL)}
        self.counties = {each.path: offices.above(db, each.path, Level.COUNTY) for each in self.schools.values()}
        self.townships = {path: _by_name(offices.townships_of_county(db, path))
                          for path in {county.path for county in self.counties.values()}}

    def county_of(self, school_id: int) -> Office:
        return next(self.counties[each.path] for each in self.schools.values() if each.id == school_id)

    def enrolment(self, line: Line) -> Enrolment | Problem:
        pupil = dict(line.pupil)
        code, named = str(pupil.pop("school_code")), str(pupil.pop("township"))
        school = self.schools.get(code) if code or len(self.schools) != 1 else next(iter(self.schools.values()))
        if school is None:
            what = f"没有代码为{code}的学校，或不归您的单位管。" if code else "请填写学校代码。"
            return Problem(line.cells.get("school_code", line.place), what,
                           "学校代码见“单位”；一所学校自己导入的不用填。")
        township = self.townships[self.counties[school.path].path].get(named)
        if township is None:
            return Problem(line.cells["township"], f"{self.counties[school.path].area_name}没有“{named}”。",
                           "请填写乡镇（街道）的名称，如吉强镇。")
        values: dict[str, Any] = {name: "" if value is None else value for name, value in pupil.items()}
        return Enrolment(NewStudent(school_id=school.id, township_id=township.id, **values),
                         tuple(NewGuardian(**each) for each in line.guardians))


def _by_name(townships: Sequence[Office]) -> dict[str, Office]:
    return {name: each for each in townships for name in (each.area_name, each.name, each.code)}


class _Known:
    """Pupils of the schools concerned: by number, or without one by name and birth date."""

    def __init__(self, pupils: Sequence[Student]) -> None:
        self.by_number = {(each.school_id, each.id_number): each for each in pupils if each.id_number}
        self.unnumbered = {(each.school_id, each.name, each.birth_date): each for each in pupils if not each.id_number}
        self.named = {(each.school_id, each.name, each.birth_date): each for each in pupils if each.id_number}
        self.by_status = {(each.school_id, each.student_status_no): each for each in pupils if each.student_status_no}

    def doubts(self, line: Line, asked: Enrolment) -> Iterator[Problem]:
        """Who would be one child twice: known by name and birth date, or by 学籍号, but under another ID number."""
        new, own = asked.student, self.find(asked)
        holder = self.by_status.get((new.school_id, new.student_status_no)) if new.student_status_no else None
        namesake = self.named.get((new.school_id, new.name, new.birth_date)) if own is None else None
        if holder is not None and (own is None or holder.id != own.id):
            yield Problem(line.cells.get("student_status_no", line.place),
                          f"这个学籍号已登记为{holder.name}，与这一行的证件对不上。", ONE_CHILD)
        elif namesake is not None and new.id_number:
            yield Problem(line.cells.get("id_number", line.place), "台账里已有同名同出生日期的学生，身份证号不同。",
                          f"{ONE_CHILD}确是两人的，请单独登记。")
        elif namesake is not None:
            yield Problem(line.cells.get("id_number", line.place), "台账里已有同名同出生日期的学生，而且有身份证号。",
                          "请照证件补上身份证号。")

    def find(self, asked: Enrolment) -> Student | None:
        """Who has just got a number is found as who had none: the same name and birth date at the same school."""
        new = asked.student
        found = self.by_number.get((new.school_id, new.id_number)) if new.id_number else None
        return found or self.unnumbered.get((new.school_id, new.name, new.birth_date))


def _doubles(asked: Sequence[tuple[Line, Enrolment]]) -> list[Problem]:
    """Pupils who stand in the list twice."""
    found: list[Problem] = []
    first: dict[tuple[str, ...], Line] = {}
    for line, each in asked:
        new = each.student
        key = (new.id_number,) if new.id_number else (str(new.school_id), new.name, new.birth_date.isoformat())
        if key in first:
            same = "身份证号相同" if new.id_number else "同名同出生日期，都没有身份证号"
            found.append(Problem(line.cells.get("id_number", line.place), f"与{first[key].place}{same}。",
                                 "请核对后只留一行。"))
        first.setdefault(key, line)
        status = ("学籍号", new.student_status_no)
        if new.student_status_no and first.setdefault(status, line) is not line and first[key] is line:
            found.append(Problem(line.cells.get("student_status_no", line.place),
                                 f"与{first[status].place}学籍号相同。", "请核对后改正。"))
    return found


def _elsewhere(db: Db, actor: Actor, new: Sequence[tuple[Line, Enrolment]], places: _Places) -> list[Problem]:
    found: list[Problem] = []
    for school_id in {each.student.school_id for _, each in new}:
        own = {each.student.id_number: line for line, each in new if each.student.school_id == school_id}
        for number, elsewhere in students.entered_elsewhere(db, list(own), school_id).items():
            line = own[number]
            found.append(told_elsewhere(elsewhere, actor, places.county_of(school_id),
                                        line.cells.get("id_number", line.place)))
    return found


def _at(line: Line, whole: Filled, problem: Problem) -> Problem:
    """The problem at its cell: `guardians.0.id_number` is the column guardian1_id_number, if the row has that one."""
    parts = problem.where.split(".")
    column = f"guardian{whole.slots[int(parts[1])]}_{parts[2]}" if len(parts) == 3 else problem.where  # noqa: PLR2004  (rows.index.name)
    return Problem(line.cells.get(column, line.place), problem.message, problem.advice)
