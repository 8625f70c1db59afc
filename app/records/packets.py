"""Bound files (卷宗): frozen contents, the signed PDF and its code for the public check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text, insert, select, update

from app.errors import NotVisible
from app.law.lives import Production
from app.records.cases import cases
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row, Select

    from app.law.offices import Actor

packets = Table(
    "packets", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
    Column("title", String(60), nullable=False),
    Column("contents", JSON, nullable=False),
    Column("made_by", ForeignKey("accounts.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("production", String(12), nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    Column("pdf_sha", String(64), nullable=True, index=True),
    Column("pages", Integer, nullable=True),
    Column("signed_at", Instant, nullable=True),
    Column("void_reason", String(300), nullable=False, server_default=""),
    Column("voided_by", ForeignKey("accounts.id"), nullable=True),
    Column("voided_at", Instant, nullable=True),
)


@dataclass(frozen=True)
class Packet:
    """One bound file."""

    id: int
    public_id: str
    code: str
    case_id: int
    office_id: int
    title: str
    contents: Mapping[str, Any]
    made_by: int
    made_at: datetime
    production: Production
    problem: str
    pdf_sha: str | None
    pages: int | None
    signed_at: datetime | None
    void_reason: str
    voided_by: int | None
    voided_at: datetime | None
    case_public_id: str
    case_no: str
    office: str


def _everything() -> Select[Any]:
    return (select(packets, cases.c.public_id.label("case_public_id"), cases.c.case_no,
                   offices.c.full_name.label("office"))
            .join(cases, cases.c.id == packets.c.case_id).join(offices, offices.c.id == packets.c.office_id))


def _packet(row: Row[Any]) -> Packet:
    return Packet(**dict(row._mapping) | {"production": Production(row.production)})  # noqa: SLF001  (SQLAlchemy's public name)


def add(db: Db, **values: Any) -> tuple[int, str]:
    public_id = new_public_id()
    key = db.insert(insert(packets).values(public_id=public_id, production=Production.WAITING.value, **values))
    return key, public_id


def load_packet(db: Db, actor: Actor, public_id: str) -> Packet:
    row = db.execute(_everything().where(in_charge(actor, cases.c.school_path, cases.c.township_path),
                                         packets.c.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _packet(row)


def of_case(db: Db, actor: Actor, case_id: int) -> tuple[Packet, ...]:
    rows = db.execute(_everything().where(in_charge(actor, cases.c.school_path, cases.c.township_path),
                                          packets.c.case_id == case_id).order_by(packets.c.id.desc()))
    return tuple(_packet(row) for row in rows)


def list_packets(db: Db, actor: Actor) -> tuple[Packet, ...]:
    rows = db.execute(_everything().where(in_charge(actor, cases.c.school_path, cases.c.township_path))
                      .order_by(packets.c.id.desc()))
    return tuple(_packet(row) for row in rows)


def load_for_job(db: Db, packet_id: int) -> Packet:
    return _packet(db.execute(_everything().where(packets.c.id == packet_id)).one())


def find_for_public(db: Db, *, code: str = "", pdf_sha: str = "") -> Packet | None:
    """For the public check: by the random code, or by the hash of the whole file. The page shows no name."""
    clause = packets.c.code == code if code else packets.c.pdf_sha == pdf_sha
    row = db.execute(_everything().where(clause, packets.c.production == Production.READY.value)).one_or_none()
    return None if row is None else _packet(row)


def is_replaced(db: Db, packet: Packet) -> bool:
    """Whether a later file of the same case is bound and signed."""
    return db.execute(select(packets.c.id).where(
        packets.c.case_id == packet.case_id, packets.c.id > packet.id,
        packets.c.production == Production.READY.value, packets.c.voided_at.is_(None)).limit(1)).first() is not None


def kept_heads(db: Db) -> Mapping[str, str]:
    """Heads of the audit chain that the bound files carry, by their codes: a cut end of the chain shows by them."""
    rows = db.execute(select(packets.c.code, packets.c.contents).order_by(packets.c.id))
    return {row.code: str(row.contents["audit_head"]) for row in rows}


def mark_ready(db: Db, packet_id: int, *, pdf_sha: str, pages: int, signed_at: datetime) -> bool:
    """Enter the signed file if none is there yet; answers whether it was first."""
    return db.execute(update(packets).where(packets.c.id == packet_id, packets.c.pdf_sha.is_(None))
                      .values(production=Production.READY.value, problem="", pdf_sha=pdf_sha, pages=pages,
                              signed_at=signed_at)).rowcount == 1


def void(db: Db, packet_id: int, *, reason: str, by: int, now: datetime) -> None:
    db.execute(update(packets).where(packets.c.id == packet_id, packets.c.voided_at.is_(None))
               .values(void_reason=reason, voided_by=by, voided_at=now))


def mark_waiting(db: Db, packet_id: int) -> None:
    """Its making is tried again: nobody is asked to look at the last try any more."""
    db.execute(update(packets).where(packets.c.id == packet_id, packets.c.pdf_sha.is_(None))
               .values(production=Production.WAITING.value, problem=""))


def mark_needs_person(db: Db, packet_id: int, problem: str) -> bool:
    """Say why there is no file, if it still is waited for; answers whether it was."""
    return db.execute(update(packets).where(packets.c.id == packet_id, packets.c.pdf_sha.is_(None),
                                            packets.c.production == Production.WAITING.value)
                      .values(production=Production.NEEDS_PERSON.value, problem=problem)).rowcount == 1
