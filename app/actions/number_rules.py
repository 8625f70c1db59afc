"""Where an office's numbers come from: a series that starts at a given number, or numbers that the 党政办 gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import powers
from app.papers import catalogue
from app.records import audit, issued, numbers, offices

if TYPE_CHECKING:
    from datetime import datetime

    from app.actions.desk import Desk
    from app.law.offices import Actor, Level, Office
    from app.records.database import Db


@dataclass(frozen=True)
class Start:
    """A series of one year that starts at `first`."""

    series: str
    year: int
    first: int


def start_own_series(desk: Desk, actor: Actor, office_code: str, start: Start) -> None:
    """A leader lets a series of the own office start at a number: those before it were given on paper."""
    powers.require(actor, powers.Power.APPROVE_PAPER)
    now = desk.clock.now()
    with desk.change() as db:
        office = offices.load_in_charge(db, actor, office_code)
        if office.id != actor.office_id:
            raise Refused(f"{office.name}的文号由它自己的领导设。", where="first")
        write_start(db, actor, office, start, now)


def write_start(db: Db, actor: Actor | None, office: Office, start: Start, now: datetime) -> None:
    """Move the counter and keep from where to where it skipped, so that the register knows a start from a gap.

    A start that was typed too high may be lowered, down to the number after the highest that a paper bears.
    """
    if start.series not in series_of(office.level):
        raise _at("series", f"{office.name}没有“{start.series}”这种文号。", "请从本单位制发的文书里选。")
    if not office.organ_code:
        raise _at("first", f"{office.name}还没有设机关代字。", "请管理员先设机关代字。")
    skipped = numbers.peek(db, office.organ_code, start.series, start.year)
    numbers.start_at(db, office.organ_code, start.series, start.year, start.first,
                     issued.highest(db, office.organ_code, start.series, start.year))
    audit.append(db, actor, "start_series", "office", office.id, now, series=start.series, year=start.year,
                 first=start.first, skipped_from=skipped)


def set_typed_numbers(desk: Desk, actor: Actor | None, office_code: str, *, typed: bool) -> None:
    """Whether the office's numbers are typed at the approval, because the 党政办 gives them."""
    if actor is not None:
        powers.require(actor, powers.Power.MANAGE_OFFICES)
    now = desk.clock.now()
    with desk.change() as db:
        office = offices.load_in_charge(db, actor, office_code)
        offices.change(db, office.id, typed_numbers=typed)
        if not typed:
            _go_on_behind(db, actor, office, now)
        audit.append(db, actor, "set_typed_numbers", "office", office.id, now, typed=typed)


def _go_on_behind(db: Db, actor: Actor | None, office: Office, now: datetime) -> None:
    """Our own counting goes on behind what was given elsewhere; each skip is a start that the register knows."""
    for series in series_of(office.level):
        for year in issued.years(db, office.organ_code, series):
            first = issued.highest(db, office.organ_code, series, year) + 1
            if numbers.peek(db, office.organ_code, series, year) < first:
                write_start(db, actor, office, Start(series, year, first), now)


def holder_of(db: Db, office: Office, word: str) -> str:
    """Name of another office whose numbers begin with `word` (代字 and 文种 together), "" if it is nobody else's."""
    if any(word == office.organ_code + each for each in series_of(office.level)):
        return ""
    return next((other.name for other in offices.load_all(db).values() if other.organ_code and not other.closed
                 and other.id != office.id and any(word == other.organ_code + each for each in series_of(other.level))),
                "")


def series_of(level: Level) -> tuple[str, ...]:
    """The words of the numbers that an office of this level gives."""
    return tuple(dict.fromkeys(each.series for each in catalogue.PAPERS if each.series and level in each.issuers))


def _at(where: str, what: str, advice: str) -> Refused:
    return Refused(what, advice=advice, problems=(Problem(where, what, advice),))
