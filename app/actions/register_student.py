"""Enter a pupil with guardians, or correct one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import TYPE_CHECKING

from app.errors import NotVisible, Problem, Refused
from app.law import powers
from app.law.identity import ADULT_AGE, IdentityNumber
from app.law.offices import Level
from app.outside import fonts
from app.papers import catalogue
from app.records import audit, offices, parties, students
from app.records.students import NewGuardian

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor, Office
    from app.records.database import Db
    from app.records.students import Elsewhere, NewStudent, Student

PARTY = ("name", "relation", "id_number")
"""What makes a guardian the party that an order names."""
CHILD = ("name", "id_number")
"""What makes a pupil the child that an order speaks of."""


@dataclass(frozen=True)
class Enrolment:
    """A pupil and the guardians; every value was parsed by its type."""

    student: NewStudent
    guardians: tuple[NewGuardian, ...]


def register_student(desk: Desk, actor: Actor, asked: Enrolment) -> str:
    """Enter the pupil and answer the public identifier.

    The same pupil entered twice in one school (double click, back button) is entered once; one who is enrolled at
    another school is refused, and whoever may not see that school does not learn which it is.
    """
    powers.require(actor, powers.Power.REGISTER_PUPIL)
    now = desk.clock.now()
    _require_sound(desk, asked)
    with desk.change() as db:
        _require_places(db, actor, asked.student)
        known = _known(db, actor, asked.student)
        if known is not None:
            return known.public_id
        require_nowhere_else(db, actor, asked.student)
        public_id = students.add(db, asked.student, asked.guardians, now)
        student = students.load_student(db, actor, public_id)
        audit.append(db, actor, "register_student", "student", student.id, now)
    return public_id


def correct_student(desk: Desk, actor: Actor, public_id: str, asked: Enrolment, seen: str) -> None:
    """Correct what was entered; papers issued before keep the words they were issued with.

    `seen` is the fingerprint of what stood on the sheet when it was opened: what somebody else corrected since is
    never overwritten. The same correction sent twice is made once.
    """
    powers.require(actor, powers.Power.REGISTER_PUPIL)
    now = desk.clock.now()
    _require_sound(desk, asked)
    with desk.change() as db:
        student = students.load_student(db, actor, public_id)
        stands = students.fingerprint(student, student.guardians)
        if stands == students.fingerprint(asked.student, asked.guardians) != seen:
            return
        if stands != seen:
            raise Refused("这名学生的信息在您打开之后被别人更正过，您这次的内容没有覆盖它，还在本页上。",
                          advice="请另开窗口看学生现在的信息，核对后从学生页重新进“更正”再改。")
        _require_places(db, actor, asked.student)
        _require_only_one(db, actor, student, asked.student)
        changed = changes(student, asked)
        require_same_parties(db, student, changed)
        students.change(db, student.id, asked.student)
        students.replace_guardians(db, student, asked.guardians)
        audit.append(db, actor, "correct_student", "student", student.id, now, changed=changed)


def _known(db: Db, actor: Actor, new: NewStudent) -> Student | None:
    """The pupil who is entered here already: by number, or without one by name and birth date."""
    if new.id_number:
        return students.find_in_school(db, actor, new.school_id, new.id_number)
    namesake = students.find_namesake(db, actor, new)
    if namesake is not None and namesake.id_number:
        what = f"本校已有同名同出生日期的{namesake.name}，登记有身份证号。"
        raise Refused(what, problems=(
            Problem("id_number", what, "是同一名学生的，不用再登记；不是的，请补填身份证号。"),))
    return namesake


def _require_only_one(db: Db, actor: Actor, student: Student, new: NewStudent) -> None:
    """Nobody becomes a second pupil by a correction."""
    known = students.find_in_school(db, actor, new.school_id, new.id_number)
    if known is not None and known.id != student.id:
        what = f"这个身份证号已经登记为{known.name}（{known.school}）。"
        raise Refused(what, problems=(Problem("id_number", what, "请对照证件核对。"),))
    if new.id_number != student.id_number or new.school_id != student.school_id:
        require_nowhere_else(db, actor, new, but=student.school_id)


def require_nowhere_else(db: Db, actor: Actor, new: NewStudent, *, but: int | None = None) -> None:
    """Pass unless the number is that of a pupil enrolled at another school; else raise Refused: whom to ask."""
    found = students.entered_elsewhere(db, [new.id_number], new.school_id)
    elsewhere = found.get(new.id_number)
    if elsewhere is not None and (but is None or elsewhere.school_id != but):
        school = offices.load(db, new.school_id)
        problem = told_elsewhere(elsewhere, actor, offices.above(db, school.path, Level.COUNTY))
        raise Refused(problem.message, problems=(problem,))


def told_elsewhere(elsewhere: Elsewhere, actor: Actor, county: Office, where: str = "id_number") -> Problem:
    """What is said of a number that is in use: the school to those in charge of it, the county's office to others."""
    if elsewhere.school_path.startswith(actor.path):
        return Problem(where, f"该证件号码已在{elsewhere.school}登记。",
                       f"学生转学的，请由{county.name}在原登记上“更正”学校，不要另登记一人。")
    phone = f"（电话{county.phone}）" if county.phone else ""
    return Problem(where, "该证件号码已在其他学校登记。",
                   f"请核对证件；号码无误的，请联系{county.name}{phone}核实处理。")


def changes(student: Student, asked: Enrolment) -> list[str]:
    """Names of the fields that change, without a value: `village`, `guardians.0.phone`; `guardians.1` comes or goes."""
    found = [name for name, value in vars(asked.student).items() if str(getattr(student, name)) != str(value)]
    for index, (known, new) in enumerate(zip_longest(student.guardians, asked.guardians)):
        if known is None or new is None:
            found.append(f"guardians.{index}")
        else:
            found += [f"guardians.{index}.{each.name}" for each in fields(NewGuardian)
                      if getattr(known, each.name) != getattr(new, each.name)]
    return sorted(found)


def _require_places(db: Db, actor: Actor, student: NewStudent) -> None:
    school = offices.load(db, student.school_id)
    if not school.path.startswith(actor.path) or school.level is not Level.SCHOOL:
        raise NotVisible
    if offices.load(db, student.township_id).level is not Level.TOWNSHIP:
        raise Refused("请选择监护人居住的乡镇（街道）。", where="township")


def require_same_parties(db: Db, student: Student, changed: Sequence[str]) -> None:
    """An order names its parties and each has a receipt: while it is out, nobody joins, leaves or becomes another.

    A name today and a number tomorrow would put a stranger in the party's place, so both stand still.
    """
    fixed = [name for name in changed if name in CHILD or (
        name.startswith("guardians.") and (name.count(".") == 1 or name.rpartition(".")[2] in PARTY))]
    if not fixed:
        return
    out = next((each for each in parties.papers_out(db, student.id) if catalogue.paper(each.kind).served), None)
    if out is not None:
        what = (f"{out.office}的《{out.title}》已经送审或签发，学生和监护人的姓名、身份证号、与学生关系不能改，"
                "监护人不能增减或调换次序；监护人的电话和住址可以改。")
        advice = f"请先由{out.office}撤回或作废该文书，改好后重新制发；或等本案办结立卷后再更正。"
        raise Refused(what, problems=tuple(Problem(where, what, advice) for where in fixed))


def flaws(desk: Desk, asked: Enrolment) -> list[Problem]:
    """What is wrong with the values among themselves, whatever stands in the register."""
    return [*_against_id(asked.student), *_not_born(desk, asked.student), *_guardian_problems(desk, asked),
            *_glyphs(asked)]


def _require_sound(desk: Desk, asked: Enrolment) -> None:
    problems = flaws(desk, asked)
    if problems:
        raise Refused(f"有{len(problems)}处需要改正。", problems=tuple(problems))


def _against_id(student: NewStudent) -> Iterator[Problem]:
    if not student.id_number:
        return
    number = IdentityNumber.parse(student.id_number)
    if number.sex != student.sex:
        yield Problem("sex", f"身份证号显示性别为{number.sex}，与填写的不一致。", "请对照证件核对。")
    if number.birth_date != student.birth_date:
        yield Problem("birth_date", "身份证号里的出生日期与填写的不一致。", "请对照证件核对。")


def _not_born(desk: Desk, student: NewStudent) -> Iterator[Problem]:
    if student.birth_date > desk.clock.today():
        yield Problem("id_number" if student.id_number else "birth_date", "出生日期还没有到。", "请对照证件核对。")


def _guardian_problems(desk: Desk, asked: Enrolment) -> Iterator[Problem]:
    if not asked.guardians:
        yield Problem("guardians", "至少填一名法定监护人。")
    seen = {asked.student.id_number} - {""}
    for index, guardian in enumerate(asked.guardians):
        if not guardian.id_number:
            yield Problem(f"guardians.{index}.id_number", "请填写监护人的身份证号。")
            continue
        if guardian.id_number in seen:
            yield Problem(f"guardians.{index}.id_number", "这个身份证号已经填过。", "请核对是谁的证件。")
        seen.add(guardian.id_number)
        if IdentityNumber.parse(guardian.id_number).age_on(desk.clock.today()) < ADULT_AGE:
            yield Problem(f"guardians.{index}.id_number", "监护人应年满十八周岁。", "请核对证件号码。")


def _glyphs(asked: Enrolment) -> Iterator[Problem]:
    places = [(name, value) for name, value in vars(asked.student).items() if isinstance(value, str)]
    places += [(f"guardians.{index}.{name}", value) for index, guardian in enumerate(asked.guardians)
               for name, value in vars(guardian).items()]
    for where, text in places:
        for character in fonts.missing(text):
            yield Problem(where, f"字库里没有“{character}”（U+{ord(character):04X}），印出来会是空框。",
                          "请核对这个字，或联系管理员补字。")
