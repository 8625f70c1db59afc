"""What somebody typed into a draft that another had changed meanwhile: kept until it is settled, never lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, delete, insert, select, update

from app.errors import NotVisible
from app.records.accounts import accounts
from app.records.database import Db, Instant, metadata, new_public_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select

draft_keeps = Table(
    "draft_keeps", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("paper_id", ForeignKey("papers.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("base", JSON, nullable=False),
    Column("typed", JSON, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("number", Integer, nullable=False, server_default="1"),
    Column("settled_at", Instant, nullable=True),
)


@dataclass(frozen=True)
class Keep:
    """One kept sheet: whose, typed on top of which version, and the marks of the values that version had."""

    id: int
    public_id: str
    paper_id: int
    account_id: int
    who: str
    base_version: int
    base: Mapping[str, str]
    """Field name → mark of the value that the page was opened with (`papers.merge.marks`); empty when not known."""
    typed: Mapping[str, Any]
    kept_at: datetime
    number: int
    """How often its page has written into it; a request that comes late or twice is told by it."""
    settled_at: datetime | None


def _query() -> Select[Any]:
    return select(draft_keeps, accounts.c.name.label("who")).join(accounts, accounts.c.id == draft_keeps.c.account_id)


def add(db: Db, *, paper_id: int, account_id: int, base_version: int, base: Mapping[str, str],
        typed: Mapping[str, Any], now: datetime) -> str:
    """Keep a sheet, written once (number 1); answers its public identifier."""
    public_id = new_public_id()
    db.execute(insert(draft_keeps).values(public_id=public_id, paper_id=paper_id, account_id=account_id, number=1,
                                          base_version=base_version, base=dict(base), typed=dict(typed), kept_at=now))
    return public_id


def go_on(db: Db, keep: Keep, typed: Mapping[str, Any], now: datetime) -> bool:
    """Typing goes on in the page of this keep; answers False when it was settled or written elsewhere meanwhile."""
    return db.execute(update(draft_keeps).where(draft_keeps.c.id == keep.id, draft_keeps.c.number == keep.number,
                                                draft_keeps.c.settled_at.is_(None))
                      .values(typed=dict(typed), kept_at=now, number=keep.number + 1)).rowcount == 1


def settle(db: Db, keep: Keep, now: datetime) -> bool:
    """Used or dropped; answers False when it was settled already."""
    return db.execute(update(draft_keeps).where(draft_keeps.c.id == keep.id, draft_keeps.c.settled_at.is_(None))
                      .values(settled_at=now)).rowcount == 1


def prune(db: Db, before: datetime) -> int:
    """Forget keeps that were settled before; answers how many. What is not settled stays."""
    return db.execute(delete(draft_keeps).where(draft_keeps.c.settled_at < before)).rowcount


def of_paper(db: Db, paper_id: int) -> tuple[Keep, ...]:
    """The keeps of a paper that are not settled, oldest first."""
    rows = db.execute(_query().where(draft_keeps.c.paper_id == paper_id, draft_keeps.c.settled_at.is_(None))
                      .order_by(draft_keeps.c.id))
    return tuple(Keep(**row._mapping) for row in rows)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def load(db: Db, paper_id: int, public_id: str) -> Keep:
    """A keep of this paper, settled or not. Raises NotVisible for none."""
    row = db.execute(_query().where(draft_keeps.c.paper_id == paper_id, draft_keeps.c.public_id == public_id)
                     ).one_or_none()
    if row is None:
        raise NotVisible
    return Keep(**row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)
