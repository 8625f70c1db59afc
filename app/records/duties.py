"""Counts of what waits for a person beside the cases: seals, uses of seals, acts that an auditor looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, true

from app.law.offices import Level
from app.law.seals import SealState, UseState
from app.records.accounts import accounts
from app.records.audit import audit
from app.records.cases import cases
from app.records.offices import offices
from app.records.papers import papers
from app.records.scope import in_charge
from app.records.seals import seal_uses, seals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from app.law.offices import Actor
    from app.records.database import Db

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
WATCHED = {"sign_in_failed": "登录失败", "reveal_identity": "显示完整证件号码", "void_paper": "作废文书",
           "withdraw_service": "撤销送达登记", "export_audit": "导出留痕"}
"""Acts of which an auditor is told how often they were done."""

RESETS = {"reset_password": "口令", "reset_second_factor": "手机验证码"}


@dataclass(frozen=True)
class Reset:
    """That somebody gave a person a new password, or took the telephone's code away."""

    what: str
    at: datetime
    own: bool
    name: str
    by: str
    """"" for whoever runs the machine."""


@dataclass(frozen=True)
class Signed:
    """A paper registered as signed by somebody: its public identifier, title and number, when and by whom."""

    paper: str
    title: str
    doc_no: str
    at: datetime
    by: str


def week(db: Db, actor: Actor, now: datetime) -> Mapping[str, int]:
    """How often each watched act was done in the last seven days, by or in the cases of those in charge."""
    mine: ColumnElement[bool] = true() if actor.level is Level.CITY else in_charge(
        actor, offices.c.path, cases.c.school_path, cases.c.township_path)
    rows = db.execute(select(audit.c.verb, func.count().label("n"))
                      .outerjoin(accounts, accounts.c.id == audit.c.account_id)
                      .outerjoin(offices, offices.c.id == accounts.c.office_id)
                      .outerjoin(cases, cases.c.id == audit.c.case_id)
                      .where(mine, audit.c.at >= now - WEEK, audit.c.verb.in_(WATCHED)).group_by(audit.c.verb))
    return {row.verb: int(row.n) for row in rows}


def resets(db: Db, actor: Actor, now: datetime, *, office: bool) -> tuple[Reset, ...]:
    """Resets of the last fortnight of the person's own account; with `office` of everybody's in the own office."""
    by = accounts.alias("by")
    whose = accounts.c.office_id == actor.office_id if office else accounts.c.id == actor.account_id
    rows = db.execute(select(audit.c.verb, audit.c.at, accounts.c.id, accounts.c.name, by.c.name.label("by"))
                      .join(accounts, accounts.c.id == audit.c.subject_id)
                      .outerjoin(by, by.c.id == audit.c.account_id)
                      .where(whose, audit.c.noun == "account", audit.c.verb.in_(RESETS), audit.c.at >= now - 2 * WEEK)
                      .order_by(audit.c.id.desc()))
    return tuple(Reset(RESETS[row.verb], row.at, row.id == actor.account_id, row.name, row.by or "") for row in rows)


def signed_for(db: Db, actor: Actor, now: datetime) -> tuple[Signed, ...]:
    """Papers that somebody registered as signed by this person on paper, in the last 30 days, the newest first."""
    by = accounts.alias("by")
    rows = db.execute(select(audit.c.at, papers.c.public_id, papers.c.title, papers.c.doc_no, by.c.name.label("by"))
                      .join(papers, papers.c.id == audit.c.subject_id)
                      .join(by, by.c.id == audit.c.account_id)
                      .where(papers.c.approver_id == actor.account_id, papers.c.office_id == actor.office_id,
                             audit.c.noun == "paper", audit.c.verb == "register_signed", audit.c.at >= now - MONTH)
                      .order_by(audit.c.id.desc()))
    return tuple(Signed(row.public_id, row.title, row.doc_no, row.at, row.by) for row in rows)


def seals_to_approve(db: Db, actor: Actor) -> int:
    """Seal pictures of the own office that another person laid before its leaders."""
    return _count(db, seals.c.office_id == actor.office_id, seals.c.state == SealState.WAITING.value,
                  seals.c.uploaded_by != actor.account_id)


def uses_to_approve(db: Db, actor: Actor) -> int:
    """Uses of the own office's seals that others asked for."""
    return _count(db, *_uses(actor, UseState.ASKED), seal_uses.c.asked_by != actor.account_id)


def uses_that_failed(db: Db, actor: Actor) -> int:
    """Uses of the own office's seals that were approved and could not be laid on the paper."""
    return _count(db, *_uses(actor, UseState.FAILED))


def _uses(actor: Actor, state: UseState) -> tuple[ColumnElement[bool], ...]:
    return (seal_uses.c.seal_id == seals.c.id, seals.c.office_id == actor.office_id, seal_uses.c.state == state.value)


def _count(db: Db, *clauses: Any) -> int:
    return int(db.execute(select(func.count()).where(*clauses)).scalar_one())
