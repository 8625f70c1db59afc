"""What a list leaves out of a pupil: the ledger's value for one who is known, the home address for one who is new."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.errors import Problem
from app.intake.school_list import GUARDIANS, REMOVE
from app.records import students

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.actions.register_student import Enrolment
    from app.intake.school_list import Line
    from app.records.students import Guardian, NewGuardian, Student

KEPT = ("id_number", "student_status_no", "hukou_address", "caregiver")
"""Values that a list may leave out."""


@dataclass(frozen=True)
class Filled:
    """What a row asks for with nothing left out; `slots`: guardian by guardian the number in the row, 0 for none."""

    asked: Enrolment
    slots: tuple[int, ...]


def filled(asked: Enrolment, line: Line, known: Student | None) -> Filled | Problem:
    """An empty cell and a missing column take nothing from the ledger; a guardian goes by an explicit word only."""
    new = asked.student
    if known is not None:
        new = replace(new, **{name: getattr(new, name) or getattr(known, name) for name in KEPT})
    new = replace(new, hukou_address=new.hukou_address or new.home_address)
    kept = _with_known(asked.guardians, known.guardians if known else (), alone=line.alone)
    if len(kept) > GUARDIANS and len(kept) > len(known.guardians if known else ()):
        stay = "、".join(each.name for each in known.guardians) if known else ""
        return Problem(line.cells.get("guardian1_name", line.place), f"台账里已有监护人{stay}，与名单上的不是同一人。",
                       f"换了监护人的，请在原登记上更正，或在监护人2姓名栏写“{REMOVE}”，去掉这一行没有写的监护人。")
    parents = tuple(replace(each, address=each.address or new.home_address) for each, _ in kept)
    return Filled(replace(asked, student=new, guardians=parents), tuple(slot for _, slot in kept))


def _with_known(listed: Sequence[NewGuardian], known: Sequence[Guardian], *,
                alone: bool) -> list[tuple[NewGuardian, int]]:
    """Those known in their order, corrected by the list, then who is new; each with the number in the row."""
    slots = dict(enumerate(listed, 1))
    found: list[tuple[NewGuardian, int]] = []
    for each in known:
        number = next((slot for slot, one in slots.items() if one.id_number == each.id_number),
                      next((slot for slot, one in slots.items() if students.same_guardian(each, one)), 0))
        if number:
            one = slots.pop(number)
            found.append((replace(one, address=one.address or each.address), number))
        elif not alone:
            found.append((students.as_new(each), 0))
    return found + [(one, number) for number, one in slots.items()]
