"""学年升级: each summer a school's pupils rise by a grade, those of the last grade graduate, once for a school year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import NotVisible, Refused
from app.law import powers
from app.law.offices import Level
from app.records import audit, batches, offices, rolls, students

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db
    from app.records.students import Student

MONTHS = range(7, 11)
"""July to October: after the last lessons of the old year, before the first report of the new one is long over."""
PRIMARY_END, LAST = 6, 9


@dataclass(frozen=True)
class Rise:
    """One class: from which grade, its name, how many, and whether they graduate."""

    grade: int
    class_name: str
    pupils: int
    graduates: bool


@dataclass(frozen=True)
class Plan:
    """What a roll-over would do; `kept` are pupils with an open case, who stay as they are."""

    year: int
    last_grade: int
    rises: tuple[Rise, ...]
    kept: tuple[Student, ...]
    done: bool
    """The school has had this year's already."""

    @property
    def digest(self) -> str:
        """Tells whether what is done is what somebody looked at."""
        return f"{self.year}.{self.last_grade}.{len(self.kept)}." + ".".join(
            f"{each.grade}-{each.pupils}" for each in self.rises)


def look_at_roll_over(desk: Desk, actor: Actor, db: Db, school_id: int, last_grade: int | None = None) -> Plan:
    """What would be done for the school; without `last_grade` the likely one: 6 where nobody is above it, else 9."""
    powers.require(actor, powers.Power.ROLL_OVER)
    return _planned(desk, actor, db, school_id, last_grade)[0]


def roll_over(desk: Desk, actor: Actor, school_id: int, last_grade: int, seen: str) -> str:
    """Do what somebody looked at (`seen`: the plan's digest); answers the batch's public identifier."""
    powers.require(actor, powers.Power.ROLL_OVER)
    now, today = desk.clock.now(), desk.clock.today()
    with desk.change() as db:
        plan, moving = _planned(desk, actor, db, school_id, last_grade)
        if today.month not in MONTHS:
            raise Refused("学年升级在每年7月至10月办理。", advice="请在新学年开学前后再办。")
        if plan.done:
            raise Refused(f"本校{plan.year}年秋季的学年升级已经办过。", advice="办错了的，请先撤回那一批。")
        if plan.digest != seen:
            raise Refused("核对之后台账有了变化，没有升级。", advice="请重新核对下面的人数，再点“确认升级”。")
        if not moving:
            raise Refused("没有可以升级的学生。")
        batch_id, public_id = batches.add(
            db, kind=batches.ROLL_OVER, office_id=school_id, account_id=actor.account_id, made_at=now, done_at=now,
            summary={"year": plan.year, "last_grade": last_grade, "pupils": len(moving), "kept": len(plan.kept)})
        batches.add_items(db, batch_id, _moved(db, moving, last_grade))
        audit.append(db, actor, "roll_over", "batch", batch_id, now, year=plan.year, pupils=len(moving))
    return public_id


def _moved(db: Db, moving: Sequence[Student], last_grade: int) -> list[batches.Item]:
    after: dict[int, str] = {}
    for grade in sorted({each.grade for each in moving}):
        own = [each.id for each in moving if each.grade == grade]
        ends = grade >= last_grade
        values = {"status": students.GRADUATED} if ends else {"grade": grade + 1}
        rolls.move(db, own, **values)
        after |= dict.fromkeys(own, f"{grade}:{students.GRADUATED}" if ends else f"{grade + 1}:{students.ENROLLED}")
    return [batches.Item(each.id, {"grade": each.grade, "status": each.status}, after[each.id]) for each in moving]


def _planned(desk: Desk, actor: Actor, db: Db, school_id: int, last_grade: int | None) -> tuple[Plan, list[Student]]:
    school = offices.load(db, school_id)
    if school.level is not Level.SCHOOL or not school.path.startswith(actor.path):
        raise NotVisible
    pupils = [each for each in rolls.of_school(db, actor, [school_id]) if each.status == students.ENROLLED]
    highest = max((each.grade for each in pupils), default=PRIMARY_END)
    last = last_grade or (PRIMARY_END if highest <= PRIMARY_END else LAST)
    if not highest <= last <= LAST:
        raise Refused(f"本校现有{highest}年级学生，最高年级不能是{last}年级。", advice="请重新选择本校的最高年级。")
    held = rolls.with_cases(db, [each.id for each in pupils], still_open=True)
    moving = [each for each in pupils if each.id not in held]
    counted = Counter((each.grade, each.class_name) for each in moving)
    today = desk.clock.today()
    year = today.year
    done = any(each.summary.get("year") == year and each.undone_at is None and each.office_id == school_id
               for each in batches.list_batches(db, actor, batches.ROLL_OVER, 200))
    return Plan(year, last, tuple(Rise(grade, name, number, grade >= last)
                                  for (grade, name), number in sorted(counted.items())),
                tuple(each for each in pupils if each.id in held), done), moving
