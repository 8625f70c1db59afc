"""Take the audit lines out: a table of those that were asked for, or for the city the whole chain to be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import Refused
from app.law import powers
from app.law.offices import Level
from app.records import audit, trails

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.law.offices import Actor

MOST_ROWS = 50_000


def export_audit(desk: Desk, actor: Actor, asked: trails.Asked) -> tuple[trails.Entry, ...]:
    """The lines in charge that are asked for, newest first; the export itself is a line."""
    powers.require(actor, powers.Power.VIEW_AUDIT)
    now = desk.clock.now()
    with desk.change() as db:
        found = trails.listed(db, actor, asked, MOST_ROWS + 1)
        if len(found) > MOST_ROWS:
            raise Refused(f"超过{MOST_ROWS}条，一张表放不下。", advice="请缩短日期范围，分几次导出。")
        audit.append(db, actor, "export_audit", "audit", 0, now, lines=len(found))
    return found


def export_chain(desk: Desk, actor: Actor) -> bytes:
    """The whole chain as JSON Lines with its digests; only the city has all of it in charge."""
    powers.require(actor, powers.Power.VIEW_AUDIT)
    if actor.level is not Level.CITY:
        raise Refused("整条留痕链由市级审计员或管理员导出。", advice="本单位的留痕可以导出表格。")
    now = desk.clock.now()
    with desk.change() as db:
        lines = [audit.exported(line) for line in audit.everything(db)]
        audit.append(db, actor, "export_audit", "audit", 0, now, lines=len(lines), whole=True)
    return "".join(f"{line}\n" for line in lines).encode()
