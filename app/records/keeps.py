"""What somebody typed into a draft that another had changed meanwhile: kept until it is settled, never lost."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from app.records.database import Instant, metadata

draft_keeps = Table(
    "draft_keeps", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("paper_id", ForeignKey("papers.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("typed", JSON, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("settled_at", Instant, nullable=True),
)
