"""Begin a paper and keep what is typed; nothing of a draft has legal effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import case_facts, paper_matters
from app.errors import Refused
from app.law import powers
from app.law.lives import PaperState
from app.papers import catalogue, context
from app.papers.kinds import Life
from app.records import audit, cases, papers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.papers.kinds import Paper, Raw
    from app.records.database import Db


@dataclass(frozen=True)
class DraftView:
    """A draft for its page: the row, its declaration, the facts of the case, and what still is wrong."""

    row: papers.Paper
    declared: Paper
    facts: Mapping[str, Raw]
    seen: case_facts.CaseView


def start_draft(desk: Desk, actor: Actor, case_id: str, kind: str) -> str:
    """Begin a paper of `kind` in the case, with proposed values; answers its public identifier.

    A draft of the same kind that the office has open already is answered instead of a second one.
    """
    powers.require(actor, powers.Power.DRAFT_PAPER)
    declared = catalogue.paper(kind)
    if declared.life not in (Life.ISSUED, Life.RECORD):
        raise Refused(f"{declared.title}由系统编制，不单独起草。")
    now, today = desk.clock.now(), desk.clock.today()
    with desk.change() as db:
        seen = case_facts.view(db, actor, cases.load_case(db, actor, case_id))
        office = paper_matters.issuing_office(db, actor, seen, declared)
        opened = next((each for each in seen.papers if each.kind == kind and each.office_id == office.id
                       and each.state in (PaperState.DRAFT, PaperState.SUBMITTED)), None)
        if opened is not None:
            return opened.public_id
        paper_matters.require_single(seen, declared)
        paper_matters.require_step(seen, declared, today, office.level)
        facts = case_facts.facts(db, seen, declared, office, today)
        key, public_id = papers.add_draft(
            db, kind=kind, title=declared.title, case_id=seen.case.id, office_id=office.id,
            drafter_id=actor.account_id, now=now, typed=context.propose(declared, facts))
        audit.append(db, actor, "start_draft", "paper", key, now, case_id=seen.case.id, kind=kind)
    return public_id


def save_draft(desk: Desk, actor: Actor, public_id: str, typed: Mapping[str, Raw], version: int) -> int:
    """Keep what was typed, right or wrong, and answer the new version.

    Saving is not an act and leaves no audit line.
    """
    powers.require(actor, powers.Power.DRAFT_PAPER)
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        if row.state is not PaperState.DRAFT:
            raise Refused("已经送审，不能再改。", advice="要改请先撤回。")
        if dict(row.typed) == dict(typed):
            return row.version
        return papers.save_typed(db, row, typed, version, actor.account_id)


def look_at_draft(desk: Desk, actor: Actor, db: Db, public_id: str) -> DraftView:
    """Everything the page of a draft shows."""
    row = papers.load_paper(db, actor, public_id)
    seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
    declared = catalogue.paper(row.kind)
    office = paper_matters.issuing_office(db, actor, seen, declared)
    try:
        on = paper_matters.day_of(declared, row.typed, desk.clock.today())
    except Refused:  # a day to come: a draft may hold it; checking and sending refuse it. Meanwhile facts of today show
        on = desk.clock.today()
    return DraftView(row, declared, case_facts.facts(db, seen, declared, office, on), seen)


def require_own(actor: Actor, row: papers.Paper) -> None:
    """A paper is worked on in the office that makes it, nowhere else."""
    if row.office_id != actor.office_id:
        raise Refused(f"这份文书由{row.office}办理。", advice="您可以查看，不能改动。")
