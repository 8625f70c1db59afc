"""Who is in charge of what: every query of a person starts here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_

if TYPE_CHECKING:
    from app.law.offices import Actor


def in_charge(actor: Actor, *paths: ColumnElement[Any]) -> ColumnElement[bool]:
    """True for rows one of whose office paths lies at or under the actor's office.

    Paths end in `/`, so that the office 01 never sees 011.
    """
    return or_(*(path.startswith(actor.path, autoescape=True) for path in paths))
