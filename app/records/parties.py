"""Orders that are out over a pupil's guardians, wherever the pupil's case lies: a pupil may have moved since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.law.lives import PaperState
from app.law.steps import Step
from app.records.cases import case_steps, cases
from app.records.offices import offices
from app.records.papers import papers

if TYPE_CHECKING:
    from app.records.database import Db


@dataclass(frozen=True)
class OutPaper:
    """A paper that is on its way or issued: its kind, its title, the office that makes it."""

    kind: str
    title: str
    office: str


def papers_out(db: Db, student_id: int) -> tuple[OutPaper, ...]:
    """Papers submitted or issued in a case of this pupil that is not closed yet.

    The whole register is asked, not the actor's charge: an order binds the parties also when the pupil has moved on.
    The caller has loaded the pupil in its own charge; no name and no number leaves here.
    """
    closed = exists().where(case_steps.c.case_id == cases.c.id, case_steps.c.step == Step.FILE.value)
    rows = db.execute(select(papers.c.kind, papers.c.title, offices.c.name)
                      .join(cases, cases.c.id == papers.c.case_id)
                      .join(offices, offices.c.id == papers.c.office_id)
                      .where(cases.c.student_id == student_id, ~closed,
                             papers.c.state.in_([PaperState.SUBMITTED.value, PaperState.ISSUED.value]))
                      .order_by(papers.c.id))
    return tuple(OutPaper(row.kind, row.title, row.name) for row in rows)
