"""Open a case for an absent pupil (一人一案)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import powers
from app.law.dropout import reason, require_at_school
from app.law.numbering import case_no
from app.law.offices import Level
from app.records import audit, cases, numbers, offices, students

if TYPE_CHECKING:
    from datetime import date

    from app.actions.desk import Desk
    from app.law.offices import Actor


@dataclass(frozen=True)
class NewCase:
    """Whose case, since when absent, why (code A–T of the 办法)."""

    student: str
    first_absent_on: date
    reason_code: str


def open_case(desk: Desk, actor: Actor, asked: NewCase) -> str:
    """Open the case and answer its public identifier; a second click answers the case that is open."""
    powers.require(actor, powers.Power.OPEN_CASE)
    now, today = desk.clock.now(), desk.clock.today()
    if asked.first_absent_on > today:
        raise Refused("首次缺课日不能在今天以后。", problems=(
            Problem("first_absent_on", "首次缺课日不能在今天以后。", "请核对日期。"),))
    code = reason(asked.reason_code).code
    with desk.change() as db:
        student = students.load_student(db, actor, asked.student)
        opened = cases.of_student(db, actor, student.id)
        if opened:
            return opened[-1].public_id
        holder = cases.holder_of(db, student.id)
        if holder:
            raise Refused(f"这名学生已有案卷，由{holder}办理，不能另建。",
                          advice=f"请与{holder}联系，在原案卷里接着办。")
        require_at_school(code, student.grade, graduated=student.status == students.GRADUATED)
        county = offices.above(db, student.township_path, Level.COUNTY)
        seq = numbers.take(db, f"case/{county.code}", "案", today.year)
        public_id = cases.add(
            db, case_no=case_no(county.code, today.year, seq), student_id=student.id, cycle=1,
            school_id=student.school_id, school_path=student.school_path, township_id=student.township_id,
            township_path=student.township_path, first_absent_on=asked.first_absent_on,
            reason_code=code, opened_by=actor.account_id, opened_at=now)
        case = cases.load_case(db, actor, public_id)
        audit.append(db, actor, "open_case", "case", case.id, now, case_id=case.id,
                     first_absent_on=asked.first_absent_on.isoformat())
    return public_id
