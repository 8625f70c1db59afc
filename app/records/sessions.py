"""Sign-in sessions as rows: the cookie holds a random token, the row only its hash; ended rows are dead at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, func, insert, select, update

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
    """A live or dead session. Not `proved`: the password was right, the code of the telephone is still to come."""

    id: int
    account_id: int
    expires_at: datetime
    ended_at: datetime | None
    proved: bool


def token_hash(token: str) -> str:
    """SHA-256 of the token in hexadecimal: a copy of the register opens no door."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def add(db: Db, token: str, account_id: int, now: datetime, expires_at: datetime, *, proved: bool = True) -> None:
    db.execute(insert(sessions).values(token_hash=token_hash(token), account_id=account_id, created_at=now,
                                       expires_at=expires_at, proved=proved))


def find(db: Db, token: str) -> Session | None:
    row = db.execute(select(sessions).where(sessions.c.token_hash == token_hash(token))).one_or_none()
    return None if row is None else Session(row.id, row.account_id, row.expires_at, row.ended_at, row.proved)


def count_open(db: Db, account_id: int, now: datetime) -> int:
    """How many sessions of a person are open."""
    asked = select(func.count()).where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None),
                                       sessions.c.expires_at > now, sessions.c.proved.is_(True))
    return int(db.execute(asked).scalar_one())


def end(db: Db, token: str, now: datetime) -> None:
    db.execute(update(sessions).where(sessions.c.token_hash == token_hash(token), sessions.c.ended_at.is_(None))
               .values(ended_at=now))


def end_everybody(db: Db, now: datetime) -> int:
    """End every session; answers how many were open."""
    return db.execute(update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=now)).rowcount


def end_all(db: Db, account_id: int, now: datetime, *, but: int | None = None) -> int:
    """Sign a person out everywhere, save the session `but`; answers how many were open."""
    ended = db.execute(update(sessions).where(
        sessions.c.account_id == account_id, sessions.c.ended_at.is_(None),
        sessions.c.id != (0 if but is None else but)).values(ended_at=now))
    return int(ended.rowcount)
