"""Every column that names a file of the store, so that sweeps and backups know all files and forget none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.records.tables import metadata

if TYPE_CHECKING:
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
