"""What is looked for in the 发文登记簿, as conditions on the papers in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.records.papers import papers

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from app.law.lives import PaperState
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


def is_number_taken(db: Db, doc_no: str) -> bool:
    """Whether a paper of any office bears this number, a void one too."""
    found = select(papers.c.id).where(papers.c.doc_no == doc_no, papers.c.seq.is_not(None))
    return db.execute(found).first() is not None
