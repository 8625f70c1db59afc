"""Keep the scan of a stamped paper, a signed receipt or a signed record; with a record's scan its step is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import case_facts, paper_matters
from app.actions.draft_paper import require_own
from app.errors import NotVisible, Refused
from app.intake import codes, evidence
from app.law import powers, reasons
from app.law.lives import PaperState, Production, ScanRole
from app.law.steps import Step
from app.papers import catalogue
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
    note: str = ""
    """What the person who compared scan and paper wrote, where a code on it cannot be read."""


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
        row = papers.load_paper(db, actor, asked.paper)
        require_wanted(actor, row, asked.role)
    kept = keep_whole(desk, actor, row, asked.upload, asked.note)
    return KeptScan(file_scan(desk, actor, asked.paper, asked.role, kept), kept.notes)


def file_scan(desk: Desk, actor: Actor, paper: str, role: ScanRole, kept: Kept) -> str:
    """Enter a file that is in the store as the scan of a paper; answers the scan's public identifier."""
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, paper)
        declared = require_wanted(actor, row, role)
        public_id = enter(db, actor, row, role, kept, now)
        if role is ScanRole.SIGNED_RECORD:
            _record_is_signed(desk, db, actor, row, declared, now)
        audit.append(db, actor, "keep_scan", "paper", row.id, now, case_id=row.case_id, role=role.value,
                     pages=kept.pages, sha256=kept.original_sha, matched=kept.matched)
    return public_id


@dataclass(frozen=True)
class Kept:
    """A cleaned file in the store, with its original."""

    name: str
    original_sha: str
    pdf_sha: str
    pages: int
    notes: tuple[str, ...]
    """What was taken out of it (place of a photo, scripts), in Chinese, for whoever handed it in."""
    matched: str = ""
    """`qr` or `hand`; "" for what bears no code (photos)."""
    note: str = ""
    """What a person wrote who matched it by hand."""


def keep_whole(desk: Desk, actor: Actor, row: papers.Paper, upload: Upload, note: str = "") -> Kept:
    """Clean the scan of a paper, see by the codes on its pages that it is that paper and whole, and store it.

    Raises Refused for another paper's scan (which one, if the actor is in its charge), for a page that is missing or
    double, and for codes that cannot be read while `note` does not say that a person compared it.
    """
    cleaned = evidence.clean(upload.data, upload.name, desk.press.open_evidence)
    pages = codes.marks(cleaned.codes)
    for other in codes.others(pages, row.public_id):
        raise Refused(f"扫描件里有{_named(desk, actor, other)}的页。", where="file",
                      advice="请到那份文书的页面上传；几份扫在一起的，用“盖章件批量上传”。")
    match = codes.match(pages, row.pages or 1, confirmation(note))
    pdf = evidence.arranged([(cleaned.pdf, place) for place in match.order]) if match.said else cleaned.pdf
    return Kept(upload.name[:255], desk.vault.put(upload.data), desk.vault.put(pdf), cleaned.pages,
                (*cleaned.notes, *([match.said] if match.said else [])), match.how,
                confirmation(note) if match.how == codes.HAND else "")


def confirmation(note: str) -> str:
    """The words of whoever compared scan and paper, on one line; "" when there are too few to mean anything."""
    words = reasons.reason(note, "", least=0, where="note")[:LONGEST_NOTE]
    return words if len(words) >= LEAST_NOTE else ""


def _named(desk: Desk, actor: Actor, paper: str) -> str:
    with desk.register.reading() as db:
        try:
            row = papers.load_paper(db, actor, paper)
        except NotVisible:
            return "另一份文书"
    return f"另一份文书《{row.title}》{row.doc_no}（案件{row.case_no}）"


def keep_file(desk: Desk, upload: Upload) -> Kept:
    """Clean a picture that bears no code and put it and its original into the store. Raises Refused."""
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
                     pdf_sha=kept.pdf_sha, pages=kept.pages, entered_at=now, entered_by=actor.account_id,
                     matched=kept.matched, note=kept.note)


LEAST_NOTE, LONGEST_NOTE = 4, 300
WANTED = {
    Life.ISSUED: frozenset({ScanRole.STAMPED}),
    Life.RECORD: frozenset({ScanRole.SIGNED_RECORD}),
    Life.RECEIPT: frozenset({ScanRole.RECEIPT, ScanRole.PROOF}),
    Life.COMPILED: frozenset[ScanRole](),
}
"""What comes back as a scan, by the paper's life."""


def require_wanted(actor: Actor, row: papers.Paper, role: ScanRole) -> Paper:
    """The paper's declaration, if it is the actor's, finished, and comes back as such a scan; else raise Refused."""
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
        paper_matters.set_presence(db, case.id, declared, row.frozen or {}, on)
