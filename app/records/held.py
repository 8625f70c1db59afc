"""Forms that came when their session had ended: sealed, and readable only by the same person in the same browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, delete, func, insert, select

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

held_forms = Table(
    "held_forms", metadata,
    Column("id", Integer, primary_key=True),
    Column("browser", String(64), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)


@dataclass(frozen=True)
class Held:
    """One held form: `sealed` opens only with the browser's cookie, which the register does not hold."""

    id: int
    sealed: bytes
    at: datetime


def add(db: Db, browser: str, account_id: int, sealed: bytes, now: datetime) -> None:
    """Keep a form for this browser (hash of its cookie) and the person whose page it was."""
    db.execute(insert(held_forms).values(browser=browser, account_id=account_id, sealed=sealed, at=now))


def count(db: Db, account_id: int) -> int:
    return int(db.execute(select(func.count()).where(held_forms.c.account_id == account_id)).scalar_one())


def of_browser(db: Db, browser: str, account_id: int) -> tuple[Held, ...]:
    """What this browser holds for this person, oldest first."""
    rows = db.execute(select(held_forms.c.id, held_forms.c.sealed, held_forms.c.at)
                      .where(_whose(browser, account_id)).order_by(held_forms.c.id))
    return tuple(Held(row.id, row.sealed, row.at) for row in rows)


def drop(db: Db, browser: str, account_id: int, held_id: int) -> None:
    """Done with, or thrown away by its owner."""
    db.execute(delete(held_forms).where(_whose(browser, account_id), held_forms.c.id == held_id))


def prune(db: Db, before: datetime) -> int:
    """Throw away what its owner did not come back for; answers how many."""
    return db.execute(delete(held_forms).where(held_forms.c.at < before)).rowcount


def _whose(browser: str, account_id: int) -> Any | ColumnElement[bool]:
    return (held_forms.c.browser == browser) & (held_forms.c.account_id == account_id)
