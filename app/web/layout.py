"""What every page shows: who is here, the menu, the banner of the demo; and the words templates may use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.forms import notes
from app.law.deadlines import chinese_date, chinese_weekday
from app.law.identity import masked
from app.law.service import Mode
from app.records import offices, papers
from app.web import lights, owner, seals
from app.web.access import may, opens
from app.web.assets import asset
from app.web.desk import the_desk
from app.web.once import ONCE

if TYPE_CHECKING:
    from flask import Flask

HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')
SEALS = "seals.index"
MENU = (
    ("今天要办", "home.today"), ("学生台账", "students.index"), ("案卷文书", "cases.index"),
    ("发文登记簿", "register.index"), ("卷宗", "packets.index"), ("印章和用印", SEALS), ("验真", "verify.ask"),
    ("留痕查询", "audit.index"), ("查阅记录", "watching.ask"), ("失败任务", "jobs.index"),
    ("系统管理", "admin_offices.index"),
)
"""Pages of the menu in their order; each is shown to whoever may open it."""


@dataclass(frozen=True)
class Item:
    """One line of the menu."""

    label: str
    href: str
    current: bool
    count: int = 0
    urgent: bool = False


def add_words(app: Flask) -> None:
    """Give templates their context, functions and filters."""
    app.context_processor(_context)
    app.jinja_env.globals.update(
        asset=asset, may=may, notes_of=notes.notes_of, live=notes.live, shape=notes.shape, weekday=chinese_weekday,
        entered_late=lights.entered_late,
        modes={each.value: each.label for each in Mode},
        csrf=_hidden, who=owner.mark)
    app.jinja_env.filters.update(day=_day, moment=_moment, masked=masked)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _hidden(*, once: bool = True) -> Markup:
    """What every form carries: the token of the session, whose page it is, and its own key of one use."""
    given = {"csrf_token": generate_csrf(), owner.WHO: owner.mark(), ONCE: secrets.token_urlsafe(16) if once else ""}
    return Markup("").join(HIDDEN.format(name, value) for name, value in given.items() if value)


def _context() -> dict[str, Any]:
    desk = the_desk()
    actor = g.get("actor")
    if actor is None:
        return {"actor": None, "demo": desk.settings.demo, "menu": (), "office_name": ""}
    with desk.register.reading() as db:
        office = offices.load(db, actor.office_id)
        waiting = {"home.today": len(papers.waiting_for_approval(db, actor)) if may("APPROVE_PAPER") else 0,
                   SEALS: seals.waiting(db)}
    here, pictured = request.blueprint or "", desk.settings.seal_policy == "image"
    menu = [Item(label, url_for(endpoint), endpoint.split(".")[0] == _noun(here),
                 waiting.get(endpoint, 0), endpoint in waiting)
            for label, endpoint in MENU if opens(endpoint) and (pictured or endpoint != SEALS)]
    return {"actor": actor, "demo": desk.settings.demo, "menu": menu, "office_name": office.name}


def _noun(blueprint: str) -> str:
    """The menu line a page belongs to: papers and their service are part of the case."""
    if blueprint.startswith("admin_"):
        return "admin_offices"
    return "cases" if blueprint in {"papers", "drafts", "keeps", "services", "scans"} else blueprint


def _day(value: Any) -> str:
    return chinese_date(value) if value else "—"


def _moment(value: Any) -> str:
    """An instant of the register in local time, to the minute; a moment of service is local time already."""
    if not value:
        return "—"
    local = the_desk().clock.local(value) if value.tzinfo else value
    return f"{chinese_date(local)} {local:%H:%M}"
