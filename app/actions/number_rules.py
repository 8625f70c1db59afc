"""Where an office's numbers come from: a series that starts at a given number, or numbers that the 党政办 gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import powers
from app.papers import catalogue
from app.records import audit, numbers, offices

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
    """Move the counter and keep from where to where it skipped, so that the register knows a start from a gap."""
    if start.series not in series_of(office.level):
        raise _at("series", f"{office.name}没有“{start.series}”这种文号。", "请从本单位制发的文书里选。")
    if not office.organ_code:
        raise _at("first", f"{office.name}还没有设机关代字。", "请管理员先设机关代字。")
    skipped = numbers.peek(db, office.organ_code, start.series, start.year)
    numbers.start_at(db, office.organ_code, start.series, start.year, start.first)
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
        audit.append(db, actor, "set_typed_numbers", "office", office.id, now, typed=typed)


def series_of(level: Level) -> tuple[str, ...]:
    """The words of the numbers that an office of this level gives."""
    return tuple(dict.fromkeys(each.series for each in catalogue.PAPERS if each.series and level in each.issuers))


def _at(where: str, what: str, advice: str) -> Refused:
    return Refused(what, advice=advice, problems=(Problem(where, what, advice),))
