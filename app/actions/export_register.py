"""The 发文登记簿 as it leaves the screen: rows with service and successor, gap check, workbook, book."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import NotVisible
from app.law import powers
from app.law.numbering import series_line
from app.papers import catalogue
from app.records import audit, issued, numbers, offices, papers, services
from app.reports import register_book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor, Office
    from app.records.database import Db
    from app.records.issued import Sought
    from app.records.papers import Paper as Row

FINGERPRINT = 12
"""Digits of the SHA-256 of a paper's file that stand in the register."""


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    row: Row
    served: str
    """送达, without the name of a party: 已送达2人 2026.9.18; "" for what is not served."""
    fingerprint: str
    marks: tuple[str, ...]
    """补录, 替代, 由…替代, 纸上签发."""

    @property
    def signer(self) -> str:
        return self.row.approver or self.row.signed_by or "—"


def entries(db: Db, actor: Actor, sought: Sought) -> tuple[Entry, ...]:
    """The lines that the filter asks for, in the order of the book."""
    rows = papers.register_rows(db, actor, *issued.clauses_of(sought))
    after = papers.successors(db, actor, [row.id for row in rows if row.void_reason])
    before = {row.id: row for row in papers.by_keys(db, actor, [
        row.copied_from_id for row in rows if row.copied_from_id is not None])}
    acts = services.of_papers(db, [row.id for row in rows if catalogue.paper(row.kind).served])
    return tuple(Entry(row, _served(row, acts.get(row.id)), (row.pdf_sha or "")[:FINGERPRINT],
                       _marks(row, before.get(row.copied_from_id or 0), after.get(row.id))) for row in rows)


def _served(row: Row, acts: Sequence[services.ServiceRow] | None) -> str:
    if acts is None or row.void_reason:
        return ""
    if not acts:
        return "未送达"
    last = max(each.effective_on for each in acts)
    return f"已送达{len(acts)}人 {last.year}.{last.month}.{last.day}"


def _marks(row: Row, before: Row | None, after: Row | None) -> tuple[str, ...]:
    said = (
        (row.late, "补录"), (row.number_typed and not row.late, "号由本单位办公室（党政办）编"),
        (bool(row.signed_by) and not row.late, "纸上签发"),
        (before is not None, f"替代{before.doc_no if before else ''}（已作废）"),
        (after is not None, f"由{(after.doc_no or '新稿（未签发）') if after else ''}替代"))
    return tuple(words for holds, words in said if holds)


def gap_lines(db: Db, office: Office, rows: Sequence[Row]) -> tuple[str, ...]:
    """For each series of the office: 2026年 西政责改 1—12号，无缺号. Only its own: of others not all are seen.

    Numbers that were typed or stood on paper are none of the series; numbers before a start are no gap. That the last
    one was used up is taken from the counter, so that a line missing at the end shows as well.
    """
    given: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    typed: dict[tuple[int, str, str], int] = defaultdict(int)
    for row in rows:
        if row.office_id == office.id and row.year and row.seq:
            place = (row.year, row.organ or "", row.series or "")
            if row.number_typed:
                typed[place] += not row.late
            else:
                given[place].append(row.seq)
    starts = audit.starts(db, office.id)
    lines = []
    for place in sorted(given.keys() | {each for each, count in typed.items() if count}):
        year, organ, series = place
        skipped = _skipped([each for each in starts if (each["year"], each["series"]) == (year, series)])
        lines.append(series_line(year, organ + series, given[place], numbers.peek(db, organ, series, year) - 1,
                                 skipped, typed=bool(typed[place])))
    return tuple(lines)


def _skipped(starts: Sequence[Mapping[str, Any]]) -> set[int]:
    """Numbers before a start. A later start that is lower takes the earlier one back from its number on."""
    skipped: set[int] = set()
    for each in starts:
        first = int(each["first"])
        skipped |= set(range(int(each.get("skipped_from", 1)), first))
        skipped = {number for number in skipped if number < first}
    return skipped


def export_register(desk: Desk, actor: Actor, office_code: str, sought: Sought) -> bytes:
    """The register as an xlsx of text cells; the audit line says which part of it left.

    With papers of other offices it is no 发文登记簿 but a list of the area, without the gap check.
    """
    return _taken(desk, actor, office_code, sought, "export_register")


def print_register(desk: Desk, actor: Actor, office_code: str, sought: Sought) -> bytes:
    """The register as a book on A4 across, to be bound; made by the press from the same sheet."""
    book = _taken(desk, actor, office_code, sought, "print_register")
    return desk.press.convert_file(book, "xlsx")


def _taken(desk: Desk, actor: Actor, office_code: str, sought: Sought, verb: str) -> bytes:
    powers.require(actor, powers.Power.VIEW_REGISTER)
    now = desk.clock.now()
    with desk.change() as db:
        office = offices.load_in_charge(db, actor, office_code)
        found = entries(db, actor, sought)
        own = all(each.row.office_id == office.id for each in found)
        lines = gap_lines(db, office, [each.row for each in found]) if sought.whole and own else ()
        audit.append(db, actor, verb, "office", office.id, now, count=len(found), year=sought.year or 0)
    title = f"{office.full_name}{'发文登记簿' if own else '辖区文书清单'}"
    return register_book.workbook(title, f"{sought.year}年" if sought.year else "全部年份",
                                  [_texts(each) for each in found], lines)


def require_office(db: Db, actor: Actor, office_id: int) -> Office:
    """An office whose papers are looked for. Raises NotVisible for one that is not in charge."""
    office = offices.load(db, office_id)
    if not office.path.startswith(actor.path):
        raise NotVisible
    return office


def _texts(entry: Entry) -> register_book.Line:
    row = entry.row
    day = f"{row.issue_date.year}.{row.issue_date.month}.{row.issue_date.day}" if row.issue_date else ""
    notes = "；".join((*entry.marks, *([f"作废：{row.void_reason}"] if row.void_reason else [])))
    return register_book.Line((row.doc_no, row.title, day, row.drafter, entry.signer, entry.served,
                               entry.fingerprint, notes), void=bool(row.void_reason))
