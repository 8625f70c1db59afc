"""Sign-in sessions as rows: the cookie holds a random token, the row only its hash; ended rows are dead at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, insert, select, update

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from datetime import datetime

sessions = Table(
    "sessions", metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
    Column("proved", Boolean, nullable=False, server_default="1"),
)


@dataclass(frozen=True)
class Session:
    """A live or dead session."""

    id: int
    account_id: int
    expires_at: datetime
    ended_at: datetime | None


def token_hash(token: str) -> str:
    """SHA-256 of the token in hexadecimal: a copy of the register opens no door."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def add(db: Db, token: str, account_id: int, now: datetime, expires_at: datetime) -> None:
    db.execute(insert(sessions).values(token_hash=token_hash(token), account_id=account_id, created_at=now,
                                       expires_at=expires_at))


def find(db: Db, token: str) -> Session | None:
    row = db.execute(select(sessions.c.id, sessions.c.account_id, sessions.c.expires_at, sessions.c.ended_at)
                     .where(sessions.c.token_hash == token_hash(token))).one_or_none()
    return None if row is None else Session(row.id, row.account_id, row.expires_at, row.ended_at)


def end(db: Db, token: str, now: datetime) -> None:
    db.execute(update(sessions).where(sessions.c.token_hash == token_hash(token), sessions.c.ended_at.is_(None))
               .values(ended_at=now))


def end_all(db: Db, account_id: int, now: datetime) -> None:
    """Sign a person out everywhere (disabled account, changed password)."""
    db.execute(update(sessions).where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None))
               .values(ended_at=now))
