"""A form whose session ended while it was filled in waits, sealed, for the same person in the same browser."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.errors import Refused
from app.outside import held_seal
from app.records import accounts, held

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.actions.desk import Desk

WAITS = timedelta(hours=12)
MOST = 20
"""Forms that wait for one person at the same time."""


@dataclass(frozen=True)
class Form:
    """What a browser sent: the address with its query, the fields, the names of the boxes that held files."""

    address: str
    fields: Mapping[str, Sequence[str]]
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Waiting:
    """A form that waits, for its own person."""

    id: int
    at: datetime
    form: Form


def hold_form(desk: Desk, account_id: int, token: str, form: Form) -> None:
    """Keep the form for the person whose page it was. Raises Refused when too many wait already."""
    now = desk.clock.now()
    sealed = held_seal.seal(token, zlib.compress(json.dumps(vars(form)).encode()))
    with desk.change() as db:
        held.prune(db, now - WAITS)
        known = accounts.find(db, account_id)
        if known is None or held.count(db, account_id) >= MOST:
            raise Refused("登录已到期，这张表没有办成，也没能代存。",
                          advice="请不要关这个窗口：在新窗口登录后，回到这里再交一次。")
        held.add(db, held_seal.place_of(token), account_id, sealed, now)


def waiting(desk: Desk, account_id: int, token: str) -> tuple[Waiting, ...]:
    """The forms of this person that this browser can open, oldest first."""
    with desk.register.reading() as db:
        rows = held.of_browser(db, held_seal.place_of(token), account_id)
    found = []
    for row in rows:
        content = held_seal.opened(token, row.sealed)
        if content is not None and row.at > desk.clock.now() - WAITS:
            found.append(Waiting(row.id, row.at, Form(**json.loads(zlib.decompress(content)))))
    return tuple(found)


def let_go(desk: Desk, account_id: int, token: str, held_id: int) -> None:
    """The form was done, or its owner throws it away."""
    with desk.change() as db:
        held.drop(db, held_seal.place_of(token), account_id, held_id)
