"""Accounts of people and their roles (ASVS 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, insert, select, update

from app.law.offices import Actor, Level, Role
from app.records.database import Db, Instant, metadata
from app.records.offices import offices

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row, Select

accounts = Table(
    "accounts", metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("cert_no", String(40), nullable=False, server_default=""),
    Column("enabled", Boolean, nullable=False, server_default="1"),
    Column("created_at", Instant, nullable=False),
    Column("must_change", Boolean, nullable=False, server_default="0"),
    Column("totp_secret", String(200), nullable=False, server_default=""),
    Column("totp_step", Integer, nullable=False, server_default="0"),
)


@dataclass(frozen=True)
class Account:
    """One account with its office's path and level."""

    id: int
    login: str
    name: str
    office_id: int
    password_hash: str
    roles: frozenset[Role]
    cert_no: str
    enabled: bool
    path: str
    level: Level

    @property
    def actor(self) -> Actor:
        return Actor(account_id=self.id, name=self.name, office_id=self.office_id, path=self.path, level=self.level,
                     roles=self.roles, cert_no=self.cert_no)


def _query() -> Select[Any]:
    return select(accounts, offices.c.path, offices.c.level).join(offices, offices.c.id == accounts.c.office_id)


def _account(row: Row[Any]) -> Account:
    return Account(id=row.id, login=row.login, name=row.name, office_id=row.office_id,
                   password_hash=row.password_hash, roles=frozenset(Role(role) for role in row.roles),
                   cert_no=row.cert_no, enabled=row.enabled, path=row.path, level=Level(row.level))


def find_login(db: Db, login: str) -> Account | None:
    row = db.execute(_query().where(accounts.c.login == login)).one_or_none()
    return None if row is None else _account(row)


def find(db: Db, account_id: int) -> Account | None:
    row = db.execute(_query().where(accounts.c.id == account_id)).one_or_none()
    return None if row is None else _account(row)


def name_of(db: Db, account_id: int | None) -> str:
    """The person's name, or "" for nobody (the service itself)."""
    found = find(db, account_id) if account_id is not None else None
    return found.name if found else ""


def add(db: Db, *, login: str, name: str, office_id: int, password_hash: str, roles: frozenset[Role], cert_no: str,
        now: datetime) -> int:
    return db.insert(insert(accounts).values(
        login=login, name=name, office_id=office_id, password_hash=password_hash,
        roles=sorted(role.value for role in roles), cert_no=cert_no, enabled=True, created_at=now))


def change(db: Db, account_id: int, **values: Any) -> None:
    """Set password_hash, enabled or cert_no."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(**values))


def count(db: Db) -> int:
    return len(db.execute(select(accounts.c.id)).all())
