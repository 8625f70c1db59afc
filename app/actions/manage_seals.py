"""Seal pictures of an office: one person uploads, a leader approves; a replaced one is retired and kept (ASVS 2.3.5).

Only where `seal_policy` is `image`: without it every one of these refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.intake import evidence
from app.law import powers, reasons
from app.law.seals import LARGEST, SMALLEST, SMALLEST_OTHER, SealState
from app.packets import seal as pictures
from app.records import audit, seals

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db
    from app.settings import Settings

MOVED = "这枚印章的状态刚刚变了。"
REFRESH = "请刷新页面看最新情况。"
LEAST_NOTE = 2


@dataclass(frozen=True)
class NewSeal:
    """A picture as it came, the seal's name, its true width in millimetres; `special`: a 专用章 may be smaller."""

    title: str
    data: bytes
    name: str
    millimetres: float
    special: bool = False


def require_policy(settings: Settings) -> None:
    """Pass where seal pictures are allowed at all; else raise Refused."""
    if settings.seal_policy != "image":
        raise Refused("本系统没有启用图片印章。", advice="文书请打印后手工盖章，再扫描上传。")


def upload_seal(desk: Desk, actor: Actor, asked: NewSeal) -> str:
    """Keep a picture of the own office's seal, to be approved by another person; answers its public identifier."""
    powers.require(actor, powers.Power.KEEP_SEALS)
    require_policy(desk.settings)
    title = reasons.reason(asked.title, "请填写印章名称，2到60个字。", least=2, most=60, where="title",
                           advice="例如：单位全称。")
    least = SMALLEST_OTHER if asked.special else SMALLEST
    if not least <= asked.millimetres <= LARGEST:
        raise Refused(f"印章直径应在{least:.0f}至{LARGEST:.0f}毫米之间。", where="width",
                      advice="请用尺量印章的外沿；较小的专用章请勾选“专用章”。")
    png = evidence.seal_picture(asked.data, asked.name, desk.press.open_evidence)
    pictures.require_red(pictures.read_seal(png, asked.millimetres))
    address = desk.vault.put(png)
    now = desk.clock.now()
    with desk.change() as db:
        key, public_id = seals.add(db, office_id=actor.office_id, title=title, sha=address,
                                   width_tenths=round(asked.millimetres * 10), uploaded_by=actor.account_id,
                                   uploaded_at=now)
        audit.append(db, actor, "upload_seal", "seal", key, now, sha256=address,
                     width_tenths=round(asked.millimetres * 10))
    return public_id


def approve_seal(desk: Desk, actor: Actor, public_id: str) -> None:
    """Let a picture be used from now on; the one before it is retired. Never by whoever uploaded it."""
    powers.require(actor, powers.Power.APPROVE_SEAL)
    require_policy(desk.settings)
    now = desk.clock.now()
    with desk.change() as db:
        seal = seals.load_seal(db, actor.office_id, public_id)
        _require_other(seal, actor)
        _move(db, seal, SealState.WAITING, SealState.APPROVED, decided_by=actor.account_id, decided_at=now)
        seals.retire_others(db, seal)
        audit.append(db, actor, "approve_seal", "seal", seal.id, now, sha256=seal.sha)


def refuse_seal(desk: Desk, actor: Actor, public_id: str, note: str) -> None:
    """Refuse a picture, saying why."""
    powers.require(actor, powers.Power.APPROVE_SEAL)
    require_policy(desk.settings)
    now, why = desk.clock.now(), reason(note)
    with desk.change() as db:
        seal = seals.load_seal(db, actor.office_id, public_id)
        _require_other(seal, actor)
        _move(db, seal, SealState.WAITING, SealState.REFUSED, decided_by=actor.account_id, decided_at=now, note=why)
        audit.append(db, actor, "refuse_seal", "seal", seal.id, now)


def retire_seal(desk: Desk, actor: Actor, public_id: str, note: str) -> None:
    """Take a seal out of use at once, saying why; what was sealed with it stays."""
    powers.require(actor, powers.Power.KEEP_SEALS)
    require_policy(desk.settings)
    now, why = desk.clock.now(), reason(note)
    with desk.change() as db:
        seal = seals.load_seal(db, actor.office_id, public_id)
        _move(db, seal, SealState.APPROVED, SealState.RETIRED, note=why)
        audit.append(db, actor, "retire_seal", "seal", seal.id, now)


def reason(note: str) -> str:
    """What was written why, on one line. Raises Refused when nothing was."""
    return reasons.reason(note, "请写明原因，2到300个字。", least=LEAST_NOTE, most=seals.LONGEST_NOTE, where="note")


def _require_other(seal: seals.Seal, actor: Actor) -> None:
    if seal.uploaded_by == actor.account_id:
        raise Refused("上传印章的人不能审批这枚印章。", where="approver", advice="请由本单位另一名领导审批。")


def _move(db: Db, seal: seals.Seal, was: SealState, to: SealState, **values: object) -> None:
    if seal.state is not was or not seals.move_seal(db, seal, to, **values):
        raise Refused(MOVED, advice=REFRESH)
