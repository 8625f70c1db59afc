"""Files in the store and what they are attached to; the row is written after the file is safe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, delete, insert, select

from app.errors import NotVisible
from app.law.lives import ScanRole
from app.records.database import Db, Instant, metadata, new_public_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

scans = Table(
    "scans", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("paper_id", ForeignKey("papers.id"), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("original_name", String(255), nullable=False),
    Column("original_sha", String(64), nullable=False),
    Column("pdf_sha", String(64), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", ForeignKey("accounts.id"), nullable=False),
    Column("matched", String(12), nullable=False, server_default=""),
    Column("note", String(300), nullable=False, server_default=""),
)


@dataclass(frozen=True)
class Scan:
    """A scan of a paper that came back, cleaned to an A4 PDF; the original is kept by its hash."""

    id: int
    public_id: str
    paper_id: int
    role: ScanRole
    original_name: str
    original_sha: str
    pdf_sha: str
    pages: int
    entered_at: datetime
    entered_by: int
    matched: str
    """How the scan was found to belong to the paper: `qr`, `hand`, or "" for scans that carry no code."""
    note: str


def _scan(row: Row[Any]) -> Scan:
    return Scan(**dict(row._mapping) | {"role": ScanRole(row.role)})  # noqa: SLF001  (SQLAlchemy's public name)


def add(db: Db, **values: Any) -> str:
    """Enter a scan (columns of `scans`); answers its public identifier."""
    public_id = new_public_id()
    db.execute(insert(scans).values(public_id=public_id, **values))
    return public_id


def of_paper(db: Db, paper_id: int) -> tuple[Scan, ...]:
    return tuple(_scan(row) for row in db.execute(
        select(scans).where(scans.c.paper_id == paper_id).order_by(scans.c.id)))


def drop(db: Db, paper_id: int, role: ScanRole) -> None:
    """Take out the scans of an entry that was sent back and comes with another; the files stay in the store."""
    db.execute(delete(scans).where(scans.c.paper_id == paper_id, scans.c.role == role.value))


def load_scan(db: Db, paper_id: int, public_id: str) -> Scan:
    """A scan of a paper that the caller has loaded in its own charge."""
    row = db.execute(select(scans).where(scans.c.public_id == public_id,
                                         scans.c.paper_id == paper_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _scan(row)
