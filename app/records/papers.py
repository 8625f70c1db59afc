"""Papers: drafts, what was frozen, what was issued; together the 发文登记簿."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    insert,
    select,
    update,
)

from app.errors import NotVisible, Refused
from app.law.lives import ON_PAPER, PaperState, Production
from app.records.accounts import accounts
from app.records.cases import cases
from app.records.database import Db, Instant, metadata, new_public_id
from app.records.offices import offices
from app.records.scope import in_charge
from app.records.students import students

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row, Select

    from app.law.offices import Actor

papers = Table(
    "papers", metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("title", String(60), nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("office_id", ForeignKey("offices.id"), nullable=False),
    Column("follows_id", ForeignKey("papers.id"), nullable=True),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("typed", JSON, nullable=False),
    Column("frozen", JSON, nullable=True),
    Column("printed", JSON, nullable=True),
    Column("template_sha", String(64), nullable=False, server_default=""),
    Column("drafter_id", ForeignKey("accounts.id"), nullable=False),
    Column("drafted_at", Instant, nullable=False),
    Column("editors", JSON, nullable=False, server_default="[]"),
    Column("guardian_id", Integer, nullable=True),
    Column("submitted_at", Instant, nullable=True),
    Column("submitter_id", ForeignKey("accounts.id"), nullable=True),
    Column("returned_note", Text, nullable=False, server_default=""),
    Column("approver_id", ForeignKey("accounts.id"), nullable=True),
    Column("approved_at", Instant, nullable=True),
    Column("issue_date", Date, nullable=True),
    Column("organ", String(20), nullable=True),
    Column("series", String(20), nullable=True),
    Column("year", Integer, nullable=True),
    Column("seq", Integer, nullable=True),
    Column("doc_no", String(60), nullable=False, server_default=""),
    Column("production", String(12), nullable=False, server_default="none"),
    Column("problem", Text, nullable=False, server_default=""),
    Column("docx_sha", String(64), nullable=True),
    Column("pdf_sha", String(64), nullable=True),
    Column("pages", Integer, nullable=True),
    Column("void_reason", String(300), nullable=False, server_default=""),
    Column("voided_by", ForeignKey("accounts.id"), nullable=True),
    Column("voided_at", Instant, nullable=True),
    Column("origin", String(8), nullable=False, server_default="system"),
    Column("number_typed", Boolean, nullable=False, server_default="0"),
    Column("signed_by", String(60), nullable=False, server_default=""),
    Column("consent_by", ForeignKey("accounts.id"), nullable=True),
    Column("consent_at", Instant, nullable=True),
    Column("copied_from_id", ForeignKey("papers.id"), nullable=True),
    Column("sealed_sha", String(64), nullable=True),
    Column("saved_by", ForeignKey("accounts.id"), nullable=True),
    Column("saved_at", Instant, nullable=True),
    UniqueConstraint("organ", "series", "year", "seq"),
)
Index("ix_papers_number_borne_once", papers.c.doc_no, unique=True, sqlite_where=papers.c.seq.is_not(None),
      postgresql_where=papers.c.seq.is_not(None))
_drafter = accounts.alias("drafter")
_approver = accounts.alias("approver")


@dataclass(frozen=True)
class Paper:
    """One paper as it stands, with the names a page needs."""

    id: int
    public_id: str
    kind: str
    title: str
    case_id: int
    office_id: int
    follows_id: int | None
    state: PaperState
    version: int
    typed: Mapping[str, Any]
    frozen: Mapping[str, Any] | None
    printed: Mapping[str, Any] | None
    template_sha: str
    drafter_id: int
    drafted_at: datetime
    editors: Sequence[int]
    """Everybody who saved what is typed."""
    guardian_id: int | None
    """A receipt: the party whose it is."""
    submitted_at: datetime | None
    submitter_id: int | None
    returned_note: str
    approver_id: int | None
    approved_at: datetime | None
    issue_date: date | None
    organ: str | None
    series: str | None
    year: int | None
    seq: int | None
    doc_no: str
    production: Production
    problem: str
    docx_sha: str | None
    pdf_sha: str | None
    pages: int | None
    void_reason: str
    voided_by: int | None
    voided_at: datetime | None
    origin: str
    """`system`, or `paper`: done on paper and entered afterwards (补录)."""
    number_typed: bool
    """The number was given by the 党政办 or on paper; gaps of its series are not ours."""
    signed_by: str
    """Who signed the 发文稿纸 on paper; "" when approved here."""
    consent_by: int | None
    consent_at: datetime | None
    copied_from_id: int | None
    """A void paper that this one replaces."""
    sealed_sha: str | None
    """The PDF with the image seal laid on, where `seal_policy` allows one."""
    saved_by: int | None
    """Who saved the draft last; None while it is as it was proposed."""
    saved_at: datetime | None
    case_public_id: str
    case_no: str
    student_name: str
    office: str
    drafter: str
    approver: str | None

    @property
    def hands(self) -> frozenset[int]:
        """Accounts that drafted, edited or sent it; none of them may approve it."""
        return frozenset(hand for hand in (self.drafter_id, self.submitter_id, *self.editors) if hand is not None)

    @property
    def late(self) -> bool:
        """Done on paper and entered afterwards (补录)."""
        return self.origin == ON_PAPER

    @property
    def at_hand(self) -> bool:
        """Whether there is a paper to stamp, sign, serve and file: what we made, or the original that came as paper."""
        return self.late or self.production is Production.READY


def _query(actor: Actor) -> Select[Any]:
    return _everything().where(in_charge(actor, cases.c.school_path, cases.c.township_path))


def _everything() -> Select[Any]:
    return (select(papers, cases.c.public_id.label("case_public_id"), cases.c.case_no,
                   students.c.name.label("student_name"), offices.c.name.label("office"),
                   _drafter.c.name.label("drafter"), _approver.c.name.label("approver"))
            .join(cases, cases.c.id == papers.c.case_id)
            .join(students, students.c.id == cases.c.student_id)
            .join(offices, offices.c.id == papers.c.office_id)
            .join(_drafter, _drafter.c.id == papers.c.drafter_id)
            .outerjoin(_approver, _approver.c.id == papers.c.approver_id))


def _paper(row: Row[Any]) -> Paper:
    values = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for the mapping)
    return Paper(**values | {"state": PaperState(row.state), "production": Production(row.production)})


def load_paper(db: Db, actor: Actor, public_id: str) -> Paper:
    """Raises NotVisible for a stranger's paper as for none."""
    row = db.execute(_query(actor).where(papers.c.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _paper(row)


def load_by_key(db: Db, actor: Actor, paper_id: int) -> Paper:
    row = db.execute(_query(actor).where(papers.c.id == paper_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _paper(row)


def by_keys(db: Db, actor: Actor, ids: Sequence[int]) -> tuple[Paper, ...]:
    """Those of the papers that are in the actor's charge."""
    return tuple(_paper(row) for row in db.execute(_query(actor).where(papers.c.id.in_(ids))))


def load_for_job(db: Db, paper_id: int) -> Paper:
    """For the worker, which acts for nobody and sees what its job row names."""
    return _paper(db.execute(_everything().where(papers.c.id == paper_id)).one())


def of_case(db: Db, actor: Actor, case_id: int) -> tuple[Paper, ...]:
    return of_cases(db, actor, [case_id])[case_id]


def of_cases(db: Db, actor: Actor, ids: Sequence[int]) -> dict[int, tuple[Paper, ...]]:
    """The papers of each case, in the order of their making."""
    found: dict[int, list[Paper]] = {case_id: [] for case_id in ids}
    for row in db.execute(_query(actor).where(papers.c.case_id.in_(ids)).order_by(papers.c.id)):
        found[row.case_id].append(_paper(row))
    return {case_id: tuple(each) for case_id, each in found.items()}


def waiting_for_approval(db: Db, actor: Actor) -> tuple[Paper, ...]:
    """Submitted papers of the actor's own office that only others had in hand."""
    rows = db.execute(_query(actor).where(papers.c.state == PaperState.SUBMITTED.value,
                                          papers.c.office_id == actor.office_id)
                      .order_by(papers.c.submitted_at))
    return tuple(paper for row in rows if actor.account_id not in (paper := _paper(row)).hands)


def register_rows(db: Db, actor: Actor, *clauses: ColumnElement[bool]) -> tuple[Paper, ...]:
    """The 发文登记簿: every numbered paper, void ones too, by organ, series, year and number (`issued.clauses_of`)."""
    statement = _query(actor).where(papers.c.seq.is_not(None), *clauses)
    rows = db.execute(statement.order_by(papers.c.organ, papers.c.series, papers.c.year, papers.c.seq))
    return tuple(_paper(row) for row in rows)


def successors(db: Db, actor: Actor, ids: Sequence[int]) -> dict[int, Paper]:
    """For each void paper that was made anew: the paper that replaces it, the last one if there were several."""
    rows = db.execute(_query(actor).where(papers.c.copied_from_id.in_(ids)).order_by(papers.c.id))
    return {row.copied_from_id: _paper(row) for row in rows}


def add_draft(db: Db, *, now: datetime, **values: Any) -> tuple[int, str]:
    """A new draft (kind, title, case_id, office_id, drafter_id, typed, follows_id): its key and public identifier."""
    public_id = new_public_id()
    key = db.insert(insert(papers).values(public_id=public_id, state=PaperState.DRAFT.value, drafted_at=now, **values))
    return key, public_id


def save_typed(db: Db, paper: Paper, typed: Mapping[str, Any], version: int, editor_id: int,
               now: datetime) -> int | None:
    """Keep what was typed, and by whom, if nobody saved since `version`: the new version, else None."""
    changed = db.execute(update(papers).where(papers.c.id == paper.id, papers.c.version == version,
                                              papers.c.state == PaperState.DRAFT.value)
                         .values(typed=dict(typed), version=version + 1, saved_by=editor_id, saved_at=now,
                                 editors=sorted({*paper.editors, editor_id}))).rowcount
    return version + 1 if changed == 1 else None


def move(db: Db, paper: Paper, *, to: PaperState, **values: Any) -> None:
    """Change the state only if it is still what was seen; a second click changes nothing and says so."""
    changed = db.execute(update(papers).where(papers.c.id == paper.id, papers.c.state == paper.state.value,
                                              papers.c.version == paper.version)
                         .values(state=to.value, version=paper.version + 1, **values)).rowcount
    if changed != 1:
        raise Refused("这份文书的状态刚刚变了。", advice="请刷新页面看最新情况。")


def note(db: Db, paper_id: int, words: str) -> None:
    """Keep a remark on the paper, shown on its page."""
    db.execute(update(papers).where(papers.c.id == paper_id).values(returned_note=words))


def mark_waiting(db: Db, paper_id: int) -> None:
    db.execute(update(papers).where(papers.c.id == paper_id)
               .values(production=Production.WAITING.value, problem=""))


def mark_produced(db: Db, paper: Paper, *, docx_sha: str, pdf_sha: str, pages: int) -> bool:
    """Enter the files if the paper still waits for what was printed; answers whether it did.

    A job that runs twice finds the first one's files and drops its own.
    """
    return db.execute(update(papers).where(_still_waiting(paper))
                      .values(production=Production.READY.value, problem="", docx_sha=docx_sha, pdf_sha=pdf_sha,
                              pages=pages)).rowcount == 1


def mark_needs_person(db: Db, paper: Paper, problem: str) -> bool:
    """Say why there is no PDF, if the paper still waits for it; answers whether it did."""
    return db.execute(update(papers).where(_still_waiting(paper))
                      .values(production=Production.NEEDS_PERSON.value, problem=problem)).rowcount == 1


def _still_waiting(paper: Paper) -> ColumnElement[bool]:
    return and_(papers.c.id == paper.id, papers.c.version == paper.version,
                papers.c.production == Production.WAITING.value)
