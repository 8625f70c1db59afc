"""Two versions of a draft side by side: only the fields that differ, each with who and when, to choose one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions.settle_draft import KeepView, drop_keep, look_at_keep, use_keep
from app.errors import Refused
from app.forms.paper_form import form_for, printed
from app.law.powers import Power
from app.papers import catalogue
from app.papers.kinds import Rows
from app.papers.merge import Difference, Pick, Touched, plain
from app.records import papers
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.papers.kinds import Field, Raw

pages = Pages("keeps")
PICK = "pick-"
VERSION = "_version"
TOUCHED = {Touched.MINE: "只有您改过", Touched.THEIRS: "只有对方改过，您没动", Touched.BOTH: "两边都改过，请选一份"}


@dataclass(frozen=True)
class Line:
    """A line of a value; `alone` when the other version does not have it."""

    text: str
    alone: bool = False


@dataclass(frozen=True)
class Shown:
    """One differing field as the page shows it."""

    name: str
    label: str
    touched: str
    open: bool
    """A person has to look: both changed it."""
    mine: tuple[Line, ...]
    stored: tuple[Line, ...]
    picks: tuple[str, ...]
    picked: str


@pages.page("/papers/<public_id>/keeps/<keep_id>", Power.DRAFT_PAPER)
def show(public_id: str, keep_id: str) -> ResponseReturnValue:
    """Both versions; the one that was kept may be settled by its owner."""
    return _page(_look(public_id, keep_id))


@pages.page("/papers/<public_id>/keeps/<keep_id>", Power.DRAFT_PAPER, "POST")
def use(public_id: str, keep_id: str) -> ResponseReturnValue:
    """保存所选."""
    given = request.form.get(VERSION, "")
    try:
        use_keep(the_desk(), the_actor(), public_id, keep_id, _fields(public_id), _picks(),
                 int(given) if given.isdigit() else -1)
    except Refused as refused:
        return _page(_look(public_id, keep_id), refused)
    flash("已按您选的保存到草稿。", "told")
    return redirect(url_for("drafts.edit", public_id=public_id), 303)


@pages.page("/papers/<public_id>/keeps/<keep_id>/drop", Power.DRAFT_PAPER, "POST")
def drop(public_id: str, keep_id: str) -> ResponseReturnValue:
    """舍弃: the draft stays as it is."""
    drop_keep(the_desk(), the_actor(), public_id, keep_id)
    flash("已舍弃您另存的那一份，草稿没有变。", "told")
    return redirect(url_for("drafts.edit", public_id=public_id), 303)


def _look(public_id: str, keep_id: str) -> KeepView:
    with the_desk().register.reading() as db:
        return look_at_keep(db, the_actor(), public_id, keep_id, _fields(public_id))


def _fields(public_id: str) -> tuple[Field, ...]:
    """The fields of the paper's sheet, in its order."""
    with the_desk().register.reading() as db:
        kind = papers.load_paper(db, the_actor(), public_id).kind
    return form_for(catalogue.paper(kind), {}).fields


def _picks() -> dict[str, Pick]:
    known = {each.value for each in Pick}
    return {name.removeprefix(PICK): Pick(value) for name, value in request.form.items()
            if name.startswith(PICK) and value in known}


def _page(view: KeepView, refused: Refused | None = None) -> ResponseReturnValue:
    picks = _picks() if refused else {}
    shown = tuple(_shown(each, picks.get(each.field.name, each.proposed)) for each in view.different)
    mine = view.keep.account_id == the_actor().account_id
    return render_template("papers/conflict.html", view=view, row=view.row, keep=view.keep, mine=mine,
                           look=[each for each in shown if each.open], taken=[each for each in shown if not each.open],
                           refused=refused), refused.status if refused else 200


def _shown(each: Difference, picked: Pick | None) -> Shown:
    mine, stored = _lines(each.field, each.mine, each.stored), _lines(each.field, each.stored, each.mine)
    return Shown(each.field.name, each.field.label, TOUCHED[each.touched], each.touched is Touched.BOTH, mine, stored,
                 tuple(pick.value for pick in each.picks), picked.value if picked else "")


def _lines(field: Field, value: Raw, other: Raw) -> tuple[Line, ...]:
    """A value to read; of rows each one, marked when the other version does not have it."""
    if not isinstance(field, Rows) or not isinstance(value, list | tuple):
        return (Line(printed(field, value) or "（空）"),)
    there = [plain(row) for row in other] if isinstance(other, list | tuple) else []
    rows = [row for row in value if plain(row) != ""]
    return tuple(Line(_row(field, row), plain(row) not in there) for row in rows) or (Line("（空）"),)


def _row(field: Rows, row: object) -> str:
    cells = row if isinstance(row, dict) else {}
    return "　".join(f"{each.label}：{text}" for each in field.columns if (text := printed(each, cells.get(each.name))))
