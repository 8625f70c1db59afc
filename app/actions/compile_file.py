"""Freeze what goes into the bound file (卷宗) of a case; what is missing is said before anything is made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.actions import case_facts
from app.errors import NotVisible, Problem, Refused
from app.law import powers
from app.law.deadlines import chinese_date
from app.law.lives import PaperState, Production, ScanRole
from app.law.statutes import chinese_number
from app.law.steps import Step, require_next
from app.papers import catalogue, context
from app.papers.kinds import Life
from app.records import audit, cases, files, jobs, offices, packets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor, Office
    from app.papers.kinds import Paper, Raw
    from app.records.database import Db
    from app.records.files import Scan
    from app.records.papers import Paper as PaperRow

BIND = "produce_file"
ATTACHED = {ScanRole.APPROVAL: ("a", "发文稿纸", "扫描件"), ScanRole.PROOF: ("x", "送达照片", "照片")}
"""Scans that lie behind the paper and are not the paper itself: letter of their keys, title, note in the index."""
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Check:
    """One line of the checklist: a paper, whether it is complete, and what is missing."""

    title: str
    doc_no: str
    missing: str

    @property
    def good(self) -> bool:
        return not self.missing


def checklist(db: Db, seen: case_facts.CaseView) -> tuple[Check, ...]:
    """Every step and paper of the case with what its place in the file still lacks."""
    lines = [Check(step.label, "", f"“{step.label}”还没有办理") for step in Step
             if step is not Step.FILE and seen.case.day_of(step) is None]
    lines += [Check(row.title, row.doc_no, _missing(row, files.of_paper(db, row.id))) for row in _standing(seen)]
    return tuple(lines)


def _standing(seen: case_facts.CaseView) -> list[PaperRow]:
    return [row for row in seen.papers if row.state is PaperState.ISSUED]


def _missing(row: PaperRow, scans: Sequence[Scan]) -> str:
    roles = {each.role for each in scans}
    declared = catalogue.paper(row.kind)
    if row.late:
        return "" if ScanRole.ORIGINAL in roles else "缺纸质原件扫描"
    if not row.at_hand:
        return f"{row.production.label}，还没有PDF"
    if declared.life is Life.ISSUED and declared.sealed and ScanRole.STAMPED not in roles and row.sealed_sha is None:
        return "缺盖章件扫描"
    if declared.life is Life.RECORD and ScanRole.SIGNED_RECORD not in roles:
        return "缺签名件扫描"
    if declared.life is Life.RECEIPT and ScanRole.RECEIPT not in roles:
        return "缺回证扫描"
    return ""


def proposed(seen: case_facts.CaseView, today: date, filed_by: str) -> dict[str, Raw]:
    """First values of what is typed on the cover."""
    checked = seen.case.day_of(Step.CHECK)
    when = chinese_date(checked) if checked else ""
    outcome = (f"{when}复查，学生已返校就读。" if seen.case.present else
               f"改正期限届满，{when}复查，学生仍未返校，依法作进一步处理。")
    return {"outcome": outcome, "filed_by": filed_by, "filed_on": today.isoformat()}


def compile_file(desk: Desk, actor: Actor, case_id: str, typed: Mapping[str, Raw] | None = None) -> str:
    """Freeze the contents and have the file bound; answers its public identifier.

    `typed` holds what the cover asks for (办理结果, 立卷人 …); what is left out is proposed.

    Raises Refused with one Problem for each thing that is missing. A file that is being made is answered again.
    """
    powers.require(actor, powers.Power.COMPILE_FILE)
    now, today = desk.clock.now(), desk.clock.today()
    with desk.change() as db:
        seen = case_facts.view(db, actor, cases.load_case(db, actor, case_id))
        if actor.office_id not in (seen.township.id, seen.county.id):
            raise NotVisible("卷宗由办案的乡镇或县教育局编制。", advice="请联系办案单位。")
        waiting = next((each for each in packets.of_case(db, actor, seen.case.id)
                        if each.production is Production.WAITING), None)
        if waiting is not None:
            return waiting.public_id
        lacks = [each for each in checklist(db, seen) if not each.good]
        if lacks:
            raise Refused("材料还不齐，不能成卷。", advice="请补齐后再编制。", problems=tuple(
                Problem("", f"{each.title}{each.doc_no and f'（{each.doc_no}）'}：{each.missing}。") for each in lacks))
        office = offices.load(db, actor.office_id)
        cover = _cover(desk, db, seen, office, proposed(seen, today, actor.name) | dict(typed or {}))
        filed_on = _filed_on(seen, cover, today)
        key, public_id = packets.add(
            db, code=_code(), case_id=seen.case.id, office_id=office.id,
            title=f"控辍保学卷宗 {seen.case.case_no}", made_by=actor.account_id, made_at=now,
            contents={"items": _contents(db, seen), "cover": cover, "audit_head": audit.head(db)})
        jobs.add(db, BIND, key, now)
        if seen.case.day_of(Step.FILE) is None:
            require_next(Step.FILE, seen.case.done, filed_on)
            cases.add_step(db, seen.case.id, Step.FILE, done_on=filed_on, now=now, account_id=actor.account_id,
                           paper_id=None)
        audit.append(db, actor, "compile_file", "packet", key, now, case_id=seen.case.id)
    return public_id


def _code() -> str:
    """A random code of 80 bits for the public check: FX-XXXX-XXXX-XXXX-XXXX."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(16)]
    return "FX-" + "-".join("".join(letters[place:place + 4]) for place in range(0, 16, 4))


def _cover(desk: Desk, db: Db, seen: case_facts.CaseView, office: Office, typed: Mapping[str, Raw]) -> dict[str, Raw]:
    """The cover's values, checked before anything is made; the index rows come when the pages are counted."""
    declared = cover_paper()
    facts = case_facts.facts(db, seen, declared, office, desk.clock.today()) | {
        "opened_on": (seen.case.day_of(Step.REPORT) or desk.clock.day_of(seen.case.opened_at)).isoformat(),
        "closed_on": ""}
    names = {each.name for each in declared.typed()}
    values = {name: raw for name, raw in typed.items() if name in names} | facts
    trial = values | {"papers": [{"title": declared.title, "page": "1"}], "paper_count": 1, "page_count": 1}
    context.compose(declared, trial, desk.lawbook(db))
    return values


def _filed_on(seen: case_facts.CaseView, cover: Mapping[str, Raw], today: date) -> date:
    """The day on the cover: a file is closed after its last act and not in days to come."""
    checked, filed_on = seen.case.day_of(Step.CHECK), date.fromisoformat(str(cover["filed_on"]))
    if filed_on > today:
        raise _wrong_day(f"立卷日期{chinese_date(filed_on)}在今天以后。", f"请填写{chinese_date(today)}或以前的日期。")
    if checked and filed_on < checked:
        raise _wrong_day(f"立卷日期{chinese_date(filed_on)}早于复查的日期{chinese_date(checked)}。",
                         f"请填写{chinese_date(checked)}或以后的日期。")
    return filed_on


def _wrong_day(what: str, advice: str) -> Refused:
    return Refused(what, problems=(Problem("filed_on", what, advice),))


def cover_paper() -> Paper:
    """The compiled kind that is a file's cover and index."""
    return next(each for each in catalogue.PAPERS if each.life is Life.COMPILED)


def _contents(db: Db, seen: case_facts.CaseView) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for row in _standing(seen):
        items += _items(row, files.of_paper(db, row.id))
    return items


def _items(row: PaperRow, scans: Sequence[Scan]) -> list[dict[str, Any]]:
    """The paper as it lies in the file: every stamped or signed scan (the page itself without one), then the proofs."""
    key = f"p{row.id}"
    about = {"title": row.title, "doc_no": row.doc_no, "follows": key,
             "date": row.issue_date.isoformat() if row.issue_date else None}
    originals = [each for each in scans if each.role not in ATTACHED]
    note = "纸质原件扫描，补录" if row.late else "扫描件"
    items = [about | _of_scan(each) | {"key": f"{key}o{number}", "title": row.title + _counted(number), "note": note}
             for number, each in enumerate(originals, 1)]
    made = row.sealed_sha or row.pdf_sha
    head = items[0] if items else about | {"sha": made, "original_sha": made, "note": ""}
    head |= {"key": key, "follows": f"p{row.follows_id}" if row.follows_id else ""}
    more = [about | _of_scan(each) | {"key": f"{key}{letter}{number}", "doc_no": "", "note": note,
                                      "title": f"{row.title}附：{words}{_counted(number)}"}
            for role, (letter, words, note) in ATTACHED.items()
            for number, each in enumerate((each for each in scans if each.role is role), 1)]
    return [head, *items[1:], *more]


def _of_scan(scan: Scan) -> dict[str, Any]:
    return {"sha": scan.pdf_sha, "original_sha": scan.original_sha}


def _counted(number: int) -> str:
    """（二） for the second of its kind, nothing for the first."""
    return f"（{chinese_number(number)}）" if number > 1 else ""
