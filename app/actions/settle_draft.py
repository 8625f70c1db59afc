"""Settle what was typed beside a draft: choose field by field, or drop it. Only whoever typed it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions.draft_paper import require_own
from app.errors import Problem, Refused
from app.law import powers
from app.law.lives import PaperState
from app.papers import catalogue
from app.papers.merge import differences
from app.records import accounts, audit, keeps, papers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.papers.kinds import Field, Paper, Raw
    from app.papers.merge import Difference, Pick
    from app.records.database import Db
    from app.records.keeps import Keep


@dataclass(frozen=True)
class KeepView:
    """A keep beside the draft as it stands: the fields that differ, and who saved the draft last."""

    row: papers.Paper
    declared: Paper
    keep: Keep
    saved_by: str
    different: tuple[Difference, ...]

    @property
    def usable(self) -> bool:
        """Whether it can still go into the draft."""
        return self.row.state is PaperState.DRAFT and self.keep.settled_at is None


def look_at_keep(db: Db, actor: Actor, public_id: str, keep_id: str, fields: tuple[Field, ...]) -> KeepView:
    """Both versions; `fields` are those of the sheet, in its order."""
    row = papers.load_paper(db, actor, public_id)
    require_own(actor, row)
    keep = keeps.load(db, row.id, keep_id)
    saved_by = accounts.name_of(db, row.saved_by or row.drafter_id)
    different = differences(fields, keep.base, keep.typed, row.typed)
    return KeepView(row, catalogue.paper(row.kind), keep, saved_by, different)


def use_keep(desk: Desk, actor: Actor, public_id: str, keep_id: str,
             fields: tuple[Field, ...], picks: Mapping[str, Pick], version: int) -> int:
    """Put the chosen value of each differing field into the draft; answers the draft's new version.

    Raises Refused when the draft is no longer the one that was looked at, and names each field without a choice.
    """
    powers.require(actor, powers.Power.DRAFT_PAPER)
    now = desk.clock.now()
    with desk.change() as db:
        view = look_at_keep(db, actor, public_id, keep_id, fields)
        _require_mine(actor, view)
        if view.row.state is not PaperState.DRAFT:
            raise Refused("这份文书已经送出，现在不能改。", advice="退回或撤回以后，可以再来选用您另存的这一份。")
        missing = tuple(
            Problem(each.field.name, f"“{each.field.label}”两边都改过，请选一份。") for each in view.different
            if picks.get(each.field.name, each.proposed) is None)
        if missing:
            raise Refused("还有没选的项。", problems=missing)
        chosen: dict[str, Raw] = {}
        for each in view.different:
            pick = picks.get(each.field.name, each.proposed)
            if pick is not None:
                chosen[each.field.name] = each.value(pick)
        saved = papers.save_typed(db, view.row, dict(view.row.typed) | chosen, version, actor.account_id, now)
        if saved is None:
            raise Refused("就在刚才，这份草稿又被改过一次，您的选择还没有保存。",
                          advice="下面是最新的两份，请再看一遍。")
        keeps.settle(db, view.keep, now)
        audit.append(db, actor, "use_keep", "paper", view.row.id, now, case_id=view.row.case_id)
    return saved


def drop_keep(desk: Desk, actor: Actor, public_id: str, keep_id: str) -> None:
    """Leave the draft as it is; the keep is listed no longer."""
    powers.require(actor, powers.Power.DRAFT_PAPER)
    now = desk.clock.now()
    with desk.change() as db:
        view = look_at_keep(db, actor, public_id, keep_id, ())
        _require_mine(actor, view)
        keeps.settle(db, view.keep, now)
        audit.append(db, actor, "drop_keep", "paper", view.row.id, now, case_id=view.row.case_id)


def _require_mine(actor: Actor, view: KeepView) -> None:
    if view.keep.account_id != actor.account_id:
        raise Refused(f"这一份是{view.keep.who}填的，只能由本人处理。", advice="您可以查看，请本人来选用或舍弃。")
    if view.keep.settled_at is not None:
        raise Refused("这一份已经处理过了。", advice="请看草稿的现状。")
