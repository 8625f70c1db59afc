"""留痕查询: what was done by whom and when, for auditors and administrators; of a child nothing but the case number."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import render_template, request, send_file

from app.actions.export_audit import export_audit, export_chain
from app.law.offices import Level
from app.law.powers import Power
from app.records import trails
from app.reports.audit_book import workbook
from app.web.access import Pages, the_actor
from app.web.desk import the_desk
from app.web.words import GROUPS, WORDS

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

pages = Pages("audit")
ON_PAGE = 100
HEAD = ("序号", "时间", "人员", "单位", "事项", "对象", "案件编号")
AGAIN = "each copy that is taken out is a line of its own"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Filter:
    """What was typed into the boxes, and what of it could not be read."""

    since: str = ""
    until: str = ""
    person: str = ""
    verb: str = ""
    case_no: str = ""
    page: int = 1
    wrong: str = ""


@dataclass(frozen=True)
class Row:
    """One line as it is shown."""

    number: int
    at: datetime
    person: str
    office: str
    what: str
    about: str
    case_no: str


@pages.page("/audit", Power.VIEW_AUDIT, "GET", "POST", again="a search")
def index() -> ResponseReturnValue:
    """The lines in charge, newest first; what is asked for is sent by POST and stays in the boxes."""
    given, asked = _asked()
    with the_desk().register.reading() as db:
        count = trails.counted(db, the_actor(), asked)
        last = max(1, -(-count // ON_PAGE))
        given = replace(given, page=min(given.page, last))
        found = trails.listed(db, the_actor(), asked, ON_PAGE, (given.page - 1) * ON_PAGE)
    return render_template("audit/index.html", given=given, rows=[_row(each) for each in found], count=count, last=last,
                           words=WORDS, whole=the_actor().level is Level.CITY), 422 if given.wrong else 200


@pages.page("/audit/export", Power.VIEW_AUDIT, "POST", again=AGAIN)
def export() -> Response:
    """The lines that are asked for as a table."""
    desk = the_desk()
    rows = [_row(each) for each in export_audit(desk, the_actor(), _asked()[1])]
    texts = ((str(row.number), f"{desk.clock.local(row.at):%Y-%m-%d %H:%M:%S}", row.person or "系统", row.office,
              row.what, row.about, row.case_no) for row in rows)
    return _file(workbook(HEAD, texts), XLSX, f"留痕{desk.clock.today():%Y%m%d}.xlsx")


@pages.page("/audit/export/chain", Power.VIEW_AUDIT, "POST", again=AGAIN)
def export_whole() -> Response:
    """The whole chain for `scripts/verify_audit.py`."""
    desk = the_desk()
    return _file(export_chain(desk, the_actor()), "application/jsonl", f"留痕链{desk.clock.today():%Y%m%d}.jsonl")


def _file(data: bytes, mimetype: str, name: str) -> Response:
    return send_file(io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, etag=False)


def _asked() -> tuple[Filter, trails.Asked]:
    """What was typed, and the same as a question to the register; a day that cannot be read is told, not guessed."""
    boxes = {name: request.form.get(name, "").strip() for name in ("since", "until", "person", "verb", "case_no")}
    number = request.form.get("page", "1")
    given = Filter(**boxes, page=max(1, int(number)) if number.isascii() and number.isdigit() else 1)
    try:
        since = _start(boxes["since"])
        until = _start(boxes["until"], after=1)
    except (ValueError, OverflowError):
        return replace(given, wrong="日期没有看懂，请写成 2026-09-18 这样。"), trails.Asked(verb="-")
    return given, trails.Asked(since, until, boxes["person"], boxes["verb"], boxes["case_no"])


def _start(day: str, after: int = 0) -> datetime | None:
    """The moment at which a local day begins, `after` days later."""
    if not day:
        return None
    there = ZoneInfo(the_desk().clock.zone)
    return datetime.combine(date.fromisoformat(day) + timedelta(days=after), time(), there).astimezone(UTC)


def _row(entry: trails.Entry) -> Row:
    about = f"《{entry.title}》{entry.doc_no}" if entry.title else f"{GROUPS.get(entry.noun, '其他')}{_key(entry)}"
    return Row(entry.id, entry.at, entry.person, entry.office, WORDS.get(entry.verb, entry.verb), about, entry.case_no)


def _key(entry: trails.Entry) -> str:
    return f"（编号{entry.subject_id}）" if entry.subject_id and entry.noun != "calendar" else ""
