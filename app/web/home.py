"""今天要办: what waits for this person, by deadline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import render_template, url_for

from app.actions import case_facts
from app.law.lives import PaperState
from app.records import cases, papers
from app.web import progress
from app.web.access import SIGNED_IN, Pages, may, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.web.lights import Light

pages = Pages("home")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    light: Light
    student: str
    place: str
    todo: str
    basis: str
    button: str
    href: str
    mine: bool


@pages.page("/", SIGNED_IN)
def today() -> ResponseReturnValue:
    """The first page after signing in."""
    desk, actor = the_desk(), the_actor()
    day = desk.clock.today()
    with desk.register.reading() as db:
        lawbook = desk.lawbook(db)
        views = case_facts.views(db, actor, cases.open_cases(db, actor)) if may("VIEW_CASES") else []
        waiting = papers.waiting_for_approval(db, actor) if may("APPROVE_PAPER") else ()
    rows = [_row(seen, progress.light(seen, day, lawbook)) for seen in views]
    rows.sort(key=lambda row: (not row.mine, row.light.due or date.max))
    rows.sort(key=lambda row: row.light.due or date.max)
    tones = Counter(row.light.tone for row in rows)
    returned = [paper for seen in views for paper in seen.papers
                if paper.state is PaperState.DRAFT and paper.returned_note and paper.office_id == actor.office_id]
    return render_template("home/today.html", today=day, rows=rows, waiting=waiting, returned=returned,
                           count={"r": tones["r"], "y": tones["y"], "g": tones["g"] + tones["n"]})


def _row(seen: case_facts.CaseView, light: Light) -> Row:
    action = progress.next_action(seen, the_actor())
    case = url_for("cases.show", public_id=seen.case.public_id)
    ready = action.mine and action.href
    return Row(light=light, student=seen.student.name, place=f"{seen.school.name} / {seen.student.village}",
               todo=action.todo, basis=action.basis.partition("；")[0].removeprefix("参照"),
               button=action.button if action.mine else "查看", href=action.href if ready else case, mine=action.mine)
