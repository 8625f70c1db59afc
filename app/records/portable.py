"""The whole register as one SQLite file, whatever database it lives in: what a backup holds and a restore reads.

One consistent look: SQLite copies its pages under one read lock, PostgreSQL's rows come from one read-only snapshot.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from app.errors import Refused
from app.records import schema
from app.records.database import Register
from app.records.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from app.records.database import Db

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Rows:
    """How many rows a table has, and the SHA-256 over them in the order of their keys."""

    count: int
    sha256: str


def at(path: Path) -> Register:
    """The register in an SQLite file."""
    return Register(f"sqlite:///{path}")


@contextmanager
def looking(path: Path) -> Iterator[Register]:
    """The register in an SQLite file whose bytes must stay as they are: a look is had at a copy that goes again."""
    with tempfile.TemporaryDirectory(prefix=".look-", dir=path.parent) as folder:
        copy = at(Path(shutil.copyfile(path, Path(folder) / path.name)))  # writes: a passing copy to look at
        try:
            yield copy
        finally:
            copy.close()


def snapshot(register: Register, path: Path) -> None:
    """Write the register as it is at one moment into a new SQLite file, while others go on writing."""
    if register.sqlite:
        with closing(sqlite3.connect(register.url.removeprefix("sqlite:///"))) as old, \
                closing(sqlite3.connect(path)) as new:
            old.backup(new)  # all pages in one step, so under one read lock
            _plain(new)
        return
    copy = at(path)
    try:
        schema.upgrade(copy, None)
        with register.reading() as source, copy.transaction() as target:
            _copy(source, target)
    finally:
        copy.close()
    with closing(sqlite3.connect(path)) as new:
        _plain(new)


def load(path: Path, register: Register) -> None:
    """Fill an empty register from an SQLite file. Raises Refused when anything is in it already."""
    schema.upgrade(register, None)
    with looking(path) as copy, copy.reading() as source, register.transaction() as target:
        if any(target.execute(select(table).limit(1)).first() for table in metadata.sorted_tables):
            raise Refused("要恢复到的数据库不是空的，没有改动它。", advice="请建一个空库再恢复。")
        _copy(source, target)
        if not register.sqlite:
            _go_on_counting(target)


def _plain(connection: sqlite3.Connection) -> None:
    """One file and no log beside it, the same whether it lay in memory or on a disk."""
    connection.execute("PRAGMA journal_mode=DELETE")


def _copy(source: Db, target: Db) -> None:
    for table in metadata.sorted_tables:
        for rows in _in_order(source, table):
            target.execute(insert(table), rows)


def _in_order(db: Db, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = db.execute(select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_ONCE))
    for part in found.mappings().partitions(ROWS_AT_ONCE):
        yield [dict(row) for row in part]


def _go_on_counting(db: Db) -> None:
    """PostgreSQL counts keys beside the table: let it go on after the last one that was copied."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            name = db.execute(text("SELECT pg_get_serial_sequence(:table, :column)"),
                              {"table": table.name, "column": column.name}).scalar_one()
            last = db.execute(select(column).order_by(column.desc()).limit(1)).scalar_one_or_none() if name else None
            if last is not None:
                db.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})


def rows(register: Register) -> dict[str, Rows]:
    """Count and digest of each table, the same in both databases."""
    found = {}
    with register.reading() as db:
        for table in metadata.sorted_tables:
            digest, count = hashlib.sha256(), 0
            for part in _in_order(db, table):
                for row in part:
                    digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode(
                        "utf-8", "surrogatepass") + b"\n")
                count += len(part)
            found[table.name] = Rows(count, digest.hexdigest())
    return found


def faults(path: Path) -> tuple[str, ...]:
    """What SQLite itself finds wrong with the file; empty when it is sound."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        said += [f"{row[0]} {row[1]}" for row in connection.execute("PRAGMA foreign_key_check")]
    return tuple(said)
