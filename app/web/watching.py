"""Who looked at which child: a page that shows one is written down, and people in charge can read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, g, render_template, request

from app.actions.note_look import note_look
from app.errors import NotVisible
from app.law.powers import Power
from app.outside.faults import frames_of
from app.records import looks, students
from app.web import measures
from app.web.access import Pages, may, the_actor
from app.web.desk import the_desk

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

pages = Pages("watching")
PUBLIC_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
SHOWN = {200, 422}
"""Answers that show a page; one that leads on is an act, and acts are in the audit chain."""
MOST = 500
HOW = {looks.PAGE: "打开页面", looks.EXPORT: "导出或打印的名单里有", looks.REVEAL: "显示完整证件号码"}


@dataclass(frozen=True)
class Found:
    """What the auditor's search came to."""

    word: str = ""
    seen: tuple[looks.Look, ...] | None = None
    person: str = ""
    days: tuple[looks.Tally, ...] | None = None
    refused: str = ""


def watch(app: Flask) -> None:
    """Write the look log after each page that was shown."""
    app.after_request(_watch)


def _watch(answer: Response) -> Response:
    """Whatever has an identifier in its address is looked up: a new page about a child cannot be forgotten.

    A look that cannot be written is counted and logged, and the page is shown all the same: work on a child's case is
    not stopped by a full log.
    """
    named = [each for each in (request.view_args or {}).values()
             if isinstance(each, str) and PUBLIC_ID.fullmatch(each)]
    if not named or answer.status_code not in SHOWN or g.get("actor") is None:
        return answer
    try:
        note_look(the_desk(), the_actor(), named)
    except Exception as error:  # noqa: BLE001  (see above)
        measures.looks_lost.inc()
        current_app.logger.error("a look was not written: %s", frames_of(error))  # noqa: TRY400  (never the message)
    return answer


@pages.page("/students/<public_id>/looks", Power.VIEW_LOOKS)
def at_child(public_id: str) -> ResponseReturnValue:
    """谁看过这个孩子, for a leader who has the child in charge."""
    if not may("VIEW_CASES"):
        raise NotVisible
    with the_desk().register.reading() as db:
        student = students.load_student(db, the_actor(), public_id)
        seen = looks.at_child(db, student.id, MOST)
    return render_template("audit/at_child.html", student=student, rows=seen, how=HOW, most=MOST)


@pages.page("/looks", Power.VIEW_LOOKS, "GET", "POST", again="a search")
def ask() -> ResponseReturnValue:
    """By case number or 学籍号, or by person; sent by POST, so that no number comes into an address."""
    found = Found()
    if request.method == "POST":
        found = _find(request.form.get("child", "").strip(), request.form.get("person", "").strip())
    return render_template("audit/looks.html", found=found, how=HOW, most=MOST), 422 if found.refused else 200


def _find(child: str, person: str) -> Found:
    actor = the_actor()
    with the_desk().register.reading() as db:
        try:
            if child:
                return Found(child, seen=looks.at_child(db, looks.child_of(db, actor, child), MOST))
            if person:
                name, days = looks.of_person(db, actor, person, MOST)
                return Found(person=name, days=days)
        except NotVisible as error:
            return Found(child, person=person, refused=f"{error.what}{error.advice}")
    return Found(refused="请填案件编号、学籍号或人员。")
