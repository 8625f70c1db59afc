"""A form brings a thing about once: the first change of a request claims the form's key in the act's own transaction.

The desk that a page gets for such a request keeps that transaction open until the page has said where it leads, so that
act, claim and answer are committed together: a crash leaves all of them or none, and a form that comes twice, even at
the same moment, gets the first one's answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from app.actions.desk import Desk
from app.records import once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from app.records.database import Db

LONGEST = 200
"""Characters of an address that can be written down as answer."""


class AlreadyDone(Exception):
    """The form was done before; `answer` is the address it led to."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


@dataclass
class Open:
    """The one transaction of a request while it is open."""

    whole: AbstractContextManager[Db] | None = None
    db: Db | None = None


@dataclass(frozen=True)
class Deed(Desk):
    """A desk whose changes are one transaction under one key, closed by `close`."""

    key: str
    account_id: int
    open: Open = field(default_factory=Open)

    @contextmanager
    def change(self) -> Iterator[Db]:
        """The one transaction. Raises AlreadyDone where the key is taken; a failed block undoes everything."""
        try:
            yield self.open.db or self._begin()
        except BaseException as error:
            self._end(error)
            raise

    def close(self, answer: str) -> bool:
        """Commit what was done: with the claim when it led to an address, else so that the form may come again.

        Answers whether the claim was kept.
        """
        db = self.open.db
        if db is None:
            return False
        keep = 0 < len(answer) <= LONGEST
        try:
            if keep:
                once.settle(db, self.key, answer)
            else:
                once.give_back(db, self.key)
        except BaseException as error:
            self._end(error)
            raise
        self._end(None)
        return keep

    def _begin(self) -> Db:
        self.open.whole = super().change()
        db = self.open.db = self.open.whole.__enter__()
        if not once.claim(db, self.key, self.account_id, self.clock.now()):
            raise AlreadyDone(once.answer_of(db, self.key, self.account_id) or "")
        return db

    def _end(self, error: BaseException | None) -> None:
        whole, self.open.whole, self.open.db = self.open.whole, None, None
        if whole is not None:
            whole.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)


def deed(desk: Desk, key: str, account_id: int) -> Deed:
    """The same desk for one form of one person."""
    return Deed(**{each.name: getattr(desk, each.name) for each in fields(desk)}, key=key, account_id=account_id)


def answered(desk: Desk, key: str, account_id: int) -> str | None:
    """Where this form led before; None when it was not done yet."""
    with desk.register.reading() as db:
        return once.answer_of(db, key, account_id)
