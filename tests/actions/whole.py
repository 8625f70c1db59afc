"""The whole register at one moment, to tell whether anything changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.records.tables import metadata

if TYPE_CHECKING:
    from app.actions.desk import Desk

Rows = dict[str, list[tuple[object, ...]]]


def whole(desk: Desk) -> Rows:
    """Every row of every table."""
    with desk.register.reading() as db:
        return {table.name: [tuple(row) for row in db.execute(table.select())] for table in metadata.sorted_tables}


def changed(before: Rows, after: Rows) -> set[str]:
    """Names of the tables that differ."""
    return {name for name in before if before[name] != after[name]}
