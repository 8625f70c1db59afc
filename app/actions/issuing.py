"""What issuing a paper means, however it was approved: the number, the step, the receipts, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import case_facts, number_rules
from app.actions.submit_paper import PRODUCE
from app.errors import Problem, Refused
from app.law.lives import PaperState, Production
from app.law.numbering import DocumentNumber
from app.outside import templates
from app.papers import catalogue, context
from app.papers.kinds import Life
from app.records import cases, issued, jobs, numbers, offices, papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from app.actions.desk import Desk
    from app.law.lawbook import Lawbook
    from app.law.offices import Actor, Office
    from app.papers.kinds import Paper, Raw
    from app.records.database import Db
    from app.records.students import Guardian

NUMBER = "number"
"""Box of a number that somebody else gave."""


@dataclass(frozen=True)
class Issue:
    """One issue: by whom (who signed), dated when, entered when, under which values."""

    on: date
    now: datetime
    signer_id: int
    signer: str
    frozen: Mapping[str, Raw]
    lawbook: Lawbook
    blanks: Mapping[str, str]
    """Templates of what is printed with a paper, by kind: their addresses in the store."""
    number: str = ""
    """As the 党政办 gave it, for an office whose numbers are typed."""
    signed_by: str = ""
    """Who signed on paper; "" when approved on the screen."""


def blanks(desk: Desk) -> dict[str, str]:
    """Lay the templates of receipts into the store; answers their addresses by kind. Not inside a transaction."""
    return {each.kind: desk.vault.put(templates.read(each.kind)) for each in catalogue.PAPERS
            if each.life is Life.RECEIPT}


def issue(db: Db, actor: Actor, row: papers.Paper, seen: case_facts.CaseView, act: Issue) -> str:
    """Give the number, write the state, the step, the receipts and the job; answers the number."""
    declared = catalogue.paper(row.kind)
    office = offices.load(db, row.office_id)
    _require_heard(db, seen, declared, office, act)
    typed = bool(declared.series) and office.typed_numbers
    number = (given_number(db, office, declared, act.number, act.on) if typed
              else _next_number(db, office, declared, act.on))
    frozen = case_facts.numbered(act.frozen, doc_no=str(number or ""), approver=act.signer)
    papers.move(
        db, row, to=PaperState.ISSUED, frozen=frozen, approver_id=act.signer_id, approved_at=act.now,
        issue_date=act.on, signed_by=act.signed_by, number_typed=typed,
        printed=dict(context.compose(declared, frozen, act.lawbook).context), **columns(number),
        production=Production.WAITING.value, docx_sha=None, pdf_sha=None, pages=None)
    jobs.add(db, PRODUCE, row.id, act.now)
    if declared.step is not None:
        cases.add_step(db, row.case_id, declared.step, done_on=act.on, now=act.now, account_id=actor.account_id,
                       paper_id=row.id)
    if declared.served:
        print_receipts(db, actor, papers.load_by_key(db, actor, row.id), seen, act)
    return str(number or "")


def _require_heard(db: Db, seen: case_facts.CaseView, declared: Paper, office: Office, act: Issue) -> None:
    """What the text says of who was heard is what the file shows now: a record may have gone since it was sent."""
    now = case_facts.facts(db, seen, declared, office, act.on)
    if case_facts.HEARD in now and _plain(now[case_facts.HEARD]) != _plain(act.frozen.get(case_facts.HEARD)):
        raise Refused("送审以后，批评教育笔录有变动，正文写的与案卷不一致。", where=declared.title,
                      advice="请退回，由起草人核对笔录和签名件后重新送审。")


def _plain(told: Raw) -> list[dict[str, object]]:
    """Rows as JSON keeps them."""
    return [dict(each) for each in told] if isinstance(told, list | tuple) else []


def columns(number: DocumentNumber | None) -> dict[str, str | int | None]:
    """A number as the register keeps it."""
    return {"doc_no": str(number or ""), "organ": number.organ_code if number else None,
            "series": number.series if number else None, "year": number.year if number else None,
            "seq": number.seq if number else None}


def given_number(db: Db, office: Office, declared: Paper, text: str, on: date, *,
                 again: bool = False) -> DocumentNumber:
    """A number that was given elsewhere: in form, of the year of the paper's date, borne by no other paper.

    `again`: the paper is entered once more (补录), and its own void entry is in nobody's way.
    """
    try:
        found = DocumentNumber.parse(text)
    except ValueError as error:
        raise refused_number(str(error), "请照本单位办公室（党政办）给的文号填写。") from None
    if found.year != on.year:
        raise refused_number(f"文号的年份{found.year}与成文日期的年份{on.year}不一致。", "请核对文号和日期。")
    bearer = issued.bearer_of(db, str(found))
    if bearer and not (again and is_own_wrong_entry(bearer, office, declared)):
        raise refused_number(f"文号{found}已经用过，登记簿里不能有两个相同的文号。", "请与本单位办公室（党政办）核对。")
    word = found.organ_code
    holder = number_rules.holder_of(db, office, word)
    if holder:
        raise refused_number(f"“{word}”是{holder}的代字，本单位的文书不能用它的文号。", "请照本单位的文书核对文号。")
    own = (each for each in number_rules.series_of(office.level) if word == office.organ_code + each)
    series = next(own, declared.series)
    if word.endswith(series) and word != series:
        return DocumentNumber(word.removesuffix(series), series, found.year, found.seq)
    return found


def is_own_wrong_entry(bearer: issued.Bearer, office: Office, declared: Paper) -> bool:
    """Whether a number is borne only by a void entry (补录) of the same office and kind."""
    return bearer.wrong and (bearer.office_id, bearer.kind) == (office.id, declared.kind)


def refused_number(what: str, advice: str) -> Refused:
    """A refusal that stands at the box of the number."""
    return Refused(what, advice=advice, problems=(Problem(NUMBER, what, advice),))


def _next_number(db: Db, office: Office, declared: Paper, on: date) -> DocumentNumber | None:
    if not declared.series:
        return None
    if not office.organ_code:
        raise Refused(f"{office.name}还没有设机关代字，不能编文号。", where="文号",
                      advice="请管理员运行 flask office set 设置机关代字。")
    seq = numbers.take(db, office.organ_code, declared.series, on.year)
    number = DocumentNumber(office.organ_code, declared.series, on.year, seq)
    if issued.bearer_of(db, str(number)):
        free = issued.highest_of_word(db, office.organ_code + declared.series, on.year) + 1
        raise Refused(f"下一个号{number}已经用在另一份文书上，登记簿里不能有两个相同的文号。", where="文号",
                      advice=f"请本单位领导先在登记簿“文号起编”里把起始号设为{free}或者以后的号。")
    return number


def print_receipts(db: Db, actor: Actor, row: papers.Paper, seen: case_facts.CaseView, act: Issue) -> None:
    """A blank receipt for each party, printed with the paper it belongs to."""
    declared = next((each for each in catalogue.PAPERS if each.follows == row.kind), None)
    if declared is None:
        return
    office = offices.load(db, row.office_id)
    for guardian in seen.student.guardians:
        facts = case_facts.facts(db, seen, declared, office, row.issue_date or act.on) | _served_facts(
            declared, row, guardian)
        key, public_id = papers.add_draft(
            db, kind=declared.kind, title=declared.title, case_id=row.case_id, office_id=office.id,
            drafter_id=row.drafter_id, now=act.now, typed={}, follows_id=row.id, guardian_id=guardian.id)
        receipt = papers.load_paper(db, actor, public_id)
        papers.move(db, receipt, to=PaperState.ISSUED, frozen=facts,
                    printed=dict(context.compose(declared, facts, act.lawbook).context),
                    template_sha=act.blanks[declared.kind], issue_date=row.issue_date,
                    production=Production.WAITING.value)
        jobs.add(db, PRODUCE, key, act.now)


def _served_facts(declared: Paper, row: papers.Paper, guardian: Guardian) -> dict[str, str]:
    known = {"served_title": row.title, "served_no": row.doc_no, "addressee": guardian.name,
             "addressee_relation": guardian.relation,
             "served_date": row.issue_date.isoformat() if row.issue_date else ""}
    return {each.name: known[each.name] for each in declared.fields if each.name in known}
