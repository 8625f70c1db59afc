"""Record how a paper was served on one party; with the last party the step 送达 is done and the term known."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from app.actions import case_facts, keep_scan
from app.actions.draft_paper import require_own
from app.errors import NotVisible, Problem, Refused
from app.law import powers, service
from app.law.deadlines import chinese_date
from app.law.lives import SEALED_ON_PAPER, PaperState, ScanRole
from app.law.steps import Step, require_next
from app.papers import catalogue, context
from app.records import audit, cases, files, papers, services

if TYPE_CHECKING:
    from datetime import date

    from app.actions.desk import Desk
    from app.actions.keep_scan import Kept, Upload
    from app.law.lawbook import Lawbook
    from app.law.offices import Actor
    from app.records.database import Db


COMPARED = "登记送达时由经办人核对"
"""A receipt whose code cannot be read is the server's word: it is entered on the sheet of that very service."""


@dataclass(frozen=True)
class NewService:
    """Which paper, on which guardian, how; with the proof (photos, video stills) and the signed receipt if at hand."""

    paper: str
    guardian_id: int
    service: service.Service
    proof: Upload | None = None
    receipt: Upload | None = None


def record_service(desk: Desk, actor: Actor, asked: NewService) -> date:
    """Enter the service and answer the day on which it took effect.

    Raises Refused with one Problem for each thing the law wants and that is missing.
    """
    powers.require(actor, powers.Power.RECORD_SERVICE)
    _require_past(desk, asked.service)
    with desk.register.reading() as db:
        _require_open(db, actor, asked)
        pictured = asked.proof is not None or _has_proof(db, actor, asked)
        told = replace(asked.service, pictured=pictured, posting_pictured=pictured,
                       reviewer_confirmed=asked.service.reviewer_confirmed and _is_reviewer(db, actor, asked))
        row, seen = _require_open(db, actor, asked)
        blank = _receipt_of(row, seen, asked.guardian_id)
        _require_same_way(row, told)
        issued_on = row.issue_date
    found = service.problems(told, issued_on=issued_on, today=desk.clock.today())
    if found:
        raise Refused("尚未完成送达。", advice=found[0].advice, problems=found)
    effective_on = service.effective_on(told)
    if effective_on > desk.clock.today():
        raise Refused("公告期未满，还不算送达。", where="announced_on",
                      advice=f"请在{chinese_date(effective_on)}以后登记；期间找到本人的，改用直接送达。")
    proof = keep_scan.keep_file(desk, asked.proof) if asked.proof else None
    receipt = keep_scan.keep_whole(desk, actor, blank, asked.receipt, COMPARED) if asked.receipt else None
    now = desk.clock.now()
    with desk.change() as db:
        row, seen = _require_open(db, actor, asked)
        _enter(desk, db, actor, (row, seen), told, asked.guardian_id)
        for role, kept in ((ScanRole.PROOF, proof), (ScanRole.RECEIPT, receipt)):
            if kept is not None:
                keep_scan.enter(db, actor, _receipt_of(row, seen, asked.guardian_id), role, kept, now)
        audit.append(db, actor, "record_service", "paper", row.id, now, case_id=row.case_id, mode=told.mode.value,
                     guardian=asked.guardian_id, effective_on=effective_on.isoformat(),
                     proofs=_hashes(proof, receipt))
    return effective_on


def _require_same_way(row: papers.Paper, told: service.Service) -> None:
    """A paper whose terms run from the end of an announcement is announced, and no other is."""
    announced = bool((row.frozen or {}).get(catalogue.paper(row.kind).announced))
    if announced is not (told.mode is service.Mode.ANNOUNCE):
        raise Refused("通知书写的起算方式与送达方式不符。", problems=(Problem(
            "mode", "公告送达的通知书应写“自公告期满之日起”，其他的写“自收到之日起”。",
            "请核对送达方式；确要改用的，请作废后重新制发。"),))


def _is_reviewer(db: Db, actor: Actor, asked: NewService) -> bool:
    """Whether the actor may say that the pictures prove a refusal outside the home: a leader who did not draft it."""
    row, _ = _require_open(db, actor, asked)
    return powers.allowed(actor, powers.Power.APPROVE_PAPER) and actor.account_id not in row.hands


def _hashes(*kept: Kept | None) -> list[str]:
    return [each.original_sha for each in kept if each is not None]


def _require_past(desk: Desk, told: service.Service) -> None:
    now, today = desk.clock.local(desk.clock.now()), desk.clock.today()
    problems = []
    if told.served_at is not None and told.served_at > now:
        problems.append(Problem("served_at", "送达时间不能在现在以后。", "请按回证填写。"))
    problems += [Problem(name, "日期不能在今天以后。", "请按凭证填写。") for name, day in (
        ("received_on", told.received_on), ("arrived_on", told.arrived_on), ("announced_on", told.announced_on))
        if day is not None and day > today]
    if problems:
        raise Refused("送达的时间还没有到。", problems=tuple(problems))


def _require_open(db: Db, actor: Actor, asked: NewService) -> tuple[papers.Paper, case_facts.CaseView]:
    row = papers.load_paper(db, actor, asked.paper)
    require_own(actor, row)
    declared = catalogue.paper(row.kind)
    if not declared.served or row.state is not PaperState.ISSUED:
        raise Refused(f"《{row.title}》现在是“{row.state.label}”，不能登记送达。", advice="签发以后才送达。")
    if not row.at_hand:
        raise Refused(f"《{row.title}》{row.production.label}，还没有可送达的文书。", advice="制成、盖章后再送达。")
    stamped = row.sealed_sha or any(each.role in SEALED_ON_PAPER for each in files.of_paper(db, row.id))
    if declared.sealed and not stamped:
        raise Refused(f"《{row.title}》还没有盖章件扫描，不能登记送达。", advice="请先盖章、扫描上传，再送达。")
    seen = case_facts.view(db, actor, cases.load_by_key(db, actor, row.case_id))
    if asked.guardian_id not in {each.id for each in seen.student.guardians}:
        raise NotVisible("没有这名监护人。", advice="请在案卷页重新选择受送达人。")
    if any(each.guardian_id == asked.guardian_id for each in seen.services):
        raise Refused("这名监护人的送达已经登记过。", advice="登记有误的，请由本单位领导在文书页撤销后重新登记。")
    return row, seen


def _receipt_of(row: papers.Paper, seen: case_facts.CaseView, guardian_id: int) -> papers.Paper:
    """The blank receipt that was printed for this guardian."""
    return next(each for each in seen.papers if each.follows_id == row.id and each.guardian_id == guardian_id)


def _has_proof(db: Db, actor: Actor, asked: NewService) -> bool:
    row, seen = _require_open(db, actor, asked)
    receipt = _receipt_of(row, seen, asked.guardian_id)
    return any(each.role is ScanRole.PROOF for each in files.of_paper(db, receipt.id))


def _enter(desk: Desk, db: Db, actor: Actor, place: tuple[papers.Paper, case_facts.CaseView], told: service.Service,
           guardian_id: int) -> None:
    (row, seen), now, effective_on = place, desk.clock.now(), service.effective_on(told)
    guardian = next(each for each in seen.student.guardians if each.id == guardian_id)
    served_at = told.served_at or desk.clock.local(now).replace(second=0, microsecond=0)
    services.add(db, paper_id=row.id, guardian_id=guardian.id, addressee=guardian.name, mode=told.mode.value,
                 served_at=served_at, effective_on=effective_on,
                 deadline=_deadline(row, effective_on, desk.lawbook(db)), details=_plain(told), entered_at=now,
                 entered_by=actor.account_id)
    days = [*(each.effective_on for each in seen.services), effective_on]
    if len(days) == len(seen.student.guardians):
        require_next(Step.SERVE, seen.case.done, max(days))
        cases.add_step(db, row.case_id, Step.SERVE, done_on=max(days), now=now, account_id=actor.account_id,
                       paper_id=row.id)


def _deadline(row: papers.Paper, effective_on: date, lawbook: Lawbook) -> date | None:
    declared = catalogue.paper(row.kind)
    if declared.term is None:
        return None
    values, _ = context.parse(declared.as_late() if row.late else declared, row.frozen or {})
    return declared.term(values, effective_on, lawbook).due


def _plain(told: service.Service) -> dict[str, Any]:
    """The record of the service as JSON; days and moments in ISO form."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        if isinstance(value, tuple | list):
            return [plain(each) for each in value]
        return value.isoformat() if hasattr(value, "isoformat") else value

    return {name: plain(value) for name, value in asdict(told).items()}
