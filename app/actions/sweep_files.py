"""Files and rows agree after whatever happened: what nobody names is laid aside, what is missing is found or told.

Runs when a worker starts, every night (then every byte is read) and as `flask sweep` (decision 23).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.actions.submit_paper import PRODUCE
from app.errors import NeedsPerson
from app.law.lives import PaperState, Production
from app.outside import aside, templates
from app.records import addresses, audit, jobs, papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.actions.desk import Desk
    from app.records.addresses import Place
    from app.records.database import Db

YOUNG = timedelta(hours=24)
"""A file younger than this may belong to a transaction that is still open."""
KEPT_ASIDE = timedelta(days=30)
PRINT, TEMPLATE, PERSON = "print", "template", "person"
MENDED_BY: Mapping[tuple[str, str], str] = {
    ("papers", "docx_sha"): PRINT, ("papers", "pdf_sha"): PRINT, ("papers", "template_sha"): TEMPLATE,
    ("papers", "sealed_sha"): PERSON, ("scans", "original_sha"): PERSON, ("scans", "pdf_sha"): PERSON,
    ("seals", "sha"): PERSON, ("seal_uses", "after_sha"): PERSON,
    ("packets", "pdf_sha"): PERSON, ("batches", "source_sha"): PERSON,
}
"""What helps when the file of a column is gone: printing again from what was frozen, the shipped template, or nobody
but a person with a backup. A signed file is not bound again: copies that were handed out bear another digest."""


@dataclass(frozen=True)
class Swept:
    """What a sweep found and did. `lost`: gone or altered, to be brought by a person from a backup."""

    laid_aside: int = 0
    thrown_away: int = 0
    halves: int = 0
    brought_back: int = 0
    printed_again: int = 0
    lost: tuple[Place, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.laid_aside or self.thrown_away or self.halves or self.brought_back or self.printed_again)


def sweep(desk: Desk, *, deep: bool = False, young: timedelta = YOUNG) -> Swept:
    """Go both ways over all files that the register knows; `deep` reads every one of them as well.

    Nobody has to stop meanwhile. One audit line when something was changed. Raises NeedsPerson when the disk fails.
    """
    now = desk.clock.now()
    try:
        laid_aside = _lay_aside(desk, now - young)
        halves = aside.clear_halves(desk.vault, (now - young).timestamp())
        thrown_away = aside.throw_away(desk.vault, (now - KEPT_ASIDE).timestamp())
        missing, rotten = look(desk, deep=deep)
        back = {each.address for each in (*missing, *rotten) if aside.bring_back(desk.vault, each.address)}
    except OSError as error:
        raise NeedsPerson("文件库没有查完。", advice="请管理员检查磁盘。") from error
    lost = [each for each in (*missing, *rotten) if each.address not in back]
    mended = {each for each in lost if MENDED_BY[each.table, each.column] == TEMPLATE and _lay_template(desk, each)}
    with desk.change() as db:
        printed_again = _print_again(db, lost, now)
        swept = Swept(
            laid_aside=laid_aside, thrown_away=thrown_away, halves=halves,
            brought_back=len(back | {each.address for each in mended}), printed_again=len(printed_again),
            lost=tuple(each for each in lost if each not in mended and not _printed(each, printed_again)))
        if swept.changed:
            audit.append(db, None, "sweep_files", "register", 0, now, **_counts(swept))
    return swept


def look(desk: Desk, *, deep: bool = False) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Rows whose file is not there, and (`deep`) rows whose file is not what it was. Changes nothing."""
    with desk.register.reading() as db:
        needed = [address for address, must in addresses.known(db).items() if must]
        gone = {each for each in needed if not aside.lies(desk.vault, each)}
        bent = {each for each in needed if deep and aside.rotten(desk.vault, each)}
        return addresses.places(db, gone), addresses.places(db, bent)


def _lay_aside(desk: Desk, before: datetime) -> int:
    """What no row names leaves the store; a row that came meanwhile has its file back before anybody misses it."""
    old = [each for each in aside.held(desk.vault) if aside.older(desk.vault, each, before.timestamp())]
    named = _named(desk)
    gone = [each for each in old if each not in named and aside.lay_aside(desk.vault, each, before.timestamp())]
    if not gone:
        return 0
    named = _named(desk)
    return sum(not (each in named and aside.bring_back(desk.vault, each)) for each in gone)


def _named(desk: Desk) -> frozenset[str]:
    with desk.register.reading() as db:
        return frozenset(addresses.known(db)) | addresses.to_be_bound(db)


def _lay_template(desk: Desk, place: Place) -> bool:
    """The template of this installation, if it still is the one that the paper was frozen with."""
    with desk.register.reading() as db:
        kind = papers.load_for_job(db, place.row).kind
    data = templates.read(kind)
    return hashlib.sha256(data).hexdigest() == place.address and desk.vault.put(data) == place.address


def _print_again(db: Db, lost: list[Place], now: datetime) -> frozenset[int]:
    """A job for each paper that lost what can be printed again; answers their keys."""
    asked = set()
    for key in {each.row for each in lost if MENDED_BY[each.table, each.column] == PRINT}:
        row = papers.load_for_job(db, key)
        can = row.printed is not None and row.state in {PaperState.SUBMITTED, PaperState.ISSUED}
        if can and row.production is Production.READY:
            papers.mark_waiting(db, key)
            jobs.add(db, PRODUCE, key, now)
            asked.add(key)
    return frozenset(asked)


def _printed(place: Place, keys: frozenset[int]) -> bool:
    return MENDED_BY[place.table, place.column] == PRINT and place.row in keys


def _counts(swept: Swept) -> dict[str, int]:
    return {name: len(value) if isinstance(value, tuple) else value for name, value in asdict(swept).items()}
