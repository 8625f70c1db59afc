"""Every column that names a file of the store, so that sweeps and backups know all files and forget none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.law.lives import Production
from app.records.packets import packets
from app.records.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Column, Table

    from app.records.database import Db

NOT_FILES = {("seal_uses", "before_sha"), ("sessions", "token_hash")}
"""Digests that name no file that must be kept: what a seal was laid on is named by the paper itself."""
NO_NEED = {("batches", "source_sha")}
"""Files that were read once: kept while they are there, missed by nobody when they are gone."""


def columns() -> tuple[tuple[Table, Column[str]], ...]:
    """The columns that hold addresses (64 hexadecimal digits): those whose name is `sha` or ends in `_sha`."""
    return tuple((table, column) for table in metadata.sorted_tables for column in table.columns
                 if ("_" + column.name).endswith("_sha") and (table.name, column.name) not in NOT_FILES)


def known(db: Db) -> dict[str, bool]:
    """Every address that the register names, and whether the file must be there."""
    found: dict[str, bool] = {}
    for table, column in columns():
        needed = (table.name, column.name) not in NO_NEED
        for address in db.execute(select(column).where(column.is_not(None), column != "").distinct()).scalars():
            found[address] = found.get(address, False) or needed
    return found


@dataclass(frozen=True)
class Place:
    """A row that names a file, and in which column."""

    table: str
    column: str
    row: int
    address: str


def places(db: Db, addresses: Collection[str]) -> tuple[Place, ...]:
    """Every row that names one of these files and cannot do without it."""
    wanted = frozenset(addresses)
    found: list[Place] = []
    for table, column in columns():
        if (table.name, column.name) not in NO_NEED and wanted:
            rows = db.execute(select(table.c.id, column).where(column.is_not(None), column != "")).mappings()
            found += [Place(table.name, column.name, row["id"], address) for row in rows
                      if (address := row[column.name]) in wanted]
    return tuple(found)


def to_be_bound(db: Db) -> frozenset[str]:
    """Files that a bound file (卷宗) still to be made was promised, whatever became of their own rows meanwhile."""
    rows = db.execute(select(packets.c.contents).where(packets.c.production != Production.READY.value)).scalars()
    return frozenset(each[name] for contents in rows for each in contents["items"]
                     for name in ("sha", "original_sha") if each.get(name))
