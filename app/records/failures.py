"""Failed sign-ins, counted for a name from one address and for a name from everywhere (ASVS 6.3.1).

Names that no account bears are counted as well, so that nothing tells them apart. Rows hold hashes only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, String, Table, delete, insert, select, update

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from datetime import datetime

EVERYWHERE = "*"
"""In place of an address: the count of a name from all addresses."""
REMEMBERED = timedelta(days=1)

sign_in_failures = Table(
    "sign_in_failures", metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("address_hash", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant, nullable=True),
    Column("last_at", Instant, nullable=False, index=True),
)


@dataclass(frozen=True)
class Tally:
    """How often it failed in a row, and until when nobody is let in."""

    failures: int = 0
    locked_until: datetime | None = None


def tally(db: Db, login: str, address: str) -> Tally:
    """The count for a name from an address, or from EVERYWHERE."""
    table = sign_in_failures.c
    row = db.execute(select(table.failures, table.locked_until).where(
        table.name_hash == _hash(login), table.address_hash == _hash(address))).one_or_none()
    return Tally() if row is None else Tally(row.failures, row.locked_until)


def note(db: Db, login: str, address: str, counted: Tally, now: datetime) -> None:
    """Write a count; counts of which nothing was heard for a day are forgotten."""
    table = sign_in_failures.c
    db.execute(delete(sign_in_failures).where(table.last_at < now - REMEMBERED))
    values = {"failures": counted.failures, "locked_until": counted.locked_until, "last_at": now}
    key = {"name_hash": _hash(login), "address_hash": _hash(address)}
    known = db.execute(select(table.failures).where(
        table.name_hash == key["name_hash"], table.address_hash == key["address_hash"])).one_or_none()
    if known is None:
        db.execute(insert(sign_in_failures).values(**key, **values))
    else:
        db.execute(update(sign_in_failures).where(
            table.name_hash == key["name_hash"], table.address_hash == key["address_hash"]).values(**values))


def clear(db: Db, login: str, address: str | None = None) -> None:
    """Forget the counts of a name: from one address and from everywhere, or all of them."""
    table = sign_in_failures.c
    asked = delete(sign_in_failures).where(table.name_hash == _hash(login))
    if address is not None:
        asked = asked.where(table.address_hash.in_((_hash(address), _hash(EVERYWHERE))))
    db.execute(asked)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
