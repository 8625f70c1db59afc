"""A leader signs on paper: the 发文稿纸 to print, and the sheet on which the signed one is registered."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, send_file, url_for

from app.actions.keep_scan import Upload
from app.actions.register_signed import Signed, print_slip, register_signed, signers
from app.errors import Problem, Refused
from app.forms.late import SIGNED, day_of, signed_groups
from app.forms.sheet import Sheet
from app.forms.upload import ACCEPT
from app.law.powers import Power
from app.papers import catalogue
from app.records import offices, papers
from app.web import pictures
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

pages = Pages("signed")


@pages.page("/papers/<public_id>/slip.pdf", Power.VIEW_CASES)
def slip(public_id: str) -> Response:
    """The 发文稿纸 with the draft behind it."""
    made = print_slip(the_desk(), the_actor(), public_id)
    answer = send_file(io.BytesIO(made), mimetype=pictures.PDF, download_name="发文稿纸.pdf", etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.page("/papers/<public_id>/signed", Power.REGISTER_SIGNED, "GET", "POST")
def register(public_id: str) -> ResponseReturnValue:
    """登记纸上签发."""
    with the_desk().register.reading() as db:
        row = papers.load_paper(db, the_actor(), public_id)
        found = signers(db, the_actor(), row)
        typed = offices.load(db, row.office_id).typed_numbers and bool(catalogue.paper(row.kind).series)
    sheet = Sheet(signed_groups({str(key): name for key, name in found.items()}, typed_number=typed), {},
                  request.form if request.method == "POST" else None)
    if request.method == "POST" and sheet.check():
        try:
            number = register_signed(the_desk(), the_actor(), _signed(public_id, sheet))
        except Refused as refused:
            sheet.refuse(refused.problems or (Problem("", refused.what, refused.advice),))
        else:
            flash(f"已登记签发，文号{number}。正在制作正式文书。", "told")
            return redirect(url_for("papers.show", public_id=public_id), 303)
    return render_template("late/signed.html", row=row, sheet=sheet, accept=ACCEPT, noun=SIGNED), (
        422 if sheet.problems else 200)


def _signed(public_id: str, sheet: Sheet) -> Signed:
    values = sheet.values()
    file: Any = request.files.get("scan")
    scan = Upload(file.read(), file.filename) if file is not None and file.filename else None
    return Signed(public_id, int(str(values["signer"])), day_of(sheet, "signed_on"), str(values["code"]),
                  str(values.get("number") or ""), scan)
