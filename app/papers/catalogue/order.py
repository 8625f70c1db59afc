"""What the order to mend says and must satisfy: 《义务教育法》第五、十一、五十八条; 《未成年人保护法》第八十三条."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from app.errors import Problem, Refused
from app.law import dropout, rights
from app.law.deadlines import STATEMENT_WORKING_DAYS, announced_effective, chinese_date, due, statement_until
from app.law.offices import Level
from app.papers.catalogue.common import age, day, named, parties, rows, student_line, you
from app.papers.kinds import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.law.deadlines import Term
    from app.law.lawbook import Lawbook
    from app.law.statutes import Citation
    from app.papers.kinds import Printable, Raw, Values

FIXED, FROM_SERVICE = "fixed", "from_service"
DEADLINE_MODES = {FIXED: "写明截止日期（当日当面送达）", FROM_SERVICE: "自收到之日起计算（邮寄、公告等）"}
LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 3, 15, 7
LATE_MOST_DAYS = 60
LATE_TERM = Whole(name="term_days", label="改正期限", least=1, most=LATE_MOST_DAYS, unit="日", shown_in="demand_term",
                  hint=f"照原件填写；本系统制发的为{LEAST_DAYS}至{MOST_DAYS}日，原件不同的也照原件录，请领导核对。")
"""What an order on paper gave is its term, whatever we would give: no law fixes the number of days."""
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_INQUIRY = re.compile(_DATE.pattern + "[^。]{0,40}(?:询问|问明|核实)[^。]{0,20}(?:原因|理由)")


def order_texts(values: Values, lawbook: Lawbook) -> Mapping[str, Printable]:
    """The paragraphs of the order that nobody types."""
    they = you(values)
    return {
        "student_line": student_line(values),
        "parties": parties(values),
        "steps_taken": _steps_taken(values),
        "evidence_list": "、".join(str(row["item"]) for row in rows(values, "evidence")),
        "order_basis": f"{they}无正当理由未送{values['student_name']}入学接受义务教育，"
                       f"违反了{named(*duty(values, lawbook))}的规定。"
                       f"依照{named(*basis(values, lawbook))}的规定，现责令{they}",
        "demand_term": demand_term(values, lawbook),
        "demand": f"，将{values['student_name']}送入{values['school_to_attend']}就读，"
                  "并自返校之日起保证其按时到校接受并完成义务教育。",
        "help_offered": "家庭确有困难的，可以向学校或者本机关申请资助和帮扶；"
                        "学生因身体状况需要延缓入学或者休学的，可以依法提出申请。",
        "consequences": rights.consequences_paragraph(lawbook.statutes),
        "statement_right": _statement_right(values, lawbook),
        "rights": rights.paragraph(
            str(values["county_area"]), court=str(values.get("court") or rights.DEFAULT_COURT),
            announced=bool(values.get("announced"))),
    }


def duty(values: Values, lawbook: Lawbook) -> tuple[Citation, ...]:
    """The guardian's duty: 保证按时入学、送其入学; from sixteen on that towards a minor (未成年人保护法)."""
    cite = lawbook.statutes.cite
    if age(values) >= dropout.TOWNSHIP_AGE:
        return cite("未成年人保护法", 16, item=5), cite("未成年人保护法", 17, item=5)
    return cite("义务教育法", 5, 2), cite("义务教育法", 11, 1)


def basis(values: Values, lawbook: Lawbook) -> tuple[Citation, ...]:
    """第五十八条; the education department adds 未保83② once the child has dropped out, a township never.

    From sixteen on 未保83② comes first: 义务教育法 speaks of children of school age.
    """
    own = lawbook.statutes.cite("义务教育法", 58)
    if values["organ_level"] != "county" or values["absence"] != "dropout":
        return (own,)
    minors = lawbook.statutes.cite("未成年人保护法", 83, 2)
    return (minors, own) if age(values) >= dropout.TOWNSHIP_AGE else (own, minors)


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
    """于2026年9月28日（含当日）前, or 自收到本通知之日起7日内."""
    last = deadline(values, lawbook)
    if last is not None:
        return f"于{chinese_date(last)}（含当日）前"
    begin = "公告期满" if values.get("announced") else "收到本通知"
    return f"自{begin}之日起{values['term_days']}日内（期满日为法定休假日的，顺延至休假日结束的次日）"


def order_problems(values: Values, lawbook: Lawbook) -> Iterator[Problem]:
    """What makes an order unlawful although each of its fields is in form."""
    if not _DATE.search(str(values["findings"])):
        yield Problem("findings", "查明的事实没有写明日期。", "请至少写明一个具体日期，例如首次缺课的日期。")
    elif not _INQUIRY.search(str(values["findings"])):
        yield Problem("findings", "没有写明何时询问过未到校的原因。",
                      "请写明询问的日期、对象和回答（义务教育法第五十八条“无正当理由”）。")
    yield from _hearing_problems(values)
    if values["deadline_mode"] == FIXED:
        yield from _fixed_term_problems(values)
    yield from _vacation_problems(values, lawbook)
    yield from _reason_problems(values)


def late_problems(values: Values, _lawbook: Lawbook) -> Iterator[Problem]:
    """What an order that was made on paper has to say so that its term can be reckoned and its steps stand."""
    yield from _hearing_problems(values)
    if values["deadline_mode"] == FIXED:
        if len(rows(values, "guardians")) > 1 or values.get("announced"):
            yield Problem("deadline_mode", "当事人不止一名的，或者公告送达的，期限不能按一个截止日期计算。",
                          "请照通知书核对；各人按收到之日起算的，选“自收到之日起计算”。")
        yield from _late_service_problems(values)
    yield from _reason_problems(values)


def _late_service_problems(values: Values) -> Iterator[Problem]:
    """The day from which the printed last day was reckoned: no paper is served before it is made."""
    served, issued = values.get("serve_on"), values["issue_date"]
    if not isinstance(served, date):
        yield Problem("serve_on", "写明截止日期的，请填写通知书据以计算期限的送达日期。")
    elif isinstance(issued, date) and served < issued:
        yield Problem("serve_on", f"送达日期{chinese_date(served)}早于通知书的日期{chinese_date(issued)}。",
                      "请照纸质原件和送达回证核对两个日期。")


def _hearing_problems(values: Values) -> Iterator[Problem]:
    """义务教育法第五十八条: 给予批评教育, then 责令限期改正; each party for itself."""
    heard = {row["name"] for row in rows(values, "heard")}
    for index, row in enumerate(rows(values, "guardians")):
        if row["name"] not in heard:
            yield Problem(f"guardians.{index}.name", f"{row['name']}尚未批评教育、询问原因，不能列为当事人。",
                          f"请对{row['name']}另做一份批评教育笔录，上传签名件后再制发。")


def _vacation_problems(values: Values, lawbook: Lawbook) -> Iterator[Problem]:
    """A term that ends in a vacation cannot be kept: as printed, or as it runs when served on the day of issue."""
    issued, days = values["issue_date"], values["term_days"]
    assert isinstance(issued, date)  # noqa: S101  (both are required)
    assert isinstance(days, int)  # noqa: S101
    begins = announced_effective(issued) if values.get("announced") else issued
    last = deadline(values, lawbook) or due(begins, days, lawbook.days).due
    if any(opens <= last <= closes for opens, closes in lawbook.vacations):
        yield Problem("term_days", "改正期限届满日在假期内，无法到校。",
                      f"期限到{chinese_date(last)}届满，请调整期限。")


def _fixed_term_problems(values: Values) -> Iterator[Problem]:
    served, issued = values.get("serve_on"), values["issue_date"]
    if len(rows(values, "guardians")) > 1:
        yield Problem("deadline_mode", "当事人不止一名的，不能写明截止日期。",
                      "各人送达日可能不同，请选“自收到之日起计算”。")
    if values.get("announced"):
        yield Problem("deadline_mode", "公告送达的，不能写明截止日期。", "期限请选“自收到之日起计算”。")
    if not isinstance(served, date):
        yield Problem("serve_on", "写明截止日期的，请填写送达日期。",
                      "不是当日当面送达的，期限请选“自收到之日起计算”。")
    elif served != issued:
        yield Problem("serve_on", "写明截止日期的，须当日当面送达。", "改日送达的，请选“自收到之日起计算”。")


def _reason_problems(values: Values) -> Iterator[Problem]:
    """The reason, the age and the state must allow an order (app.law.dropout says which do)."""
    try:
        dropout.require_enforceable(
            str(values["reason_code"]), age=age(values), state=dropout.AbsenceState(str(values["absence"])),
            level=Level(str(values["organ_level"])), condition_met=bool(values["condition_met"]))
    except Refused as refused:
        yield Problem(refused.where, refused.what, refused.advice)


def findings_proposed(values: Values) -> Raw:
    """经查，…自2026年9月7日起…: composed from the ledger, for the official to complete."""
    if not values.get("student_name"):
        return ""
    return (f"经查，{values['student_name']}自{day(values, 'first_absent_date')}起未到校接受义务教育，"
            f"至今仍未返校。{_days_heard(values)}当面询问未到校的原因，{you(values)}没有提出正当理由。")


def _days_heard(values: Values) -> str:
    """The days of the records, in order, each once."""
    days = sorted({row["date"] for row in rows(values, "heard") if isinstance(row["date"], date)})
    return "、".join(map(chinese_date, days)) or day(values, "admonished_on")


def evidence_proposed(values: Values) -> Raw:
    """The papers that the file already holds."""
    records = len(rows(values, "heard"))
    known = (("reported_on", "学校书面报告"), ("admonished_on", f"批评教育笔录{f'{records}份' if records > 1 else ''}"))
    return [{"item": paper} for name, paper in known if values.get(name)]


def days_proposed(_values: Values) -> Raw:
    return USUAL_DAYS


def mode_proposed(values: Values) -> Raw:
    """A last day can be printed for one party alone: several are served on different days."""
    return FIXED if len(rows(values, "guardians")) == 1 else FROM_SERVICE


def serve_on_proposed(values: Values) -> Raw:
    """The day of the order itself: served in person on the same day; with several parties no day is printed."""
    issued = values.get("issue_date")
    return issued.isoformat() if isinstance(issued, date) and mode_proposed(values) == FIXED else ""


def school_proposed(values: Values) -> Raw:
    return str(values.get("school") or "")


def _steps_taken(values: Values) -> str:
    """At least one earlier step with its date, always printed (law: elements of the order)."""
    return (f"学校于{day(values, 'reported_on')}书面报告劝返情况。{_criticised(values)}后，"
            f"{you(values)}仍未送{values['student_name']}返校。")


def _criticised(values: Values) -> str:
    """本机关于2026年9月16日依法对你们进行批评教育; told apart when the day or the organ was another."""
    everybody = {str(row["name"]) for row in rows(values, "guardians")}
    acts: dict[tuple[str, str], list[str]] = {}
    for row in rows(values, "heard"):
        organ = "本机关" if row["organ"] in (None, values["organ"]) else str(row["organ"])
        names = acts.setdefault((organ, day(row, "date")), [])
        if row["name"] in everybody and row["name"] not in names:
            names.append(str(row["name"]))
    return "，".join(f"{organ}于{on}依法对{you(values) if set(names) == everybody else '、'.join(names)}进行批评教育"
                    for (organ, on), names in acts.items() if names)


def _statement_right(values: Values, lawbook: Lawbook) -> str:
    contact = f"{values['contact']}，联系电话：{values['phone']}"
    served = values.get("serve_on")
    if values["deadline_mode"] == FIXED and isinstance(served, date):
        return rights.statement_paragraph(chinese_date(statement_until(served, lawbook.days).due), contact)
    begin = "公告期满" if values.get("announced") else "收到"
    return (f"对本通知认定的事实、理由和依据有异议的，可以自{begin}之日起{STATEMENT_WORKING_DAYS}个工作日内"
            f"向本机关书面或者口头陈述、申辩，本机关不因陈述、申辩而加重处理。联系人：{contact}。")
