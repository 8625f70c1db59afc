"""Service of papers on each party (送达), with the proof the law wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
)

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

services = Table(
    "services", metadata,
    Column("id", Integer, primary_key=True),
    Column("paper_id", ForeignKey("papers.id"), nullable=False),
    Column("guardian_id", Integer, nullable=False),
    Column("addressee", String(60), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("served_at", DateTime, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("deadline", Date, nullable=True),
    Column("details", JSON, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", ForeignKey("accounts.id"), nullable=False),
    UniqueConstraint("paper_id", "guardian_id"),
)


@dataclass(frozen=True)
class ServiceRow:
    """One paper served on one party. `served_at` is local time (Asia/Shanghai)."""

    id: int
    paper_id: int
    guardian_id: int
    addressee: str
    mode: str
    served_at: datetime
    effective_on: date
    deadline: date | None
    details: Mapping[str, Any]
    entered_at: datetime
    entered_by: int


def of_paper(db: Db, paper_id: int) -> tuple[ServiceRow, ...]:
    return of_papers(db, [paper_id])[paper_id]


def of_papers(db: Db, ids: Sequence[int]) -> dict[int, tuple[ServiceRow, ...]]:
    """The services of each paper that the caller has loaded in its own charge."""
    found: dict[int, list[ServiceRow]] = {paper_id: [] for paper_id in ids}
    for row in db.execute(select(services).where(services.c.paper_id.in_(ids)).order_by(services.c.id)):
        found[row.paper_id].append(ServiceRow(**row._mapping))  # noqa: SLF001  (SQLAlchemy's public name)
    return {paper_id: tuple(each) for paper_id, each in found.items()}


def add(db: Db, **values: Any) -> int:
    return db.insert(insert(services).values(**values))


def remove(db: Db, service_id: int) -> None:
    """Take an entry out; the audit chain keeps that it was there."""
    db.execute(delete(services).where(services.c.id == service_id))
