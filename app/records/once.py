"""What a form has already brought about: a form sent twice (double click, back button) gets the first answer again."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from app.records.database import Instant, metadata

once = Table(
    "once", metadata,
    Column("key", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("answer", String(200), nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
