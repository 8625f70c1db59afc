"""今天要办: what waits for this person, by deadline; for those above, how their offices stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import current_app, render_template, url_for

from app.actions import case_facts
from app.law.lives import PaperState
from app.law.offices import Level
from app.records import cases, papers
from app.web import duties, progress
from app.web.access import SIGNED_IN, Pages, may, opens, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from app.actions.case_facts import CaseView
    from app.law.offices import Actor
    from app.web.lights import Light

pages = Pages("home")
ABOVE = {Level.COUNTY, Level.CITY}
"""Levels that see their offices in counts: the county its townships, the city its counties."""


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
    own: bool
    """In the hands of the person's own office: those above see only these one by one."""
    office: str
    """The subordinate office under which those above count it."""


@dataclass(frozen=True)
class Tally:
    """How the open cases of one office stand."""

    office: str
    late: int
    soon: int
    rest: int
    earliest: date | None


@pages.page("/", SIGNED_IN)
def today() -> ResponseReturnValue:
    """The first page after signing in."""
    desk, actor = the_desk(), the_actor()
    day = desk.clock.today()
    with desk.register.reading() as db:
        lawbook = desk.lawbook(db)
        views = case_facts.views(db, actor, cases.open_cases(db, actor)) if may("VIEW_CASES") else []
        waiting = papers.waiting_for_approval(db, actor) if may("APPROVE_PAPER") else ()
        service = (*duties.of_accounts(desk, db, actor), *duties.of_signed(desk, db, actor),
                   *duties.of_seals(db, actor, _has),
                   *duties.of_service(desk, db, actor), *duties.of_watch(desk, db, actor))
    rows = [_row(seen, actor, progress.light(seen, day, lawbook)) for seen in views]
    rows.sort(key=lambda row: (row.light.due or date.max, not row.mine))
    tones = Counter(row.light.tone for row in rows)
    above = actor.level in ABOVE
    return render_template(
        "home/today.html", today=day, rows=[row for row in rows if row.own or not above], waiting=waiting,
        offices=_tallies(rows) if above else (), above=above, watches=may("VIEW_CASES"),
        duties=(*duties.of_papers(actor, [paper for seen in views for paper in seen.papers]), *service),
        count={"r": tones["r"], "y": tones["y"], "g": tones["g"] + tones["n"]})


def _has(endpoint: str) -> bool:
    """Whether the service has this page, and for this person."""
    return endpoint in current_app.view_functions and opens(endpoint)


def _row(seen: CaseView, actor: Actor, light: Light) -> Row:
    action = progress.next_action(seen, actor)
    case = url_for("cases.show", public_id=seen.case.public_id)
    ready = action.mine and action.href
    return Row(light=light, student=seen.student.name, place=f"{seen.school.name} / {seen.student.village}",
               todo=action.todo, basis=action.basis.partition("；")[0].removeprefix("参照"),
               button=action.button if action.mine else "查看", href=action.href if ready else case, mine=action.mine,
               own=action.mine and _in_hand(seen, actor),
               office=(seen.county if actor.level is Level.CITY else seen.township).name)


def _in_hand(seen: CaseView, actor: Actor) -> bool:
    """Whether the own office has begun a paper that is not finished, or acts in the place of a street."""
    begun = any(paper.office_id == actor.office_id and paper.state in (PaperState.DRAFT, PaperState.SUBMITTED)
                for paper in seen.papers)
    return begun or (seen.township.is_street and actor.level is Level.COUNTY)


def _tallies(rows: Sequence[Row]) -> tuple[Tally, ...]:
    """The offices, that with the earliest day first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.office, []).append(row)
    counted = (Tally(office, sum(each.light.tone == "r" for each in own), sum(each.light.tone == "y" for each in own),
                     sum(each.light.tone not in "ry" for each in own),
                     min((each.light.due for each in own if each.light.due), default=None))
               for office, own in found.items())
    return tuple(sorted(counted, key=lambda each: (-each.late, each.earliest or date.max, each.office)))
