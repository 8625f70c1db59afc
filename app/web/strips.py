"""The term of an order, day by day, for each party on which it was served: how the last day was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.law.deadlines import day_strip
from app.papers import catalogue, context

if TYPE_CHECKING:
    from datetime import date

    from app.actions.case_facts import CaseView
    from app.law.deadlines import Term
    from app.law.lawbook import Lawbook


@dataclass(frozen=True)
class Day:
    """One day of the strip; `tone` is start, due, off, moved or empty."""

    date: date
    count: int | None
    why: str
    tone: str


@dataclass(frozen=True)
class Strip:
    """The term of one party."""

    addressee: str
    term: Term
    days: tuple[Day, ...]


def of_case(seen: CaseView, lawbook: Lawbook) -> tuple[Strip, ...]:
    """The terms that run in a case; empty until the paper was served on somebody."""
    if seen.served is None:
        return ()
    declared = catalogue.paper(seen.served.kind)
    if declared.term is None:
        return ()
    values, _ = context.parse(declared.as_late() if seen.served.late else declared, seen.served.frozen or {})
    return tuple(_strip(each.addressee, declared.term(values, each.effective_on, lawbook), lawbook)
                 for each in seen.services)


def _strip(addressee: str, term: Term, lawbook: Lawbook) -> Strip:
    return Strip(addressee, term, tuple(
        Day(mark.date, mark.count, mark.why, _tone(mark.date, mark.count, term, lawbook))
        for mark in day_strip(term, lawbook.days)))


def _tone(day: date, count: int | None, term: Term, lawbook: Lawbook) -> str:
    if day == term.due:
        return "due"
    if day == term.start:
        return "start"
    if count is None or (count == term.days and not term.working):
        return "moved"
    return "" if lawbook.days.is_working(day) else "off"
