"""Changes of many rows at once (import, 学年升级): what each row was before, so that the whole can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, delete, insert, select, update

from app.errors import NotVisible
from app.records.accounts import accounts
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

    from app.law.offices import Actor

batches = Table(
    "batches", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("done_at", Instant, nullable=True),
    Column("undone_at", Instant, nullable=True),
    Column("undone_by", ForeignKey("accounts.id"), nullable=True),
    Column("source_sha", String(64), nullable=False, server_default=""),
    Column("source_name", String(255), nullable=False, server_default=""),
    Column("summary", JSON, nullable=False),
)
batch_items = Table(
    "batch_items", metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("noun", String(12), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("before", JSON, nullable=True),
    Column("after", String(64), nullable=False, server_default=""),
)

IMPORT, ROLL_OVER, EXPORT = "import", "roll_over", "export"


@dataclass(frozen=True)
class Batch:
    """Many rows changed at once. `made_at`: uploaded; `done_at`: confirmed and written; `undone_at`: taken back."""

    id: int
    public_id: str
    kind: str
    office_id: int
    account_id: int
    made_at: datetime
    done_at: datetime | None
    undone_at: datetime | None
    undone_by: int | None
    source_sha: str
    source_name: str
    summary: dict[str, Any]
    person: str


@dataclass(frozen=True)
class Item:
    """One row of a batch: `before` is None for one that was added, `after` tells whether it was changed since."""

    subject_id: int
    before: dict[str, Any] | None
    after: str


def _query(actor: Actor) -> Select[Any]:
    return (select(batches, accounts.c.name.label("person"))
            .join(offices, offices.c.id == batches.c.office_id).join(accounts, accounts.c.id == batches.c.account_id)
            .where(in_charge(actor, offices.c.path)))


def _batch(row: Row[Any]) -> Batch:
    return Batch(**row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def load_batch(db: Db, actor: Actor, public_id: str, kind: str = "") -> Batch:
    """Raises NotVisible for a stranger's batch as for none, and for one of another kind."""
    row = db.execute(_query(actor).where(batches.c.public_id == public_id)).one_or_none()
    if row is None or (kind and row.kind != kind):
        raise NotVisible
    return _batch(row)


def list_batches(db: Db, actor: Actor, kind: str, most: int = 20) -> tuple[Batch, ...]:
    """What was done of this kind, the last first; uploads that nobody confirmed are left out."""
    rows = db.execute(_query(actor).where(batches.c.kind == kind, batches.c.done_at.is_not(None))
                      .order_by(batches.c.id.desc()).limit(most))
    return tuple(_batch(row) for row in rows)


def add(db: Db, **values: Any) -> tuple[int, str]:
    """Enter a batch (columns of `batches` without id and public_id); answers its key and public identifier."""
    public_id = new_public_id()
    return db.insert(insert(batches).values(public_id=public_id, **values)), public_id


def change(db: Db, batch_id: int, **values: Any) -> None:
    """Set the outcome of a batch that the caller has loaded in its own charge."""
    db.execute(update(batches).where(batches.c.id == batch_id).values(**values))


def add_items(db: Db, batch_id: int, items: Sequence[Item]) -> None:
    if items:
        db.execute(insert(batch_items), [{"batch_id": batch_id, "noun": "student", **vars(each)} for each in items])


def items_of(db: Db, batch_id: int) -> tuple[Item, ...]:
    """The rows of a batch that the caller has loaded in its own charge."""
    rows = db.execute(select(batch_items).where(batch_items.c.batch_id == batch_id).order_by(batch_items.c.id))
    return tuple(Item(row.subject_id, row.before, row.after) for row in rows)


def prune(db: Db, before: datetime) -> int:
    """Throw away what was looked at and never confirmed; its file is laid aside by the sweep. Answers how many."""
    return db.execute(delete(batches).where(batches.c.done_at.is_(None), batches.c.made_at < before)).rowcount
