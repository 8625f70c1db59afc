"""Scans that come back: a stamped paper, a signed record, a receipt, photos of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions.file_scans import MOST_FILES, Outcome, file_scans
from app.actions.keep_scan import WANTED, NewScan, Upload, keep_scan
from app.errors import FanxiaoError, NotVisible, Problem, Refused
from app.forms.upload import ACCEPT, read_upload
from app.law.lives import ScanRole
from app.law.powers import Power
from app.papers import catalogue
from app.records import files, papers
from app.web import pictures
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

pages = Pages("scans")


@pages.page("/papers/<public_id>/scans/new", Power.KEEP_SCAN, "GET", "POST")
def add(public_id: str) -> ResponseReturnValue:
    """Send a scan up."""
    with the_desk().register.reading() as db:
        row = papers.load_paper(db, the_actor(), public_id)
    roles = [each for each in ScanRole if each in WANTED[catalogue.paper(row.kind).life]]
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        upload, problems = read_upload(request.files, request.form, roles)
        if upload is not None:
            try:
                kept = keep_scan(the_desk(), the_actor(),
                                 NewScan(public_id, upload.role, Upload(upload.content, upload.name),
                                         request.form.get("note", "")))
            except Refused as refused:
                problems = refused.problems or (Problem(refused.where or "file", refused.what, refused.advice),)
            else:
                flash("扫描件已收存。" + "".join(kept.notes), "told")
                return redirect(url_for("papers.show", public_id=public_id), 303)
    return render_template("papers/scan.html", row=row, roles=roles, problems=problems, accept=ACCEPT,
                           given=request.form), 422 if problems else 200


@pages.page("/scans/new", Power.KEEP_SCAN, "GET", "POST",
            again="each paper is filed in a transaction of its own, and the same scan is kept once")
def pile() -> ResponseReturnValue:
    """盖章件批量上传: scans of several papers, taken apart by the codes on their pages."""
    outcome: Outcome | None = None
    wrong: FanxiaoError | None = None
    if request.method == "POST":
        given = [each for each in request.files.getlist("file") if each.filename]
        try:
            outcome = file_scans(the_desk(), the_actor(), [Upload(each.read(), each.filename or "") for each in given])
        except (Refused, NotVisible) as error:
            wrong = error
    return render_template("papers/pile.html", outcome=outcome, wrong=wrong, accept=ACCEPT, most=MOST_FILES), (
        422 if wrong else 200)


@pages.page("/papers/<public_id>/scans/<scan_id>", Power.VIEW_CASES)
def show(public_id: str, scan_id: str) -> Response:
    """The cleaned scan as PDF."""
    with the_desk().register.reading() as db:
        row = papers.load_paper(db, the_actor(), public_id)
        scan = files.load_scan(db, row.id, scan_id)
    return pictures.file(scan.pdf_sha, f"{row.title}{scan.role.label}.pdf")
