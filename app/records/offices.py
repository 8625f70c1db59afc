"""The tree of offices: 固原市 → 县（区） → 乡镇（街道） → 学校."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Integer, String, Table, insert, select, update

from app.errors import NotVisible
from app.law.offices import Actor, Level, Office
from app.records.database import Db, metadata
from app.records.scope import in_charge

if TYPE_CHECKING:

    from sqlalchemy import ColumnElement, Row

offices = Table(
    "offices", metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(24), nullable=False, unique=True),
    Column("path", String(200), nullable=False, unique=True),
    Column("level", String(12), nullable=False),
    Column("name", String(100), nullable=False),
    Column("full_name", String(120), nullable=False),
    Column("area_name", String(60), nullable=False),
    Column("organ_code", String(20), nullable=False, server_default=""),
    Column("contact", String(60), nullable=False, server_default=""),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("is_street", Boolean, nullable=False, server_default="0"),
    Column("closed", Boolean, nullable=False, server_default="0"),
    Column("typed_numbers", Boolean, nullable=False, server_default="0"),
)


def _office(row: Row[Any]) -> Office:
    return Office(id=row.id, code=row.code, path=row.path, level=Level(row.level), name=row.name,
                  full_name=row.full_name, organ_code=row.organ_code, contact=row.contact, phone=row.phone,
                  is_street=row.is_street, area_name=row.area_name, closed=row.closed,
                  typed_numbers=row.typed_numbers)


def add(db: Db, office: Office) -> int:
    """Enter an office (its id is ignored) and answer its id."""
    return db.insert(insert(offices).values(
        code=office.code, path=office.path, level=office.level.value, name=office.name, full_name=office.full_name,
        area_name=office.area_name, organ_code=office.organ_code, contact=office.contact, phone=office.phone,
        is_street=office.is_street))


def _one(db: Db, clause: ColumnElement[bool], what: str) -> Office:
    row = db.execute(select(offices).where(clause)).one_or_none()
    if row is None:
        raise NotVisible(f"没有这个单位：{what}。", advice="请核对单位代码。")
    return _office(row)


def load(db: Db, office_id: int) -> Office:
    return _one(db, offices.c.id == office_id, str(office_id))


def load_all(db: Db) -> dict[str, Office]:
    """Every office by its code (a city has some hundreds)."""
    return {row.code: _office(row) for row in db.execute(select(offices))}


def load_code(db: Db, code: str) -> Office:
    return _one(db, offices.c.code == code, code)


def find_code(db: Db, code: str) -> Office | None:
    row = db.execute(select(offices).where(offices.c.code == code)).one_or_none()
    return None if row is None else _office(row)


def with_organ_code(db: Db, organ_code: str) -> tuple[Office, ...]:
    """Every office of this 机关代字, closed ones as well."""
    return tuple(map(_office, db.execute(select(offices).where(offices.c.organ_code == organ_code))))


def above(db: Db, path: str, level: Level) -> Office:
    """The office of `level` on the way from `path` up to the city."""
    codes = [code for code in path.split("/") if code]
    return _one(db, offices.c.code.in_(codes) & (offices.c.level == level.value), f"{path} 的{level.label}")


def below(db: Db, actor: Actor, level: Level) -> tuple[Office, ...]:
    """Open offices of `level` in the actor's charge, in the order of their codes."""
    rows = db.execute(select(offices).where(in_charge(actor, offices.c.path), offices.c.level == level.value,
                                            offices.c.closed.is_(False)).order_by(offices.c.code))
    return tuple(_office(row) for row in rows)


def load_in_charge(db: Db, actor: Actor | None, code: str) -> Office:
    """An office at or under the actor's own; None asks for whoever runs the machine, who is in charge of all.

    Raises NotVisible, for another's office as for none.
    """
    found = find_code(db, code)
    if found is None or not (actor is None or found.path.startswith(actor.path)):
        raise NotVisible(f"没有这个单位：{code}。", advice="请核对单位代码；它也可能不归您的单位管。")
    return found


def children(db: Db, office: Office) -> tuple[Office, ...]:
    """Offices one step below, closed ones last, in the order of their codes."""
    deeper = select(offices).where(offices.c.path.startswith(office.path, autoescape=True),
                                   offices.c.path != office.path)
    rows = db.execute(deeper.order_by(offices.c.closed, offices.c.code))
    return tuple(each for each in map(_office, rows) if each.path == f"{office.path}{each.code}/")


def under(db: Db, path: str) -> tuple[Office, ...]:
    """Every office at or under `path`, a parent before its children."""
    rows = db.execute(select(offices).where(offices.c.path.startswith(path, autoescape=True)).order_by(offices.c.path))
    return tuple(_office(row) for row in rows)


def townships_of_county(db: Db, county_path: str) -> tuple[Office, ...]:
    """Townships and streets of one county: a pupil of any school there may live in any of them."""
    rows = db.execute(select(offices).where(offices.c.path.startswith(county_path, autoescape=True),
                                            offices.c.level == Level.TOWNSHIP.value).order_by(offices.c.code))
    return tuple(_office(row) for row in rows)


def change(db: Db, office_id: int, **values: Any) -> None:
    """Set settings of an office: organ_code, contact, phone, name, full_name, area_name, closed."""
    db.execute(update(offices).where(offices.c.id == office_id).values(**values))


def count(db: Db) -> int:
    return len(db.execute(select(offices.c.id)).all())
