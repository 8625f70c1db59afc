"""The chain of what was done: each line carries the hash of the one before, so that none can be bent or taken out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, Integer, String, Table, insert, select

from app.records.database import Db, Instant, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from app.law.offices import Actor

FIRST = "0" * 64

audit = Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("account_id", Integer, nullable=True),
    Column("verb", String(40), nullable=False),
    Column("noun", String(20), nullable=False),
    Column("subject_id", Integer, nullable=False, index=True),
    Column("case_id", Integer, nullable=True, index=True),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
)


@dataclass(frozen=True)
class Line:
    """One act: who did what to which row, when. `detail` holds ids, states and dates, never a person's data."""

    id: int
    at: datetime
    account_id: int | None
    verb: str
    noun: str
    subject_id: int
    case_id: int | None
    detail: Mapping[str, Any]
    previous: str
    digest: str


def digest_of(line: Mapping[str, Any]) -> str:
    """SHA-256 over the line's canonical JSON, `previous` included, `digest` left out."""
    content = {key: (value.isoformat() if key == "at" else value) for key, value in line.items() if key != "digest"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True,
                                     separators=(",", ":")).encode()).hexdigest()


def append(db: Db, actor: Actor | None, verb: str, noun: str, subject_id: int, now: datetime, *,
           case_id: int | None = None, **detail: Any) -> str:
    """Add a line; last act of a transaction. Answers the chain's new head."""
    last = db.execute(select(audit.c.id, audit.c.digest).order_by(audit.c.id.desc()).limit(1)).one_or_none()
    line: dict[str, Any] = {
        "id": 1 if last is None else last.id + 1, "at": now, "account_id": actor.account_id if actor else None,
        "verb": verb, "noun": noun, "subject_id": subject_id, "case_id": case_id, "detail": detail,
        "previous": FIRST if last is None else last.digest,
    }
    line["digest"] = digest_of(line)
    db.execute(insert(audit).values(**line))
    return str(line["digest"])


def head(db: Db) -> str:
    """Digest of the last line; it goes into the manifest of every packet."""
    found = db.execute(select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)).scalar_one_or_none()
    return FIRST if found is None else str(found)


def verbs(db: Db) -> frozenset[str]:
    """All that was ever done in this register."""
    return frozenset(db.execute(select(audit.c.verb).distinct()).scalars())


def has(db: Db, digest: str) -> bool:
    """Whether a head that was kept elsewhere (in a packet, on paper) still is in the chain: a cut end is found so."""
    return digest == FIRST or db.execute(select(audit.c.id).where(audit.c.digest == digest)).first() is not None


def of_case(db: Db, case_id: int) -> tuple[Line, ...]:
    """The timeline of a case that the caller has loaded in its own charge."""
    rows = db.execute(select(audit).where(audit.c.case_id == case_id).order_by(audit.c.id))
    return tuple(Line(**row._mapping) for row in rows)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def starts(db: Db, office_id: int) -> tuple[Mapping[str, Any], ...]:
    """What was said whenever a number series of the office was started: series, year, first, skipped_from."""
    found = select(audit.c.detail).where(audit.c.verb == "start_series", audit.c.subject_id == office_id)
    return tuple(db.execute(found.order_by(audit.c.id)).scalars())


def first_bad(db: Db) -> int | None:
    """Id of the first line that does not fit the chain, or None when it is whole."""
    return first_bad_of(everything(db))


def everything(db: Db) -> Iterator[dict[str, Any]]:
    """The whole chain in its order, each line with the columns of `audit`; never all of it in memory."""
    for row in db.execute(select(audit).order_by(audit.c.id).execution_options(yield_per=1000)):
        yield dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)


def exported(line: Mapping[str, Any]) -> str:
    """One line as JSON, as `scripts/verify_audit.py` reads it outside the service."""
    return json.dumps({**line, "at": line["at"].isoformat()}, ensure_ascii=False, sort_keys=True)


def first_bad_of(lines: Iterable[Mapping[str, Any]], previous: str = FIRST, expected: int = 1) -> int | None:
    """Place of the first line that does not follow the one before; `previous`, `expected`: what the first must bear."""
    for line in lines:
        if line["id"] != expected or line["previous"] != previous or digest_of(line) != line["digest"]:
            return expected
        previous, expected = line["digest"], expected + 1
    return None
