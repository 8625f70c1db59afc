"""Villages of a township and classes of a school: names that forms offer and imports check against."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint

from app.records.database import metadata

villages = Table(
    "villages", metadata,
    Column("id", Integer, primary_key=True),
    Column("township_id", ForeignKey("offices.id"), nullable=False),
    Column("name", String(40), nullable=False),
    UniqueConstraint("township_id", "name"),
)
classes = Table(
    "classes", metadata,
    Column("id", Integer, primary_key=True),
    Column("school_id", ForeignKey("offices.id"), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("name", String(30), nullable=False),
    UniqueConstraint("school_id", "grade", "name"),
)
