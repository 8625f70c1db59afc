"""Take back an import or a roll-over as a whole: what it added goes, what it changed is as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.roll_over import MONTHS
from app.errors import Problem, Refused
from app.law import powers
from app.records import audit, batches, rolls, students

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.batches import Batch, Item
    from app.records.database import Db
    from app.records.students import Student

NEEDS = {batches.IMPORT: powers.Power.IMPORT_PUPILS, batches.ROLL_OVER: powers.Power.ROLL_OVER}
TOLD = 20
"""Reasons told at once."""


def undo_batch(desk: Desk, actor: Actor, public_id: str) -> None:
    """Take the batch back. Raises Refused with the names and reasons when a row was used or changed since."""
    with desk.register.reading() as db:
        kind = batches.load_batch(db, actor, public_id).kind
    if kind not in NEEDS:
        raise Refused("这一批不能撤回。", advice="只有导入和学年升级可以撤回。")
    powers.require(actor, NEEDS[kind])
    now = desk.clock.now()
    with desk.change() as db:
        batch = batches.load_batch(db, actor, public_id)
        if batch.undone_at is not None:
            return
        if batch.done_at is None:
            raise Refused("这一批还没有办理，不用撤回。")
        if batch.kind == batches.ROLL_OVER:
            _require_season(desk, batch)
        items = batches.items_of(db, batch.id)
        pupils = rolls.by_keys(db, [each.subject_id for each in items])
        _require_untouched(db, batch, items, pupils)
        if batch.kind == batches.IMPORT:
            _take_back_import(db, items, pupils)
        else:
            _take_back_roll_over(db, items)
        batches.change(db, batch.id, undone_at=now, undone_by=actor.account_id)
        audit.append(db, actor, "undo_batch", "batch", batch.id, now, rows=len(items))


def _require_season(desk: Desk, batch: Batch) -> None:
    """A roll-over is taken back only while it can be done again: later the school would stand a grade too low."""
    today = desk.clock.today()
    if today.year != batch.summary["year"] or today.month not in MONTHS:
        raise Refused("学年升级只能在当年7月至10月内撤回。", advice="个别学生年级不对的，请在学生页更正。")


def _place(student: Student) -> str:
    """Grade and status, as a roll-over keeps them."""
    return f"{student.grade}:{student.status}"


def _require_untouched(db: Db, batch: Batch, items: Sequence[Item], pupils: Mapping[int, Student]) -> None:
    found = list(_touched(db, batch, items, pupils))
    if found:
        more = f"等{len(found)}人" if len(found) > TOLD else ""
        raise Refused(f"有{len(found)}名学生在这之后办过事，整批不能撤回{more}。", advice="可以逐人更正。",
                      problems=tuple(found[:TOLD]))


def _touched(db: Db, batch: Batch, items: Sequence[Item], pupils: Mapping[int, Student]) -> Iterator[Problem]:
    rose = batch.kind == batches.ROLL_OVER
    cased = rolls.with_cases(db, [each.subject_id for each in items if rose or each.before is None], still_open=rose)
    for each in items:
        student = pupils.get(each.subject_id)
        if student is None:
            yield Problem("", "有一名学生已不在台账里。")
        elif student.id in cased:
            yield Problem("", f"{student.name}：已建案卷。")
        elif (_place(student) if rose else students.fingerprint(student, student.guardians)) != each.after:
            yield Problem("", f"{student.name}：信息已被更正。")


def _take_back_import(db: Db, items: Sequence[Item], pupils: Mapping[int, Student]) -> None:
    rolls.remove(db, [each.subject_id for each in items if each.before is None])
    for each in items:
        if each.before is not None:
            known, parents = students.from_kept(each.before)
            students.change(db, each.subject_id, known)
            students.replace_guardians(db, pupils[each.subject_id], parents)


def _take_back_roll_over(db: Db, items: Sequence[Item]) -> None:
    for grade, status in sorted({(each.before["grade"], each.before["status"]) for each in items if each.before}):
        own = [each.subject_id for each in items if each.before == {"grade": grade, "status": status}]
        rolls.move(db, own, grade=grade, status=status)
