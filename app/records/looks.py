"""The look log: the first look of a person at a child on a day is one row (儿童个人信息网络保护规定第十五条)."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, Table, UniqueConstraint

from app.records.database import Instant, metadata

looks = Table(
    "looks", metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("student_id", Integer, nullable=False, index=True),  # no key: the row outlives an import that was undone
    Column("day", Date, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("account_id", "student_id", "day"),
)
