"""Keep the scan of a stamped paper, a signed receipt or a signed record; with a record's scan its step is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import case_facts, paper_matters
from app.actions.draft_paper import require_own
from app.errors import Refused
from app.intake import evidence
from app.law import powers
from app.law.lives import PaperState, Production, ScanRole
from app.law.steps import Step
from app.papers import catalogue, context
from app.papers.kinds import Life
from app.records import audit, cases, files, papers

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.papers.kinds import Paper
    from app.records.database import Db


@dataclass(frozen=True)
class Upload:
    """A file as it came: its bytes and the name its owner gave it (never used as a path)."""

    data: bytes
    name: str


@dataclass(frozen=True)
class NewScan:
    """Which paper came back, as what."""

    paper: str
    role: ScanRole
    upload: Upload


@dataclass(frozen=True)
class KeptScan:
    """The scan that was kept, and what was taken out of the file."""

    public_id: str
    notes: tuple[str, ...]


def keep_scan(desk: Desk, actor: Actor, asked: NewScan) -> KeptScan:
    """Check, clean and keep the scan.

    The file is safe in the store before its row is written; a row never names a file that is not there.
    """
    powers.require(actor, powers.Power.KEEP_SCAN)
    with desk.register.reading() as db:
        _require_wanted(actor, papers.load_paper(db, actor, asked.paper), asked.role)
    kept = keep_file(desk, asked.upload)
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, asked.paper)
        declared = _require_wanted(actor, row, asked.role)
        public_id = enter(db, actor, row, asked.role, kept, now)
        if asked.role is ScanRole.SIGNED_RECORD:
            _record_is_signed(desk, db, actor, row, declared, now)
        audit.append(db, actor, "keep_scan", "paper", row.id, now, case_id=row.case_id, role=asked.role.value,
                     pages=kept.pages, sha256=kept.original_sha)
    return KeptScan(public_id, kept.notes)


@dataclass(frozen=True)
class Kept:
    """A cleaned file in the store, with its original."""

    name: str
    original_sha: str
    pdf_sha: str
    pages: int
    notes: tuple[str, ...]
    """What was taken out of it (place of a photo, scripts), in Chinese, for whoever handed it in."""


def keep_file(desk: Desk, upload: Upload) -> Kept:
    """Clean an upload and put it and its original into the store. Raises Refused with what to do."""
    cleaned = evidence.clean(upload.data, upload.name, desk.press.open_evidence)
    return Kept(upload.name[:255], desk.vault.put(upload.data), desk.vault.put(cleaned.pdf), cleaned.pages,
                cleaned.notes)


def enter(db: Db, actor: Actor, row: papers.Paper, role: ScanRole, kept: Kept, now: datetime) -> str:
    """Write the row of a kept file; the same file in the same role is entered once."""
    known = next((each for each in files.of_paper(db, row.id)
                  if each.role is role and each.original_sha == kept.original_sha), None)
    if known is not None:
        return known.public_id
    return files.add(db, paper_id=row.id, role=role.value, original_name=kept.name, original_sha=kept.original_sha,
                     pdf_sha=kept.pdf_sha, pages=kept.pages, entered_at=now, entered_by=actor.account_id)


WANTED = {
    Life.ISSUED: frozenset({ScanRole.STAMPED}),
    Life.RECORD: frozenset({ScanRole.SIGNED_RECORD}),
    Life.RECEIPT: frozenset({ScanRole.RECEIPT, ScanRole.PROOF}),
    Life.COMPILED: frozenset[ScanRole](),
}
"""What comes back as a scan, by the paper's life."""


def _require_wanted(actor: Actor, row: papers.Paper, role: ScanRole) -> Paper:
    require_own(actor, row)
    declared = catalogue.paper(row.kind)
    if row.state is not PaperState.ISSUED:
        raise Refused(f"这份文书现在是“{row.state.label}”，还没有可收的扫描件。", advice="请先送审签发或定稿。")
    if row.production is not Production.READY:
        raise Refused(f"《{row.title}》{row.production.label}，还没有可盖章、签名的纸件。",
                      advice="制成、打印、盖章或签名后再扫描上传。")
    if role not in WANTED[declared.life]:
        raise Refused(f"{declared.title}不收“{role.label}”。", where="role")
    return declared


def _record_is_signed(desk: Desk, db: Db, actor: Actor, row: papers.Paper, declared: Paper, now: datetime) -> None:
    case = cases.load_by_key(db, actor, row.case_id)
    if declared.step is None or any(each.step is declared.step for each in case.steps):
        return
    on = row.issue_date or desk.clock.today()
    paper_matters.require_step(case_facts.view(db, actor, case), declared, on, actor.level)
    cases.add_step(db, case.id, declared.step, done_on=on, now=now, account_id=actor.account_id, paper_id=row.id)
    if declared.step is Step.CHECK:
        values, _ = context.parse(declared, row.frozen or {})
        assert declared.present is not None  # noqa: S101  (every check declares what it found)
        field, at_school = declared.present
        present = values[field] == at_school
        cases.set_presence(db, case.id, present=present, returned_on=on if present else None)
