"""The audit lines as an auditor asks for them: by day, person, act and case, within the auditor's charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, true

from app.law.offices import Actor, Level
from app.records.accounts import accounts
from app.records.audit import audit
from app.records.cases import cases
from app.records.offices import offices
from app.records.papers import papers
from app.records.scope import in_charge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from app.records.audit import Line
    from app.records.database import Db


@dataclass(frozen=True)
class Asked:
    """What an auditor asks for; None and "" ask for everything."""

    since: datetime | None = None
    until: datetime | None = None
    """The moment after the last one asked for."""
    person: str = ""
    """Name or login of the account."""
    verb: str = ""
    case_no: str = ""


@dataclass(frozen=True)
class Entry:
    """One line with the names that a page needs; of a child none."""

    id: int
    at: datetime
    verb: str
    noun: str
    subject_id: int
    detail: Mapping[str, Any]
    person: str
    """"" for the service itself."""
    office: str
    case_no: str
    title: str
    """Of the paper that the line is about, else ""."""
    doc_no: str


def listed(db: Db, actor: Actor, asked: Asked, limit: int, offset: int = 0) -> tuple[Entry, ...]:
    """Lines in the actor's charge, newest first."""
    rows = db.execute(_query(actor, asked).order_by(audit.c.id.desc()).limit(limit).offset(offset))
    return tuple(Entry(row.id, row.at, row.verb, row.noun, row.subject_id, row.detail, row.person or "",
                       row.office or "", row.case_no or "", row.title or "", row.doc_no or "") for row in rows)


def names(db: Db, lines: Sequence[Line]) -> Mapping[int | None, str]:
    """Names of the officials who did these acts, by account."""
    ids = {line.account_id for line in lines if line.account_id is not None}
    rows = db.execute(select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def counted(db: Db, actor: Actor, asked: Asked) -> int:
    """How many lines there are of what is asked."""
    return int(db.execute(select(func.count()).select_from(_query(actor, asked).subquery())).scalar_one())


def _query(actor: Actor, asked: Asked) -> Select[Any]:
    return (select(audit.c.id, audit.c.at, audit.c.verb, audit.c.noun, audit.c.subject_id, audit.c.detail,
                   accounts.c.name.label("person"), offices.c.name.label("office"), cases.c.case_no, papers.c.title,
                   papers.c.doc_no)
            .outerjoin(accounts, accounts.c.id == audit.c.account_id)
            .outerjoin(offices, offices.c.id == accounts.c.office_id)
            .outerjoin(cases, cases.c.id == audit.c.case_id)
            .outerjoin(papers, and_(papers.c.id == audit.c.subject_id, audit.c.noun == "paper"))
            .where(_mine(actor), *_wanted(asked)))


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Acts of officials in charge and acts in cases in charge; the city sees the service's own as well."""
    if actor.level is Level.CITY:
        return true()
    return in_charge(actor, offices.c.path, cases.c.school_path, cases.c.township_path)


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if asked.since:
        clauses.append(audit.c.at >= asked.since)
    if asked.until:
        clauses.append(audit.c.at < asked.until)
    if asked.person:
        clauses.append(or_(accounts.c.name == asked.person, accounts.c.login == asked.person))
    if asked.verb:
        clauses.append(audit.c.verb == asked.verb)
    if asked.case_no:
        clauses.append(cases.c.case_no == asked.case_no)
    return clauses
