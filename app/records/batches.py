"""Changes of many rows at once (import, 学年升级): what each row was before, so that the whole can be undone."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from app.records.database import Instant, metadata

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
