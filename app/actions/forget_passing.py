"""What served its purpose is forgotten every night.

Keys of forms, forms that nobody came back for, settled keeps, lists that were looked at and never read in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions.hold_form import WAITS
from app.records import batches, held, keeps, once

if TYPE_CHECKING:
    from app.actions.desk import Desk

KEYS, SETTLED = timedelta(days=7), timedelta(days=30)
"""No page stays open for longer; a keep that was settled by mistake can be brought back by the operator that long."""


def forget_passing(desk: Desk) -> int:
    """Answers how many rows went. Nothing in them has legal effect, so the chain has no line of it."""
    now = desk.clock.now()
    with desk.change() as db:
        return (once.prune(db, now - KEYS) + held.prune(db, now - WAITS) + keeps.prune(db, now - SETTLED)
                + batches.prune(db, now - KEYS))
