"""What a form has already brought about: a form sent twice (double click, back button) gets the first answer again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, delete, select, update

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from datetime import datetime

once = Table(
    "once", metadata,
    Column("key", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("answer", String(200), nullable=False),
    Column("at", Instant, nullable=False, index=True),
)


def claim(db: Db, key: str, account_id: int, now: datetime) -> bool:
    """Take the key in this transaction; answers whether it was still free.

    Whoever comes second waits until the first has committed or given up, on both databases: SQLite has one writer,
    PostgreSQL waits at the unique index. The row itself is asked for: SQLAlchemy keeps no count of inserted rows.
    """
    taken = db.execute(db.insert_into(once).values(key=key, account_id=account_id, answer="", at=now)
                       .on_conflict_do_nothing(index_elements=[once.c.key]).returning(once.c.key)).one_or_none()
    return taken is not None


def settle(db: Db, key: str, answer: str) -> None:
    """Write down where the act led, in the act's own transaction."""
    db.execute(update(once).where(once.c.key == key).values(answer=answer))


def give_back(db: Db, key: str) -> None:
    """The form led nowhere: it may be sent again."""
    db.execute(delete(once).where(once.c.key == key))


def answer_of(db: Db, key: str, account_id: int) -> str | None:
    """Where the form of this person led the first time; None when it was not done yet."""
    return db.execute(select(once.c.answer).where(once.c.key == key, once.c.account_id == account_id)
                      ).scalar_one_or_none()


def prune(db: Db, before: datetime) -> int:
    """Forget forms older than any page that could still be open; answers how many."""
    return db.execute(delete(once).where(once.c.at < before)).rowcount
