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
    wanted = (
        (sought.year, papers.c.year == sought.year), (sought.word, papers.c.organ + papers.c.series == sought.word),
        (sought.office_id, papers.c.office_id == sought.office_id), (sought.kind, papers.c.kind == sought.kind),
        (sought.state, papers.c.state == (sought.state.value if sought.state else "")),
        (sought.first, papers.c.issue_date >= sought.first), (sought.last, papers.c.issue_date <= sought.last))
    found = [clause for given, clause in wanted if given]
    if sought.text:
        found.append(papers.c.doc_no.contains(sought.text, autoescape=True)
                     | papers.c.title.contains(sought.text, autoescape=True))
    return tuple(found)


def is_number_taken(db: Db, doc_no: str) -> bool:
    """Whether a paper of any office bears this number, a void one too."""
    found = select(papers.c.id).where(papers.c.doc_no == doc_no, papers.c.seq.is_not(None))
    return db.execute(found).first() is not None
