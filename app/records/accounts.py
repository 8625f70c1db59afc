"""Accounts of people and their roles (ASVS 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, insert, select, update

from app.errors import NotVisible
from app.law.offices import Actor, Level, Role
from app.records.database import Db, Instant, metadata
from app.records.offices import offices
from app.records.scope import in_charge

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
    """One account with its office's name, path and level."""

    id: int
    login: str
    name: str
    office_id: int
    password_hash: str
    roles: frozenset[Role]
    cert_no: str
    enabled: bool
    must_change: bool
    """The password was given by somebody else: nothing opens before it is changed."""
    totp_secret: str
    """Secret of the authenticator, sealed; "" for none."""
    totp_step: int
    """Time step of the last code that was used: none works twice."""
    path: str
    level: Level
    office_name: str
    office_closed: bool

    @property
    def may_enter(self) -> bool:
        return self.enabled and not self.office_closed

    @property
    def actor(self) -> Actor:
        return Actor(account_id=self.id, name=self.name, office_id=self.office_id, path=self.path, level=self.level,
                     roles=self.roles, cert_no=self.cert_no)


def _query() -> Select[Any]:
    return select(accounts, offices.c.path, offices.c.level, offices.c.name.label("office_name"),
                  offices.c.closed).join(offices, offices.c.id == accounts.c.office_id)


def _account(row: Row[Any]) -> Account:
    return Account(id=row.id, login=row.login, name=row.name, office_id=row.office_id,
                   password_hash=row.password_hash, roles=frozenset(Role(role) for role in row.roles),
                   cert_no=row.cert_no, enabled=row.enabled, must_change=row.must_change,
                   totp_secret=row.totp_secret, totp_step=row.totp_step, path=row.path, level=Level(row.level),
                   office_name=row.office_name, office_closed=row.closed)


def find_login(db: Db, login: str) -> Account | None:
    row = db.execute(_query().where(accounts.c.login == login)).one_or_none()
    return None if row is None else _account(row)


def find(db: Db, account_id: int) -> Account | None:
    row = db.execute(_query().where(accounts.c.id == account_id)).one_or_none()
    return None if row is None else _account(row)


def load_in_charge(db: Db, actor: Actor | None, account_id: int) -> Account:
    """An account of an office at or under the actor's own; None asks for whoever runs the machine.

    Raises NotVisible, for another office's account as for none.
    """
    found = find(db, account_id)
    if found is None or not (actor is None or found.path.startswith(actor.path)):
        raise NotVisible
    return found


def list_accounts(db: Db, actor: Actor) -> tuple[Account, ...]:
    """Accounts of the offices in the actor's charge, office by office."""
    rows = db.execute(_query().where(in_charge(actor, offices.c.path)).order_by(offices.c.path, accounts.c.login))
    return tuple(_account(row) for row in rows)


def of_office(db: Db, office_id: int) -> tuple[Account, ...]:
    """Accounts of one office, in the order of their names to sign in."""
    rows = db.execute(_query().where(accounts.c.office_id == office_id).order_by(accounts.c.login))
    return tuple(_account(row) for row in rows)


def logins(db: Db) -> frozenset[str]:
    """Every name that is taken."""
    return frozenset(db.execute(select(accounts.c.login)).scalars())


def enabled_with(db: Db, role: Role, level: Level) -> frozenset[int]:
    """Ids of the enabled accounts that hold a role at offices of this level."""
    rows = db.execute(_query().where(accounts.c.enabled.is_(True), offices.c.level == level.value,
                                     offices.c.closed.is_(False)))
    return frozenset(row.id for row in rows if role.value in row.roles)


def name_of(db: Db, account_id: int | None) -> str:
    """The person's name, or "" for nobody (the service itself)."""
    found = find(db, account_id) if account_id is not None else None
    return found.name if found else ""


def add(db: Db, roles: frozenset[Role], now: datetime, **given: Any) -> int:
    """A new account with login, name, office_id, password_hash, cert_no and must_change; answers its id."""
    return db.insert(insert(accounts).values(roles=sorted(role.value for role in roles), enabled=True, created_at=now,
                                             **given))


def change(db: Db, account_id: int, **values: Any) -> None:
    """Set name, roles (as texts), cert_no, enabled, password_hash, must_change, totp_secret or totp_step."""
    db.execute(update(accounts).where(accounts.c.id == account_id).values(**values))


def use_step(db: Db, account_id: int, step: int) -> bool:
    """Note the time step of a code as used; False when this step or a later one was used before (at once, even)."""
    done = db.execute(update(accounts).where(accounts.c.id == account_id, accounts.c.totp_step < step)
                      .values(totp_step=step))
    return bool(done.rowcount)


def count(db: Db) -> int:
    return len(db.execute(select(accounts.c.id)).all())
