"""Enter a pupil with guardians, or correct one (block P of the paper set)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import NotVisible, Problem, Refused
from app.law import powers
from app.law.identity import IdentityNumber
from app.law.lives import PaperState
from app.law.offices import Level
from app.outside import fonts
from app.papers import catalogue
from app.records import audit, cases, offices, papers, students

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db
    from app.records.students import NewGuardian, NewStudent, Student

ADULT = 18


@dataclass(frozen=True)
class Enrolment:
    """A pupil and the guardians; every value was parsed by its type."""

    student: NewStudent
    guardians: tuple[NewGuardian, ...]


def register_student(desk: Desk, actor: Actor, asked: Enrolment) -> str:
    """Enter the pupil and answer the public identifier.

    The same pupil entered twice in one school (double click, back button) is entered once.
    """
    powers.require(actor, powers.Power.REGISTER_PUPIL)
    now = desk.clock.now()
    _require_sound(desk, asked)
    with desk.change() as db:
        _require_places(db, actor, asked.student)
        known = students.find_in_school(db, actor, asked.student.school_id, asked.student.id_number)
        if known is not None:
            return known.public_id
        public_id = students.add(db, asked.student, asked.guardians, now)
        student = students.load_student(db, actor, public_id)
        audit.append(db, actor, "register_student", "student", student.id, now)
    return public_id


def correct_student(desk: Desk, actor: Actor, public_id: str, asked: Enrolment) -> None:
    """Correct what was entered; papers issued before keep the words they were issued with."""
    powers.require(actor, powers.Power.REGISTER_PUPIL)
    now = desk.clock.now()
    _require_sound(desk, asked)
    with desk.change() as db:
        student = students.load_student(db, actor, public_id)
        _require_places(db, actor, asked.student)
        _require_same_parties(db, actor, student, asked)
        before = {name: str(getattr(student, name)) for name in vars(asked.student)}
        changed = sorted(name for name, value in vars(asked.student).items() if str(value) != before[name])
        students.change(db, student.id, asked.student)
        students.replace_guardians(db, student, asked.guardians)
        audit.append(db, actor, "correct_student", "student", student.id, now, changed=changed)


def _require_places(db: Db, actor: Actor, student: NewStudent) -> None:
    school = offices.load(db, student.school_id)
    if not school.path.startswith(actor.path) or school.level is not Level.SCHOOL:
        raise NotVisible
    if offices.load(db, student.township_id).level is not Level.TOWNSHIP:
        raise Refused("请选择监护人居住的乡镇（街道）。", where="township")


def _require_same_parties(db: Db, actor: Actor, student: Student, asked: Enrolment) -> None:
    """An order names its parties and each has a receipt: while it is out, nobody joins or leaves, nobody moves up."""
    stay = len(asked.guardians) == len(student.guardians) and all(
        students.same_guardian(*each) for each in zip(student.guardians, asked.guardians, strict=True))
    out = (PaperState.SUBMITTED, PaperState.ISSUED)
    if not stay and any(row.state in out and catalogue.paper(row.kind).served
                        for case in cases.of_student(db, actor, student.id)
                        for row in papers.of_case(db, actor, case.id)):
        raise Refused("责令通知书已经送审或签发，监护人不能增减或调换次序。", where="guardians",
                      advice="请先撤回或作废通知书，改好监护人后重新制发。")


def _require_sound(desk: Desk, asked: Enrolment) -> None:
    problems = [*_against_id(asked.student), *_guardian_problems(desk, asked), *_glyphs(asked)]
    if problems:
        raise Refused(f"有{len(problems)}处需要改正。", problems=tuple(problems))


def _against_id(student: NewStudent) -> Iterator[Problem]:
    number = IdentityNumber.parse(student.id_number)
    if number.sex != student.sex:
        yield Problem("sex", f"身份证号显示性别为{number.sex}，与填写的不一致。", "请对照证件核对。")
    if number.birth_date != student.birth_date:
        yield Problem("birth_date", "身份证号里的出生日期与填写的不一致。", "请对照证件核对。")


def _guardian_problems(desk: Desk, asked: Enrolment) -> Iterator[Problem]:
    if not asked.guardians:
        yield Problem("guardians", "至少填一名法定监护人。")
    seen = {asked.student.id_number}
    for index, guardian in enumerate(asked.guardians):
        if guardian.id_number in seen:
            yield Problem(f"guardians.{index}.id_number", "这个身份证号已经填过。", "请核对是谁的证件。")
        seen.add(guardian.id_number)
        if IdentityNumber.parse(guardian.id_number).age_on(desk.clock.today()) < ADULT:
            yield Problem(f"guardians.{index}.id_number", "监护人应年满十八周岁。", "请核对证件号码。")


def _glyphs(asked: Enrolment) -> Iterator[Problem]:
    places = [(name, value) for name, value in vars(asked.student).items() if isinstance(value, str)]
    places += [(f"guardians.{index}.{name}", value) for index, guardian in enumerate(asked.guardians)
               for name, value in vars(guardian).items()]
    for where, text in places:
        for character in fonts.missing(text):
            yield Problem(where, f"字库里没有“{character}”（U+{ord(character):04X}），印出来会是空框。",
                          "请核对这个字，或联系管理员补字。")
