"""Begin a paper and keep what is typed; nothing of a draft has legal effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.actions import case_facts, paper_matters
from app.errors import Refused
from app.law import powers
from app.law.lives import PaperState
from app.papers import catalogue, context, merge
from app.papers.kinds import Life
from app.records import audit, cases, keeps, papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
                       and not each.late and each.state in (PaperState.DRAFT, PaperState.SUBMITTED)), None)
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


@dataclass(frozen=True)
class Opened:
    """What a page says of its own opening: the draft's version, the marks of its values, the keep it writes into."""

    version: int
    base: Mapping[str, str] = field(default_factory=dict)
    keep: str = ""
    """`identifier.number` of a keep, once the draft could not take what this page has."""
    sent: bool = False
    """The page itself is sent, so nothing of it comes later; a save by itself may be overtaken."""


@dataclass(frozen=True)
class Saved:
    """Where it went: into the draft (`version` is the new one), or into a keep beside it."""

    version: int
    keep: str = ""
    """`identifier.number`; "" when the draft took it."""
    sent: bool = False
    """The paper is no draft any more."""

    @property
    def keep_id(self) -> str:
        return self.keep.partition(".")[0]


def save_draft(desk: Desk, actor: Actor, public_id: str, typed: Mapping[str, Raw], opened: Opened | int) -> Saved:
    """Keep what was typed, right or wrong: in the draft if nobody changed it since the page was opened, else beside it.

    Nothing is overwritten and nothing is lost. Saving is not an act and leaves no audit line.
    """
    powers.require(actor, powers.Power.DRAFT_PAPER)
    page = Opened(opened) if isinstance(opened, int) else opened
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, public_id)
        require_own(actor, row)
        if row.late:
            raise Refused("补录不在草稿页修改。", where=row.title, advice="请打开文书页，点“修改补录”。")
        is_draft = row.state is PaperState.DRAFT
        if is_draft and merge.alike(row.typed, typed):
            _settle_own(db, actor, row, page, now)
            return Saved(row.version)
        if is_draft and not page.keep:
            seen = row.version if page.sent and _loses_nothing(row, typed, page) else page.version
            version = papers.save_typed(db, row, typed, seen, actor.account_id, now)
            if version is not None:
                return Saved(version)
        return Saved(row.version, _keep(db, actor, row, typed, page, now), sent=not is_draft)


def _loses_nothing(row: papers.Paper, typed: Mapping[str, Raw], page: Opened) -> bool:
    """Whether all that was saved since the page was opened stands in this sheet too, and the sheet only adds to it.

    So it is when a page saves by itself and is sent before it hears of that.
    """
    fields = tuple(catalogue.paper(row.kind).typed())
    differing = merge.differences(fields, page.base, typed, row.typed)
    names = {each.field.name for each in differing}
    rest = [{name: value for name, value in sheet.items() if name not in names} for sheet in (row.typed, typed)]
    return all(each.touched is merge.Touched.MINE for each in differing) and merge.alike(*rest)


def _settle_own(db: Db, actor: Actor, row: papers.Paper, page: Opened, now: datetime) -> None:
    """A page that wrote in a keep of its own, and now says what the draft says, has nothing beside it any more."""
    for each in keeps.of_paper(db, row.id):
        if each.account_id == actor.account_id and page.keep == f"{each.public_id}.{each.number}":
            keeps.settle(db, each, now)


def _keep(db: Db, actor: Actor, row: papers.Paper, typed: Mapping[str, Raw], page: Opened, now: datetime) -> str:
    """Lay the sheet beside the draft. A page writes on in its own keep; a request sent twice finds the first one's."""
    mine = [each for each in keeps.of_paper(db, row.id) if each.account_id == actor.account_id]
    for each in mine:
        if merge.alike(each.typed, typed):
            return f"{each.public_id}.{each.number}"
        if page.keep == f"{each.public_id}.{each.number}" and keeps.go_on(db, each, typed, now):
            return f"{each.public_id}.{each.number + 1}"
    return keeps.add(db, paper_id=row.id, account_id=actor.account_id, base_version=page.version, base=page.base,
                     typed=typed, now=now) + ".1"


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
