"""Void a bound file (卷宗作废): the public page says so from now on, and the case is open for corrections again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.void_paper import reason_of
from app.errors import NotVisible, Refused
from app.law import powers
from app.law.lives import Production
from app.law.steps import Step
from app.records import audit, cases, packets

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor


def void_file(desk: Desk, actor: Actor, public_id: str, reason: str) -> None:
    """Void with a reason of at least five characters; by another person than the one who bound it, in the same office.

    The last file that stands takes the step 立卷归档 with it, so that its papers may be voided and made anew.
    A file that could not be made stands for nothing.
    """
    powers.require(actor, powers.Power.VOID_PAPER)
    why = reason_of(reason)
    now = desk.clock.now()
    with desk.change() as db:
        row = packets.load_packet(db, actor, public_id)
        if row.office_id != actor.office_id:
            raise NotVisible("卷宗由立卷单位作废。", advice="请联系立卷单位。")
        if row.production is Production.WAITING:
            raise Refused("这一卷还在装订。", advice="请等装订完再作废。")
        if row.voided_at is not None:
            raise Refused("这一卷已经作废。")
        if row.made_by == actor.account_id:
            raise Refused("立卷人不能作废自己立的卷。", where="reason", advice="请由本单位另一名有权的人作废。")
        packets.void(db, row.id, reason=why, by=actor.account_id, now=now)
        standing = [each for each in packets.of_case(db, actor, row.case_id)
                    if each.voided_at is None and each.production is not Production.NEEDS_PERSON]
        if not standing:
            cases.remove_step(db, row.case_id, Step.FILE)
        audit.append(db, actor, "void_file", "packet", row.id, now, case_id=row.case_id)
