"""What is looked for in the 发文登记簿, as conditions on the papers in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from app.law.lives import ON_PAPER, PaperState
from app.records.papers import papers

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from app.records.database import Db


@dataclass(frozen=True)
class Sought:
    """The filter of the register; an empty value asks for everything. `word` is the 代字: organ and series together."""

    year: int | None = None
    word: str = ""
    office_id: int | None = None
    kind: str = ""
    state: PaperState | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""
    """Part of a number or a title."""

    @property
    def whole(self) -> bool:
        """Whether whole series are asked for, so that a gap in them would show."""
        return not (self.kind or self.state or self.first or self.last or self.text)


def clauses_of(sought: Sought) -> tuple[ColumnElement[bool], ...]:
    """The conditions of the filter."""
    equal = ((papers.c.year, sought.year), (papers.c.organ + papers.c.series, sought.word),
             (papers.c.office_id, sought.office_id), (papers.c.kind, sought.kind),
             (papers.c.state, sought.state.value if sought.state else ""))
    found: list[ColumnElement[bool]] = [column == given for column, given in equal if given]
    if sought.first:
        found.append(papers.c.issue_date >= sought.first)
    if sought.last:
        found.append(papers.c.issue_date <= sought.last)
    if sought.text:
        found.append(papers.c.doc_no.contains(sought.text, autoescape=True)
                     | papers.c.title.contains(sought.text, autoescape=True))
    return tuple(found)


@dataclass(frozen=True)
class Bearer:
    """The paper that bears a number; `wrong` if it is an entry (补录) of it that was void."""

    id: int
    office_id: int
    kind: str
    wrong: bool


def bearer_of(db: Db, doc_no: str) -> Bearer | None:
    """Which paper of any office bears this number, a void one too."""
    found = db.execute(select(papers.c.id, papers.c.office_id, papers.c.kind, papers.c.origin, papers.c.state)
                       .where(papers.c.doc_no == doc_no, papers.c.seq.is_not(None))).first()
    return found and Bearer(found.id, found.office_id, found.kind,
                            found.origin == ON_PAPER and found.state == PaperState.VOID.value)


def give_up(db: Db, paper_id: int, words: str) -> None:
    """Let a void entry bear its number no longer; it keeps the text of it, and `words` say what became of it."""
    db.execute(update(papers).where(papers.c.id == paper_id).values(seq=None, returned_note=words))


def highest(db: Db, organ: str, series: str, year: int) -> int:
    """The highest number that a paper bears in a series, void ones too; 0 if none."""
    return db.execute(select(func.max(papers.c.seq)).where(
        papers.c.organ == organ, papers.c.series == series, papers.c.year == year)).scalar_one() or 0


def highest_of_word(db: Db, word: str, year: int) -> int:
    """The highest number that a paper bears under a 代字 with its 文种, however the two were told apart; 0 if none."""
    return db.execute(select(func.max(papers.c.seq)).where(
        papers.c.organ + papers.c.series == word, papers.c.year == year)).scalar_one() or 0


def years(db: Db, organ: str, series: str) -> tuple[int, ...]:
    """The years in which papers bear numbers of a series."""
    found = select(papers.c.year).distinct().where(
        papers.c.organ == organ, papers.c.series == series, papers.c.seq.is_not(None))
    return tuple(sorted(db.execute(found).scalars()))
