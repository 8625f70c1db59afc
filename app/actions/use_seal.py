"""用印: one person asks, a leader approves, the worker lays the seal on the finished paper and measures the page.

Only where `seal_policy` is `image`. The sealed PDF is a file of its own beside the unsealed one, and each use is one
row of the log with the digests of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.draft_paper import require_own
from app.actions.manage_seals import MOVED, REFRESH, reason, require_policy
from app.errors import Refused
from app.law import powers
from app.law.deadlines import chinese_date
from app.law.lives import PaperState, Production, ScanRole
from app.law.seals import SealState, UseState
from app.packets import seal as pictures
from app.packets import sealing, signature
from app.papers import catalogue
from app.records import audit, files, jobs, offices, papers, seals

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.packets.sealing import Measured
    from app.records.database import Db

APPLY = "apply_seal"


def ask_seal(desk: Desk, actor: Actor, paper: str) -> str:
    """Ask for the office's seal on an issued, finished paper; answers the use's public identifier.

    Asked by the clerk of the paper or by the seal keeper.
    """
    keeper = powers.allowed(actor, powers.Power.APPLY_SEAL)
    powers.require(actor, powers.Power.APPLY_SEAL if keeper else powers.Power.KEEP_SCAN)
    require_policy(desk.settings)
    now = desk.clock.now()
    with desk.change() as db:
        row = papers.load_paper(db, actor, paper)
        require_own(actor, row)
        _require_unsealed(db, row)
        if any(each.state in (UseState.ASKED, UseState.APPROVED) for each in seals.uses_of_paper(db, row.id)):
            raise Refused("这份文书已经申请用印。", advice="请等待审批，在文书页查看结果。")
        seal = seals.approved(db, row.office_id)
        if seal is None:
            raise Refused("本单位没有启用的印章图样。", advice="请印章管理员上传，领导审批后再申请；也可以手工盖章。")
        key, public_id = seals.add_use(db, seal_id=seal.id, paper_id=row.id, state=UseState.ASKED.value,
                                       asked_by=actor.account_id, asked_at=now, before_sha=row.pdf_sha or "")
        audit.append(db, actor, "ask_seal", "seal_use", key, now, case_id=row.case_id, paper=row.id, seal=seal.id)
    return public_id


def _require_unsealed(db: Db, row: papers.Paper) -> None:
    """A paper that stands, is made, and bears no seal of any kind yet."""
    if row.state is not PaperState.ISSUED:
        raise Refused(f"这份文书现在是“{row.state.label}”，不能用印。", advice="签发以后才用印。")
    if row.production is not Production.READY:
        raise Refused(f"《{row.title}》{row.production.label}，不能用印。", advice="制成以后再申请。")
    if not catalogue.paper(row.kind).sealed:
        raise Refused(f"《{row.title}》不盖单位印章。")
    if row.sealed_sha is not None:
        raise Refused("这份文书已经盖过章。")
    if any(each.role is ScanRole.STAMPED for each in files.of_paper(db, row.id)):
        raise Refused("这份文书已有盖章件扫描，不再另盖图片印章。")


def approve_use(desk: Desk, actor: Actor, public_id: str) -> None:
    """Approve a use; the seal is laid after this commit. Never by whoever asked, nor by a hand in the draft."""
    powers.require(actor, powers.Power.APPROVE_SEAL)
    require_policy(desk.settings)
    now = desk.clock.now()
    with desk.change() as db:
        use = seals.load_use(db, actor.office_id, public_id)
        row = papers.load_by_key(db, actor, use.paper_id or 0)
        if actor.account_id in {use.asked_by, *row.hands}:
            raise Refused("申请用印、经办这份文书的人不能审批用印。", where="approver",
                          advice="请由本单位另一名领导审批。")
        _require_unsealed(db, row)
        if use.state is not UseState.ASKED or not seals.move_use(
                db, use, UseState.APPROVED, approved_by=actor.account_id, approved_at=now):
            raise Refused(MOVED, advice=REFRESH)
        jobs.add(db, APPLY, use.id, now)
        audit.append(db, actor, "approve_use", "seal_use", use.id, now, case_id=row.case_id, paper=row.id)


def refuse_use(desk: Desk, actor: Actor, public_id: str, note: str) -> None:
    """Refuse a use, saying why."""
    powers.require(actor, powers.Power.APPROVE_SEAL)
    require_policy(desk.settings)
    now, why = desk.clock.now(), reason(note)
    with desk.change() as db:
        use = seals.load_use(db, actor.office_id, public_id)
        if use.state is not UseState.ASKED or not seals.move_use(
                db, use, UseState.REFUSED, approved_by=actor.account_id, approved_at=now, note=why):
            raise Refused(MOVED, advice=REFRESH)
        audit.append(db, actor, "refuse_use", "seal_use", use.id, now, paper=use.paper_id)


def apply_seal(desk: Desk, use_id: int) -> None:
    """Lay the seal of an approved use. Runs from a job and may run twice: the paper takes one sealed file.

    A paper that has no room for the seal is told why in the log; NeedsPerson when the finished page is not as meant.
    """
    with desk.register.reading() as db:
        use, seal = seals.load_use_for_job(db, use_id)
        row = papers.load_for_job(db, use.paper_id or 0)
        office = offices.load(db, row.office_id)
    if use.state is not UseState.APPROVED:
        return
    try:
        _require_in_use(desk, seal)
        names = dict.fromkeys((str((row.frozen or {}).get("organ", "")), office.full_name, office.name))
        sealed, place, found = _sealed(desk, row, seal, tuple(name for name in names if name))
    except Refused as refused:
        with desk.change() as db:
            _failed(db, use, row, str(refused), desk.clock.now())
        return
    address, now = desk.vault.put(sealed), desk.clock.now()
    with desk.change() as db:
        if not seals.mark_sealed(db, row.id, before_sha=row.pdf_sha or "", after_sha=address):
            _failed(db, use, row, "文书在盖章前变了。", now)
            return
        seals.move_use(db, use, UseState.APPLIED, applied_at=now, page=place.page + 1,
                       x_tenths=round(found.left * 10), y_tenths=round(found.bottom * 10),
                       before_sha=row.pdf_sha, after_sha=address)
        audit.append(db, None, "apply_seal", "seal_use", use.id, now, case_id=row.case_id, paper=row.id, seal=seal.id,
                     page=place.page + 1, before=row.pdf_sha, after=address)


def _require_in_use(desk: Desk, seal: seals.Seal) -> None:
    require_policy(desk.settings)
    if seal.state is not SealState.APPROVED:
        raise Refused("这枚印章已经停用。", advice="请重新申请用印。")


def _sealed(desk: Desk, row: papers.Paper, seal: seals.Seal, names: tuple[str, ...],
            ) -> tuple[bytes, signature.Place, Measured]:
    picture = pictures.read_seal(desk.vault.get(seal.sha), seal.millimetres)
    before = desk.vault.get(row.pdf_sha or "")
    on = row.issue_date or desk.clock.day_of(row.approved_at or desk.clock.now())
    place = signature.place(before, names, chinese_date(on), picture)
    after = sealing.lay(before, place, picture)
    return after, place, sealing.measure(before, after, place, picture)


def _failed(db: Db, use: seals.SealUse, row: papers.Paper, why: str, now: datetime) -> None:
    if seals.move_use(db, use, UseState.FAILED, note=why):
        audit.append(db, None, "seal_failed", "seal_use", use.id, now, case_id=row.case_id, paper=row.id)


def give_up(db: Db, use_id: int, problem: str, now: datetime) -> None:
    """The job failed for the last time: the log says so instead of 正在盖章. In the job's transaction."""
    use, _ = seals.load_use_for_job(db, use_id)
    if use.state is UseState.APPROVED:
        _failed(db, use, papers.load_for_job(db, use.paper_id or 0), problem, now)
