"""The look log: the first look of a person at a child on a day is one row (儿童个人信息网络保护规定第十五条)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint, func, select, union
from sqlalchemy.dialects import postgresql, sqlite

from app.errors import NotVisible
from app.records.accounts import accounts
from app.records.audit import audit
from app.records.cases import cases
from app.records.database import Db, Instant, metadata
from app.records.offices import offices
from app.records.packets import packets
from app.records.papers import papers
from app.records.scope import in_charge
from app.records.students import students

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from app.law.offices import Actor

PAGE, EXPORT, REVEAL = "page", "export", "reveal"
"""How it was looked at: on a page; in a list that was taken out; with full numbers (in such a list; on a page that is a
line of the audit chain)."""
AT_ONCE = 500
"""Keys in one statement: SQLite takes some thousands."""

looks = Table(
    "looks", metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("student_id", Integer, nullable=False, index=True),  # no key: the row outlives an import that was undone
    Column("day", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("how", String(8), nullable=False, server_default=PAGE),
    UniqueConstraint("account_id", "student_id", "day", "how", name="uq_looks_first_of_day"),
)
_township = offices.alias("township_of_look")
_office = offices.alias("office_of_looker")


@dataclass(frozen=True)
class Look:
    """Somebody saw a child: the first time on a day, or each time full numbers were shown."""

    at: datetime
    how: str
    person: str
    office: str


@dataclass(frozen=True)
class Tally:
    """What one person looked at on one day."""

    day: date
    children: int
    exported: int


def new_of(db: Db, account_id: int, children: Collection[int], day: date, how: str = PAGE) -> frozenset[int]:
    """Of these children those whom this person has not looked at on this day yet."""
    known: set[int] = set()
    wanted = sorted(children)
    for start in range(0, len(wanted), AT_ONCE):
        rows = db.execute(select(looks.c.student_id).where(
            looks.c.account_id == account_id, looks.c.day == day, looks.c.how == how,
            looks.c.student_id.in_(wanted[start:start + AT_ONCE])))
        known |= set(rows.scalars())
    return frozenset(wanted) - known


def note(db: Db, account_id: int, children: Collection[int], *, day: date, now: datetime, how: str = PAGE) -> None:
    """Write the first look at each; the constraint is the last wall where two pages open at once."""
    rows = [{"account_id": account_id, "student_id": each, "day": day, "at": now, "how": how}
            for each in sorted(new_of(db, account_id, children, day, how))]
    insert = sqlite.insert if db.connection.dialect.name == "sqlite" else postgresql.insert
    if rows:
        db.execute(insert(looks).on_conflict_do_nothing(), rows)


def children_behind(db: Db, public_ids: Sequence[str]) -> frozenset[int]:
    """Keys of the pupils whom things of these identifiers are about: a pupil, a case, a paper, a bound file."""
    through = papers.join(cases, cases.c.id == papers.c.case_id)
    bound = packets.join(cases, cases.c.id == packets.c.case_id)
    found = db.execute(union(
        select(students.c.id).where(students.c.public_id.in_(public_ids)),
        select(cases.c.student_id).where(cases.c.public_id.in_(public_ids)),
        select(cases.c.student_id).select_from(through).where(papers.c.public_id.in_(public_ids)),
        select(cases.c.student_id).select_from(bound).where(packets.c.public_id.in_(public_ids)),
    ))
    return frozenset(found.scalars())


def child_of(db: Db, actor: Actor, word: str) -> int:
    """Key of the pupil in charge with this case number or 学籍号. Raises NotVisible."""
    found = set(db.execute(
        select(students.c.id).join(offices, offices.c.id == students.c.school_id)
        .join(_township, _township.c.id == students.c.township_id)
        .outerjoin(cases, cases.c.student_id == students.c.id)
        .where(in_charge(actor, offices.c.path, _township.c.path),
               (cases.c.case_no == word) | (students.c.student_status_no == word))).scalars())
    if len(found) != 1:
        raise NotVisible("没有查到这个案件编号或学籍号。", advice="请核对号码；它也可能不归您的单位管。")
    return int(found.pop())


def at_child(db: Db, student_id: int, limit: int) -> tuple[Look, ...]:
    """Who looked at a pupil whom the caller has found in its own charge, newest first."""
    who = [accounts.c.name.label("person"), _office.c.name.label("office")]
    seen = (select(looks.c.at, looks.c.how, *who)
            .join(accounts, accounts.c.id == looks.c.account_id).join(_office, _office.c.id == accounts.c.office_id)
            .where(looks.c.student_id == student_id).order_by(looks.c.at.desc()).limit(limit))
    shown = (select(audit.c.at, audit.c.verb, *who)
             .join(accounts, accounts.c.id == audit.c.account_id).join(_office, _office.c.id == accounts.c.office_id)
             .where(audit.c.verb == "reveal_identity", audit.c.noun == "student", audit.c.subject_id == student_id)
             .order_by(audit.c.id.desc()).limit(limit))
    found = [Look(row.at, row.how, row.person, row.office) for row in db.execute(seen)]
    found += [Look(row.at, REVEAL, row.person, row.office) for row in db.execute(shown)]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:limit])


def of_person(db: Db, actor: Actor, login: str, limit: int) -> tuple[str, tuple[Tally, ...]]:
    """Name of a person in charge by login or name, and how many children were looked at on each day, newest first.

    Raises NotVisible when there is none, or more than one of that name.
    """
    people = db.execute(select(accounts.c.id, accounts.c.name).join(offices, offices.c.id == accounts.c.office_id)
                        .where(in_charge(actor, offices.c.path),
                               (accounts.c.login == login) | (accounts.c.name == login))).all()
    if len(people) != 1:
        raise NotVisible("没有查到这个人，或有同名的人。", advice="请用登录名查。")
    rows = db.execute(select(looks.c.day, looks.c.how, func.count().label("children"))
                      .where(looks.c.account_id == people[0].id).group_by(looks.c.day, looks.c.how)
                      .order_by(looks.c.day.desc()).limit(3 * limit))
    days: dict[date, dict[str, int]] = {}
    for row in rows:
        days.setdefault(row.day, {})[row.how] = row.children
    return str(people[0].name), tuple(_tally(day, counts) for day, counts in list(days.items())[:limit])


def _tally(day: date, counts: Mapping[str, Any]) -> Tally:
    return Tally(day, int(counts.get(PAGE, 0)), int(counts.get(EXPORT, 0)) + int(counts.get(REVEAL, 0)))
