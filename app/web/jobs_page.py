"""失败任务: what the service could not do by itself, for the administrator: try again, or give up with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from app.actions.mind_jobs import LONGEST_REASON, SHORTEST_REASON, drop_job, retry_job
from app.law.powers import Power
from app.records import failed
from app.web.access import Pages, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("jobs")
KINDS = {"produce_paper": "制作文书", "produce_file": "装订卷宗", "apply_seal": "盖印章图样"}
"""Kinds of jobs, in words."""


@pages.page("/jobs", Power.MANAGE_JOBS)
def index() -> ResponseReturnValue:
    """The failed jobs in charge, oldest first."""
    with the_desk().register.reading() as db:
        rows = failed.listed(db, the_actor())
    return render_template("audit/jobs.html", rows=rows, kinds=KINDS, shortest=SHORTEST_REASON,
                           longest=LONGEST_REASON)


@pages.page("/jobs/<int:job_id>/again", Power.MANAGE_JOBS, "POST")
def again(job_id: int) -> ResponseReturnValue:
    """重做."""
    retry_job(the_desk(), the_actor(), job_id)
    flash("已重新排上，做好后这里不再显示；还不行会再回到这里。", "told")
    return redirect(url_for("jobs.index"), 303)


@pages.page("/jobs/<int:job_id>/drop", Power.MANAGE_JOBS, "POST")
def drop(job_id: int) -> ResponseReturnValue:
    """放弃 with a reason."""
    drop_job(the_desk(), the_actor(), job_id, request.form.get("reason", ""))
    flash("已放弃，原因已记下。", "told")
    return redirect(url_for("jobs.index"), 303)
