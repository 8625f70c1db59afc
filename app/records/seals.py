"""Seal pictures of offices, each approved by a second person; and the 用印 log: who asked, who approved, where."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from app.records.database import Instant, metadata

seals = Table(
    "seals", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("office_id", ForeignKey("offices.id"), nullable=False, index=True),
    Column("title", String(60), nullable=False),
    Column("sha", String(64), nullable=False),
    Column("width_tenths", Integer, nullable=False),  # tenths of a millimetre
    Column("state", String(12), nullable=False),
    Column("uploaded_by", ForeignKey("accounts.id"), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("decided_by", ForeignKey("accounts.id"), nullable=True),
    Column("decided_at", Instant, nullable=True),
    Column("note", String(300), nullable=False, server_default=""),
)
seal_uses = Table(
    "seal_uses", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("seal_id", ForeignKey("seals.id"), nullable=False),
    Column("paper_id", ForeignKey("papers.id"), nullable=True, index=True),
    Column("packet_id", ForeignKey("packets.id"), nullable=True),
    Column("state", String(12), nullable=False),
    Column("asked_by", ForeignKey("accounts.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("approved_by", ForeignKey("accounts.id"), nullable=True),
    Column("approved_at", Instant, nullable=True),
    Column("applied_at", Instant, nullable=True),
    Column("note", String(300), nullable=False, server_default=""),
    Column("page", Integer, nullable=True),
    Column("x_tenths", Integer, nullable=True),  # of the picture's lower left corner, tenths of a millimetre
    Column("y_tenths", Integer, nullable=True),
    Column("before_sha", String(64), nullable=False, server_default=""),
    Column("after_sha", String(64), nullable=False, server_default=""),
)
