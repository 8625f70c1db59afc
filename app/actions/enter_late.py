"""Enter a step that was done on paper before or outside the system (补录); it counts only with a leader's consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.actions import case_facts, issuing, keep_scan, number_rules, paper_matters
from app.actions.draft_paper import require_own
from app.errors import Problem, Refused
from app.law import powers, steps
from app.law.deadlines import chinese_date, require_reckonable
from app.law.lives import ON_PAPER, PaperState, ScanRole
from app.law.steps import Step
from app.papers import catalogue, context
from app.records import audit, cases, files, numbers, papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.actions.desk import Desk
    from app.actions.keep_scan import Kept, Upload
    from app.law.lawbook import Lawbook
    from app.law.numbering import DocumentNumber
    from app.law.offices import Actor, Office
    from app.papers.kinds import Paper, Raw
    from app.records.database import Db

DONE_ON, NUMBER, SIGNED_BY = "done_on", issuing.NUMBER, "signed_by"
"""Boxes of an entry beside the paper's own fields."""
NOT_SAID = "原件未载明"
"""What stands for the signer of an order that does not say who signed it."""


@dataclass(frozen=True)
class LateEntry:
    """What stands on the paper: the day it was done, its own number, what later steps need, the scan of it."""

    done_on: date
    number: str = ""
    signed_by: str = ""
    typed: Mapping[str, Raw] = field(default_factory=dict)
    scan: Upload | None = None


@dataclass(frozen=True)
class Checked:
    """An entry that may stand: its number, and the values that the register keeps of it."""

    number: DocumentNumber | None
    frozen: Mapping[str, Raw]
    seen: case_facts.CaseView


def enter_late(desk: Desk, actor: Actor, case_id: str, kind: str, entry: LateEntry) -> str:
    """Enter the paper and its scan, and ask a leader for consent; answers its public identifier.

    Raises Refused with one Problem for each thing that is wrong.
    """
    powers.require(actor, powers.Power.ENTER_LATE)
    declared = late_paper(kind)
    with desk.register.reading() as db:
        case = cases.load_case(db, actor, case_id)
        check(desk, db, actor, case, declared, entry)
    if entry.scan is None:
        raise _at("scan", "请选择纸质原件的扫描件。", "没有原件的，不能补录。")
    kept, now = keep_scan.keep_file(desk, entry.scan), desk.clock.now()
    with desk.change() as db:
        case = cases.load_case(db, actor, case_id)
        checked = check(desk, db, actor, case, declared, entry)
        _require_none_waiting(checked.seen, declared, entry)
        key, public_id = papers.add_draft(
            db, kind=kind, title=declared.title, case_id=case.id, office_id=actor.office_id,
            drafter_id=actor.account_id, now=now, typed=_kept(entry), origin=ON_PAPER)
        _wait_for_consent(db, actor, key, entry, _Kept(kept, now))
        audit.append(db, actor, "enter_late", "paper", key, now, case_id=case.id, kind=kind,
                     day=entry.done_on.isoformat(), sha256=kept.original_sha)
    return public_id


def enter_again(desk: Desk, actor: Actor, public_id: str, entry: LateEntry) -> None:
    """Correct an entry that was sent back, with another scan or the same one, and ask for consent again."""
    powers.require(actor, powers.Power.ENTER_LATE)
    with desk.register.reading() as db:
        row = _returned(db, actor, public_id)
        check(desk, db, actor, cases.load_by_key(db, actor, row.case_id), late_paper(row.kind), entry)
    kept, now = (keep_scan.keep_file(desk, entry.scan) if entry.scan else None), desk.clock.now()
    with desk.change() as db:
        row = _returned(db, actor, public_id)
        check(desk, db, actor, cases.load_by_key(db, actor, row.case_id), late_paper(row.kind), entry)
        _wait_for_consent(db, actor, row.id, entry, _Kept(kept, now))
        audit.append(db, actor, "enter_again", "paper", row.id, now, case_id=row.case_id, kind=row.kind,
                     day=entry.done_on.isoformat(), sha256=kept.original_sha if kept else "")


def late_paper(kind: str) -> Paper:
    """The declaration of a kind that may come as paper. Raises Refused for the others."""
    declared = catalogue.paper(kind)
    if declared.late is None:
        raise Refused(f"《{declared.title}》不能补录。", advice="请在系统里办理。")
    return declared


def check(desk: Desk, db: Db, actor: Actor, case: cases.Case, declared: Paper, entry: LateEntry) -> Checked:
    """Everything that an entry has to satisfy, when it is made and once more when it is consented to."""
    seen, on = case_facts.view(db, actor, case), entry.done_on
    office = paper_matters.issuing_office(db, actor, seen, declared)
    _require_day(desk, seen, declared, on)
    paper_matters.require_single(seen, declared)
    paper_matters.require_step(seen, declared, on, office.level)
    if declared.step is not None:
        steps.require_before_later(declared.step, seen.case.done, on)
    number = _number(db, office, declared, entry) if declared.series else None
    if declared.step is Step.ORDER and not entry.signed_by.strip():
        raise _at(SIGNED_BY, "请填写纸上的签发人。", f"原件上没有写明的，填“{NOT_SAID}”。")
    facts = case_facts.facts(db, seen, declared, office, on)
    typed = {name: raw for name, raw in entry.typed.items() if name in (declared.late or ())}
    _require_facts(declared, typed | facts, desk.lawbook(db))
    return Checked(number, case_facts.numbered(typed | facts, doc_no=str(number or ""), approver=entry.signed_by), seen)


def entry_of(row: papers.Paper, scan: Upload | None = None) -> LateEntry:
    """An entry as it was kept."""
    kept = dict(row.typed)
    return LateEntry(done_on=date.fromisoformat(str(kept.pop(DONE_ON))), number=str(kept.pop(NUMBER, "")),
                     signed_by=str(kept.pop(SIGNED_BY, "")), typed=kept, scan=scan)


def _kept(entry: LateEntry) -> dict[str, Raw]:
    return dict(entry.typed) | {DONE_ON: entry.done_on.isoformat(), NUMBER: entry.number.strip(),
                                SIGNED_BY: entry.signed_by}


def _require_day(desk: Desk, seen: case_facts.CaseView, declared: Paper, on: date) -> None:
    if on > desk.clock.today():
        raise _at(DONE_ON, f"{declared.title}的日期不能在今天以后。", "请照纸质原件填写。")
    require_reckonable(on)
    if on < seen.case.first_absent_on:
        raise _at(DONE_ON, f"{chinese_date(on)}早于首次缺课日{chinese_date(seen.case.first_absent_on)}。",
                  "请照纸质原件核对日期；首次缺课日登记错了的，请先更正。")


def _number(db: Db, office: Office, declared: Paper, entry: LateEntry) -> DocumentNumber:
    """The paper's own number. One of our own series must lie before what we count from, or it would be given twice."""
    if not entry.number.strip():
        raise issuing.refused_number("请填写纸质原件上的文号。", "没有文号的，不能补录为已签发的文书。")
    number = issuing.given_number(db, office, declared, entry.number, entry.done_on, again=True)
    organ, series = number.organ_code, number.series
    own = organ == office.organ_code and series in number_rules.series_of(office.level)
    if own and not office.typed_numbers:
        coming = numbers.peek(db, organ, series, number.year)
        if coming <= number.seq:
            raise issuing.refused_number(
                f"本系统{number.year}年“{organ}{series}”下一个号是{coming}号，{number.seq}号将来会重号。",
                f"请本单位领导先在登记簿“文号起编”里把起始号设为{number.seq + 1}或者以后的号。")
    return number


def _require_facts(declared: Paper, data: Mapping[str, Raw], lawbook: Lawbook) -> None:
    values, problems = context.parse(declared.as_late(), data)
    problems = [each for each in problems if each.where.partition(".")[0] in (declared.late or ())]
    if not problems:
        problems = [each for rule in declared.late_rules for each in rule(values, lawbook)]
    if problems:
        raise Refused(f"补录《{declared.title}》有{len(problems)}处需要改正。", problems=tuple(problems))


def _require_none_waiting(seen: case_facts.CaseView, declared: Paper, entry: LateEntry) -> None:
    """One entry at a time of each paper; of hearings one for each guardian. A draft nobody sent is in nobody's way."""
    for each in seen.papers:
        late = each.late and each.state in (PaperState.DRAFT, PaperState.SUBMITTED)
        same = not declared.hears or each.typed.get(declared.hears) == entry.typed.get(declared.hears)
        if each.kind == declared.kind and same and (late or each.state is PaperState.SUBMITTED):
            raise Refused(f"本案已有一份《{declared.title}》（{'补录待同意或者待改' if late else each.state.label}）。",
                          advice="请先办完那一份。")


@dataclass(frozen=True)
class _Kept:
    """The file of an entry as it came in now (None: the one of before stays), and the moment."""

    file: Kept | None
    now: datetime


def _wait_for_consent(db: Db, actor: Actor, key: int, entry: LateEntry, kept: _Kept) -> None:
    row = papers.load_by_key(db, actor, key)
    if kept.file is not None:
        files.drop(db, row.id, ScanRole.ORIGINAL)
        keep_scan.enter(db, actor, row, ScanRole.ORIGINAL, kept.file, kept.now)
    papers.move(db, row, to=PaperState.SUBMITTED, typed=_kept(entry), issue_date=entry.done_on, returned_note="",
                submitted_at=kept.now, submitter_id=actor.account_id,
                editors=sorted({*row.editors, actor.account_id}))


def _returned(db: Db, actor: Actor, public_id: str) -> papers.Paper:
    row = papers.load_paper(db, actor, public_id)
    require_own(actor, row)
    if not row.late or row.state is not PaperState.DRAFT:
        raise Refused(f"这份文书现在是“{row.state.label}”，没有退回要改的补录。", advice="请刷新页面看最新情况。")
    return row


def _at(where: str, what: str, advice: str) -> Refused:
    return Refused(what, advice=advice, problems=(Problem(where, what, advice),))
