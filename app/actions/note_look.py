"""Write into the look log that somebody saw children; outside the audit chain, once a day for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.records import looks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor


def note_look(desk: Desk, actor: Actor, public_ids: Sequence[str]) -> None:
    """The person was shown the pages of these things, which were loaded in charge: the children behind them were seen.

    Writes nothing, and takes no lock, when the day's first look is in the log already.
    """
    day = desk.clock.today()
    with desk.register.reading() as db:
        fresh = looks.new_of(db, actor.account_id, looks.children_behind(db, public_ids), day)
    if fresh:
        note_looks(desk, actor, fresh)


def note_looks(desk: Desk, actor: Actor, children: Collection[int], how: str = looks.PAGE) -> None:
    """The same for children by key; a list that is taken out says `looks.EXPORT`."""
    with desk.change() as db:
        looks.note(db, actor.account_id, children, day=desk.clock.today(), now=desk.clock.now(), how=how)
