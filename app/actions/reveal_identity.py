"""Show the full identity numbers of one pupil and the guardians; every look is an audit line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.law import powers
from app.records import audit, students

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.students import Student


def reveal_identity(desk: Desk, actor: Actor, public_id: str) -> Student:
    """The pupil with full numbers, once the look is written down."""
    powers.require(actor, powers.Power.REVEAL_ID)
    now = desk.clock.now()
    with desk.change() as db:
        student = students.load_student(db, actor, public_id)
        audit.append(db, actor, "reveal_identity", "student", student.id, now)
    return student
