"""How large the register is, and how its work stands, for whoever watches the service."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from app.records.failures import EVERYWHERE, sign_in_failures
from app.records.jobs import jobs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.records.database import Db, Register


@dataclass(frozen=True)
class Work:
    """Jobs by state, and since when the oldest that is not done waits."""

    by_state: Mapping[str, int]
    oldest: datetime | None


def work(db: Db) -> Work:
    """The job rows at this moment."""
    by_state = {row.state: int(row.n) for row in db.execute(
        select(jobs.c.state, func.count().label("n")).group_by(jobs.c.state))}
    oldest = db.execute(select(jobs.c.made_at).where(jobs.c.state.in_(("waiting", "running")))
                        .order_by(jobs.c.made_at).limit(1)).scalar_one_or_none()
    return Work(by_state, oldest)


def failed_sign_ins(db: Db, since: datetime) -> int:
    """Failures in a row that are still remembered, of all names from all addresses."""
    everywhere = hashlib.sha256(EVERYWHERE.encode()).hexdigest()
    return int(db.execute(select(func.coalesce(func.sum(sign_in_failures.c.failures), 0)).where(
        sign_in_failures.c.address_hash != everywhere, sign_in_failures.c.last_at >= since)).scalar_one())


def register_bytes(register: Register) -> int:
    """Size of the register with what is not yet written back (SQLite's WAL)."""
    if register.sqlite:
        path = Path(register.url.removeprefix("sqlite:///"))
        return sum(each.stat().st_size for each in (path, path.with_name(path.name + "-wal")) if each.exists())
    with register.reading() as db:
        return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
