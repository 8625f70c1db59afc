"""What the order to mend says and must satisfy: 《义务教育法》第五、十一、五十八条; 《未成年人保护法》第八十三条."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import dropout, rights
from app.law.deadlines import STATEMENT_WORKING_DAYS, chinese_date, due, statement_until
from app.law.offices import Level
from app.papers.catalogue.common import day, named, parties, rows, student_line, you

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.law.deadlines import Term
    from app.law.lawbook import Lawbook
    from app.law.statutes import Citation
    from app.papers.kinds import Printable, Raw, Values

FIXED, FROM_SERVICE = "fixed", "from_service"
DEADLINE_MODES = {FIXED: "写明截止日期（当日当面送达）", FROM_SERVICE: "自收到之日起计算（邮寄、公告等）"}
LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 3, 15, 7
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


def order_texts(values: Values, lawbook: Lawbook) -> Mapping[str, Printable]:
    """The paragraphs of the order that nobody types."""
    they = you(values)
    return {
        "student_line": student_line(values),
        "parties": parties(values),
        "steps_taken": _steps_taken(values),
        "evidence_list": "、".join(str(row["item"]) for row in rows(values, "evidence")),
        "order_basis": f"{they}无正当理由未送{values['student_name']}入学接受义务教育，"
                       f"不符合{named(*duty(lawbook))}的规定。依照{named(*basis(values, lawbook))}的规定，现责令{they}",
        "demand_term": demand_term(values, lawbook),
        "demand": f"，将{values['student_name']}送入{values['school_to_attend']}就读，"
                  "保证其按时到校接受并完成义务教育。",
        "help_offered": "家庭确有困难的，可以向学校或者本机关申请资助和帮扶；"
                        "学生因身体状况需要延缓入学或者休学的，可以依法提出申请。",
        "consequences": rights.consequences_paragraph(),
        "statement_right": _statement_right(values, lawbook),
        "rights": rights.paragraph(
            str(values["county_area"]), court=str(values.get("court") or rights.DEFAULT_COURT),
            announced=bool(values.get("announced"))),
    }


def duty(lawbook: Lawbook) -> tuple[Citation, ...]:
    """The guardian's duty: 保证按时入学、送其入学."""
    return lawbook.statutes.cite("义务教育法", 5, 2), lawbook.statutes.cite("义务教育法", 11, 1)


def basis(values: Values, lawbook: Lawbook) -> tuple[Citation, ...]:
    """第五十八条; the education department adds 未保83② once the child has dropped out, a township never."""
    own = (lawbook.statutes.cite("义务教育法", 58),)
    if values["organ_level"] == "county" and values["absence"] == "dropout":
        return (*own, lawbook.statutes.cite("未成年人保护法", 83, 2))
    return own


def deadline(values: Values, lawbook: Lawbook) -> date | None:
    """The last day that a `fixed` order prints; None when the term runs from service."""
    served, days = values.get("serve_on"), values.get("term_days")
    if values["deadline_mode"] != FIXED or not isinstance(served, date) or not isinstance(days, int):
        return None
    return due(served, days, lawbook.days).due


def term(values: Values, effective_on: date, lawbook: Lawbook) -> Term:
    """The term that runs for a party from the day its service took effect.

    Raises Refused when a printed last day was reckoned from another day: the paper and the law would disagree.
    """
    served, days = values.get("serve_on"), values["term_days"]
    assert isinstance(days, int)  # noqa: S101  (a required whole number)
    if values["deadline_mode"] == FIXED and isinstance(served, date) and served != effective_on:
        printed = chinese_date(due(served, days, lawbook.days).due)
        raise Refused(
            f"通知书印的截止日{printed}是按{chinese_date(served)}送达算的，与实际送达日{chinese_date(effective_on)}不符。",
            where="served_at",
            advice="请核对送达日期；确是改日送达的，请作废这份通知书，重新制发，期限选“自收到之日起计算”。")
    return due(effective_on, days, lawbook.days)


def demand_term(values: Values, lawbook: Lawbook) -> str:
    """于2026年9月28日（含当日）前, or 自收到本通知书之日起7日内."""
    last = deadline(values, lawbook)
    if last is not None:
        return f"于{chinese_date(last)}（含当日）前"
    begin = "公告期满" if values.get("announced") else "收到本通知书"
    return f"自{begin}之日起{values['term_days']}日内（期满日为法定休假日的，顺延至休假日结束的次日）"


def order_problems(values: Values, _lawbook: Lawbook) -> Iterator[Problem]:
    """What makes an order unlawful although each of its fields is in form."""
    if not _DATE.search(str(values["findings"])):
        yield Problem("findings", "查明的事实没有写明日期。", "请至少写明一个具体日期，例如首次缺课的日期。")
    if values["deadline_mode"] == FIXED:
        yield from _fixed_term_problems(values)
    yield from _reason_problems(values)


def _fixed_term_problems(values: Values) -> Iterator[Problem]:
    served, issued = values.get("serve_on"), values["issue_date"]
    if values.get("announced"):
        yield Problem("deadline_mode", "公告送达的，不能写明截止日期。", "期限请选“自收到之日起计算”。")
    if not isinstance(served, date):
        yield Problem("serve_on", "写明截止日期的，请填写送达日期。",
                      "不是当日当面送达的，期限请选“自收到之日起计算”。")
    elif isinstance(issued, date) and served < issued:
        yield Problem("serve_on", f"送达日期早于成文日期{chinese_date(issued)}。", "请核对送达日期。")


def _reason_problems(values: Values) -> Iterator[Problem]:
    """The reason, the age and the state must allow an order (app.law.dropout says which do)."""
    born, issued = values["birth_date"], values["issue_date"]
    assert isinstance(born, date)  # noqa: S101  (both are required days)
    assert isinstance(issued, date)  # noqa: S101
    age = issued.year - born.year - ((issued.month, issued.day) < (born.month, born.day))
    try:
        dropout.require_enforceable(
            str(values["reason_code"]), age=age, state=dropout.AbsenceState(str(values["absence"])),
            level=Level(str(values["organ_level"])), condition_met=bool(values["condition_met"]),
            reviewer_override=bool(values["reviewer_override"]))
    except Refused as refused:
        yield Problem(refused.where, refused.what, refused.advice)


def findings_proposed(values: Values) -> Raw:
    """经查，…自2026年9月7日起…: composed from the ledger, for the official to complete."""
    if not values.get("student_name"):
        return ""
    return (f"经查，{values['student_name']}自{day(values, 'first_absent_date')}起未到校接受义务教育，"
            f"至今仍未返校。经当面询问原因，{you(values)}没有提出正当理由。")


def evidence_proposed(values: Values) -> Raw:
    """The papers that the file already holds."""
    known = (("reported_on", "学校书面报告"), ("admonished_on", "批评教育笔录"))
    return [{"item": paper} for name, paper in known if values.get(name)]


def days_proposed(_values: Values) -> Raw:
    return USUAL_DAYS


def mode_proposed(_values: Values) -> Raw:
    return FIXED


def serve_on_proposed(values: Values) -> Raw:
    """The day of the order itself: served in person on the same day."""
    issued = values.get("issue_date")
    return issued.isoformat() if isinstance(issued, date) else ""


def school_proposed(values: Values) -> Raw:
    return str(values.get("school") or "")


def _steps_taken(values: Values) -> str:
    """At least one earlier step with its date, always printed (law: elements of the order)."""
    return (f"学校于{day(values, 'reported_on')}书面报告劝返情况，{day(values, 'admonished_on')}依法进行批评教育后，"
            f"{you(values)}仍未送其返校。")


def _statement_right(values: Values, lawbook: Lawbook) -> str:
    contact = f"{values['contact']}，联系电话：{values['phone']}"
    served = values.get("serve_on")
    if values["deadline_mode"] == FIXED and isinstance(served, date):
        return rights.statement_paragraph(chinese_date(statement_until(served, lawbook.days).due), contact)
    begin = "公告期满" if values.get("announced") else "收到"
    return (f"对本通知认定的事实、理由和依据有异议的，可以自{begin}之日起{STATEMENT_WORKING_DAYS}个工作日内"
            f"向本机关书面或者口头陈述、申辩，本机关不因陈述、申辩而加重处理。联系人：{contact}。")
