"""卷宗: what is still missing, the cover's words, the bound and signed file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions import case_facts
from app.actions.compile_file import checklist, compile_file, cover_paper, proposed
from app.actions.void_file import void_file
from app.errors import Refused
from app.forms.paper_form import form_for
from app.law.lives import Production
from app.law.powers import Power
from app.records import cases, packets
from app.web import pictures
from app.web.access import Pages, may, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from app.records.packets import Packet

pages = Pages("packets")


@pages.page("/packets", Power.VIEW_CASES)
def index() -> ResponseReturnValue:
    """The bound files in this person's charge."""
    with the_desk().register.reading() as db:
        rows = packets.list_packets(db, the_actor())
    return render_template("packets/index.html", rows=rows)


@pages.page("/cases/<public_id>/file", Power.VIEW_CASES, "GET", "POST")
def of_case(public_id: str) -> ResponseReturnValue:
    """The checklist of a case's file, and the sheet of its cover."""
    desk, actor = the_desk(), the_actor()
    with desk.register.reading() as db:
        seen = case_facts.view(db, actor, cases.load_case(db, actor, public_id))
        checks = checklist(db, seen)
        bound = packets.of_case(db, actor, seen.case.id)
    cover = cover_paper()
    form = form_for(cover, proposed(seen, desk.clock.today(), actor.name),
                    request.form if request.method == "POST" else None)
    if request.method == "POST" and form.check():
        try:
            packet = compile_file(desk, actor, public_id, form.raw())
        except Refused as refused:
            form.refuse_all(refused)
        else:
            flash("已立卷，正在装订和签名。", "told")
            return redirect(url_for("packets.show", public_id=packet), 303)
    ready = bool(checks) and all(each.good for each in checks)
    return render_template("packets/of_case.html", seen=seen, checks=checks, packets=bound, form=form, ready=ready,
                           kind=cover.kind,
                           mine=may("COMPILE_FILE") and actor.office_id in (seen.township.id, seen.county.id),
                           ), 422 if form.problems else 200


@pages.page("/packets/<public_id>", Power.VIEW_CASES)
def show(public_id: str) -> ResponseReturnValue:
    """One bound file."""
    row, actor = _load(public_id), the_actor()
    mine = may("VOID_PAPER") and row.office_id == actor.office_id and row.made_by != actor.account_id
    return render_template("packets/show.html", row=row, voidable=mine and row.voided_at is None,
                           waiting=row.production is Production.WAITING,
                           ready=row.production is Production.READY,
                           address=f"{the_desk().settings.public_url}/verify/{row.code}")


@pages.page("/packets/<public_id>/void", Power.VOID_PAPER, "POST")
def void(public_id: str) -> ResponseReturnValue:
    """Void the file; its papers may be corrected from now on."""
    void_file(the_desk(), the_actor(), public_id, request.form.get("reason", ""))
    flash("已作废。需要更正的文书可以作废重做，再重新立卷。", "told")
    return redirect(url_for("packets.show", public_id=public_id), 303)


@pages.page("/packets/<public_id>/file.pdf", Power.VIEW_CASES)
def file(public_id: str) -> Response:
    """The signed PDF."""
    row = _load(public_id)
    return pictures.file(row.pdf_sha, f"{row.title}.pdf", download=True)


def _load(public_id: str) -> Packet:
    with the_desk().register.reading() as db:
        return packets.load_packet(db, the_actor(), public_id)
