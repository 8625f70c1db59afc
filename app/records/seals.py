"""Seal pictures of offices, each approved by a second person; and the 用印 log: who asked, who approved, where.

Both name an office and its papers, and no child: who asks gives the office, and it is always the asker's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, insert, select, update

from app.errors import NotVisible
from app.law.lives import PaperState, Production
from app.law.seals import SealState, UseState
from app.records.accounts import accounts
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.packets import packets
from app.records.papers import papers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select

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
_by, _decider, _keeper = accounts.alias("by"), accounts.alias("decider"), accounts.alias("keeper")
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Seal:
    """One picture of an office's seal."""

    id: int
    public_id: str
    office_id: int
    title: str
    sha: str
    width_tenths: int
    state: SealState
    uploaded_by: int
    uploaded_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    note: str
    uploader: str
    decider: str | None

    @property
    def millimetres(self) -> float:
        return self.width_tenths / 10


@dataclass(frozen=True)
class SealUse:
    """One line of the 用印 log, with the names that a page needs. `page` from 1."""

    id: int
    public_id: str
    seal_id: int
    paper_id: int | None
    packet_id: int | None
    state: UseState
    asked_by: int
    asked_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    applied_at: datetime | None
    note: str
    page: int | None
    x_tenths: int | None
    y_tenths: int | None
    before_sha: str
    after_sha: str
    seal_title: str
    paper_title: str | None
    paper_public_id: str | None
    doc_no: str | None
    packet_title: str | None
    keeper: str
    """Who laid the picture in and keeps it."""
    asker: str
    approver: str | None

    @property
    def title(self) -> str:
        """What the seal was laid on."""
        return self.paper_title or f"{self.packet_title or ''}（骑缝章）"


def _seal_query(office_id: int) -> Select[Any]:
    return (select(seals, _by.c.name.label("uploader"), _decider.c.name.label("decider"))
            .join(_by, _by.c.id == seals.c.uploaded_by).outerjoin(_decider, _decider.c.id == seals.c.decided_by)
            .where(seals.c.office_id == office_id))


def _seal(row: Row[Any]) -> Seal:
    return Seal(**dict(row._mapping) | {"state": SealState(row.state)})  # noqa: SLF001  (SQLAlchemy's public name)


def add(db: Db, **values: Any) -> tuple[int, str]:
    """A new picture that waits for its approval (office_id, title, sha, width_tenths, uploaded_by, uploaded_at)."""
    public_id = new_public_id()
    key = db.insert(insert(seals).values(public_id=public_id, state=SealState.WAITING.value, **values))
    return key, public_id


def of_office(db: Db, office_id: int) -> tuple[Seal, ...]:
    """Every picture of the office, the newest first."""
    return tuple(_seal(row) for row in db.execute(_seal_query(office_id).order_by(seals.c.id.desc())))


def load_seal(db: Db, office_id: int, public_id: str) -> Seal:
    """Raises NotVisible for another office's seal as for none."""
    row = db.execute(_seal_query(office_id).where(seals.c.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _seal(row)


def approved(db: Db, office_id: int) -> Seal | None:
    """The seal that the office uses now."""
    row = db.execute(_seal_query(office_id).where(seals.c.state == SealState.APPROVED.value)
                     .order_by(seals.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _seal(row)


def move_seal(db: Db, seal: Seal, to: SealState, **values: Any) -> bool:
    """Change the state if it is still what was seen; answers whether it was."""
    return db.execute(update(seals).where(seals.c.id == seal.id, seals.c.state == seal.state.value)
                      .values(state=to.value, **values)).rowcount == 1


def retire_others(db: Db, seal: Seal) -> None:
    """The approved seal replaces the one before it, which is kept."""
    db.execute(update(seals).where(seals.c.office_id == seal.office_id, seals.c.id != seal.id,
                                   seals.c.state == SealState.APPROVED.value).values(state=SealState.RETIRED.value))


def _use_query() -> Select[Any]:
    return (select(seal_uses, seals.c.title.label("seal_title"), papers.c.title.label("paper_title"),
                   papers.c.public_id.label("paper_public_id"), papers.c.doc_no,
                   packets.c.title.label("packet_title"), _keeper.c.name.label("keeper"), _by.c.name.label("asker"),
                   _decider.c.name.label("approver"))
            .join(seals, seals.c.id == seal_uses.c.seal_id).join(_keeper, _keeper.c.id == seals.c.uploaded_by)
            .join(_by, _by.c.id == seal_uses.c.asked_by)
            .outerjoin(papers, papers.c.id == seal_uses.c.paper_id)
            .outerjoin(packets, packets.c.id == seal_uses.c.packet_id)
            .outerjoin(_decider, _decider.c.id == seal_uses.c.approved_by))


def _use(row: Row[Any]) -> SealUse:
    return SealUse(**dict(row._mapping) | {"state": UseState(row.state)})  # noqa: SLF001  (SQLAlchemy's public name)


def add_use(db: Db, **values: Any) -> tuple[int, str]:
    """A line of the log (seal_id, paper_id or packet_id, state, asked_by, asked_at …)."""
    public_id = new_public_id()
    return db.insert(insert(seal_uses).values(public_id=public_id, **values)), public_id


def load_use(db: Db, office_id: int, public_id: str) -> SealUse:
    """Raises NotVisible for another office's as for none."""
    row = db.execute(_use_query().where(seals.c.office_id == office_id,
                                        seal_uses.c.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _use(row)


def load_use_for_job(db: Db, use_id: int) -> tuple[SealUse, Seal]:
    """For the worker: the use and its seal as they are now."""
    use = _use(db.execute(_use_query().where(seal_uses.c.id == use_id)).one())
    office_id = db.execute(select(seals.c.office_id).where(seals.c.id == use.seal_id)).scalar_one()
    return use, _seal(db.execute(_seal_query(office_id).where(seals.c.id == use.seal_id)).one())


def uses_of_office(db: Db, office_id: int, states: Sequence[UseState] = tuple(UseState), since: datetime | None = None,
                   until: datetime | None = None) -> tuple[SealUse, ...]:
    """The log of an office, the newest first; `since` and `until` (not included) bound when it was asked."""
    statement = _use_query().where(seals.c.office_id == office_id,
                                   seal_uses.c.state.in_([each.value for each in states]))
    if since is not None:
        statement = statement.where(seal_uses.c.asked_at >= since)
    if until is not None:
        statement = statement.where(seal_uses.c.asked_at < until)
    return tuple(_use(row) for row in db.execute(statement.order_by(seal_uses.c.id.desc())))


def uses_of_paper(db: Db, paper_id: int) -> tuple[SealUse, ...]:
    """Uses on a paper that the caller has loaded in its own charge, the newest first."""
    rows = db.execute(_use_query().where(seal_uses.c.paper_id == paper_id).order_by(seal_uses.c.id.desc()))
    return tuple(_use(row) for row in rows)


def move_use(db: Db, use: SealUse, to: UseState, **values: Any) -> bool:
    """Change the state if it is still what was seen; answers whether it was."""
    if "note" in values:
        values["note"] = str(values["note"])[:LONGEST_NOTE]
    return db.execute(update(seal_uses).where(seal_uses.c.id == use.id, seal_uses.c.state == use.state.value)
                      .values(state=to.value, **values)).rowcount == 1


def mark_sealed(db: Db, paper_id: int, *, before_sha: str, after_sha: str) -> bool:
    """Enter the sealed file if the paper stands, is what was sealed and bears no seal; answers whether it did."""
    return db.execute(update(papers).where(
        papers.c.id == paper_id, papers.c.state == PaperState.ISSUED.value, papers.c.pdf_sha == before_sha,
        papers.c.production == Production.READY.value, papers.c.sealed_sha.is_(None),
    ).values(sealed_sha=after_sha)).rowcount == 1
