"""What the six papers say, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.errors import Refused
from app.outside import shipped
from app.papers import catalogue
from app.papers.context import compose, propose
from app.papers.kinds import Life
from tests.papers.test_context import problems

ORDER, RECORD, CHECK, REPORT = "rectification_order", "criticism_record", "compliance_check", "school_report"


def printed(kind: str, **changes: Any) -> dict[str, Any]:
    data = catalogue.sample(kind) | changes
    return dict(compose(catalogue.paper(kind), data, shipped.lawbook()).context)


GUARDIANS: Any = catalogue.sample(ORDER)["guardians"]
FIXED: dict[str, Any] = {"guardians": GUARDIANS[:1], "deadline_mode": "fixed", "serve_on": "2026-09-18"}
"""One party, served in person on the day of the order."""


def heard(*acts: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"name": name, "date": day, "organ": organ} for name, day, organ in acts]


def test_seven_days_from_the_18th_end_after_the_holiday() -> None:
    assert printed(ORDER, **FIXED)["demand_term"] == "于2026年9月28日（含当日）前"


def test_several_parties_are_given_no_printed_last_day() -> None:
    found = problems(ORDER, **FIXED | {"guardians": GUARDIANS})
    assert found == {"deadline_mode": "当事人不止一名的，不能写明截止日期。"}


def test_a_printed_last_day_needs_service_on_the_day_of_the_order() -> None:
    assert problems(ORDER, **FIXED | {"serve_on": "2026-09-21"}) == {"serve_on": "写明截止日期的，须当日当面送达。"}


def test_each_party_was_heard_before_it_is_ordered() -> None:
    found = problems(ORDER, heard=heard(("马明远", "2026-09-16", "")))
    assert found == {"guardians.1.name": "海秀兰尚未批评教育、询问原因，不能列为当事人。"}


def test_the_steps_are_told_as_they_were() -> None:
    organ = str(catalogue.sample(ORDER)["organ"])
    assert printed(ORDER)["steps_taken"] == (
        "学校于2026年9月15日书面报告劝返情况。本机关于2026年9月16日依法对你们进行批评教育后，你们仍未送马小燕返校。")
    apart = heard(("马明远", "2026-09-16", "演示县教育体育局"), ("海秀兰", "2026-09-17", organ))
    assert printed(ORDER, heard=apart)["steps_taken"] == (
        "学校于2026年9月15日书面报告劝返情况。演示县教育体育局于2026年9月16日依法对马明远进行批评教育，"
        "本机关于2026年9月17日依法对海秀兰进行批评教育后，你们仍未送马小燕返校。")
    assert "依法对你进行批评教育后，你仍未送" in printed(ORDER, **FIXED)["steps_taken"]


@pytest.mark.parametrize(("findings", "right"), [
    ("经查，马小燕自2026年9月7日起未到校，没有提出正当理由。", False),
    ("经查，马小燕自2026年9月7日起未到校。经询问，没有正当理由。", False),
    ("经查，马小燕自2026年9月7日起未到校。2026年9月16日向其父询问未到校的原因，称孩子不想念了。", True),
    ("2026年9月14日入户核实，没有正当理由。", True),
])
def test_an_order_says_when_the_reason_was_asked_for(findings: str, right: bool) -> None:  # noqa: FBT001  (a parameter of the table)
    if right:
        assert printed(ORDER, findings=findings)
    else:
        assert problems(ORDER, findings=findings) == {"findings": "没有写明何时询问过未到校的原因。"}


def test_a_last_day_within_a_vacation_is_refused() -> None:
    lawbook = replace(shipped.lawbook(), vacations=((date(2026, 9, 28), date(2026, 10, 7)),))
    for changes in ({}, FIXED):
        with pytest.raises(Refused) as refused:
            compose(catalogue.paper(ORDER), catalogue.sample(ORDER) | changes, lawbook)
        assert [each.message for each in refused.value.problems] == ["改正期限届满日在假期内，无法到校。"]
    for changes in ({"term_days": 3}, {"announced": True}):
        assert compose(catalogue.paper(ORDER), catalogue.sample(ORDER) | changes, lawbook)


def test_the_order_is_worded_as_the_law_has_it() -> None:
    context = printed(ORDER)
    assert "违反了《中华人民共和国义务教育法》第五条第二款、第十一条第一款的规定" in context["order_basis"]
    assert context["demand"] == "，将马小燕送入演示县云岭中学就读，并自返校之日起保证其按时到校接受并完成义务教育。"
    assert context["parties"][0]["text"].startswith("马明远，系学生的父亲，住")


def test_without_a_day_of_service_the_term_runs_from_receipt() -> None:
    context = printed(ORDER)
    assert context["demand_term"].startswith("自收到本通知之日起7日内（")
    assert "自收到之日起3个工作日内" in context["statement_right"]


def test_an_announced_order_lets_every_term_run_from_the_end_of_the_announcement() -> None:
    context = printed(ORDER, announced=True)
    assert context["demand_term"].startswith("自公告期满之日起7日内")
    assert "自公告期满之日起六十日内" in context["rights"]
    assert "deadline_mode" in problems(ORDER, **FIXED | {"announced": True})
    assert catalogue.paper(ORDER).announced == "announced"


def test_only_the_education_department_cites_the_protection_law_and_only_after_dropout() -> None:
    cited = {(level, absence): "第八十三条第二款" in printed(ORDER, organ_level=level, absence=absence)["order_basis"]
             for level in ("township", "county") for absence in ("suspected", "dropout")}
    assert cited == {("township", "suspected"): False, ("township", "dropout"): False,
                     ("county", "suspected"): False, ("county", "dropout"): True}


def test_the_order_names_reason_duty_basis_review_organ_and_both_terms() -> None:
    context = printed(ORDER, county_area="原州区")
    assert "无正当理由" in context["order_basis"]
    assert "《中华人民共和国义务教育法》第五条第二款、第十一条第一款" in context["order_basis"]
    assert "第五十八条" in context["order_basis"]
    assert "固原市原州区人民政府申请行政复议" in context["rights"]
    assert "六个月内直接向有管辖权的人民法院" in context["rights"]
    assert "2026年9月15日" in context["steps_taken"]
    assert "2026年9月16日" in context["steps_taken"]


def test_no_paper_prints_a_whole_number_of_a_person() -> None:
    for paper in catalogue.PAPERS:
        shown = str(printed(paper.kind))
        assert "640499201103150022" not in shown
        assert "64049919850612001" not in shown


def test_a_draft_without_number_says_so() -> None:
    assert printed(ORDER, doc_no="")["doc_no"] == "（待编号）"
    assert printed("service_receipt", served_no="")["served_no"] == "（待编号）"


def test_one_guardian_is_addressed_as_one() -> None:
    assert printed(ORDER, **FIXED)["order_basis"].startswith("你无正当理由")


@pytest.mark.parametrize(("changes", "where"), [
    ({"findings": "该生一直未到校。"}, "findings"),
    (FIXED | {"serve_on": ""}, "serve_on"),
    (FIXED | {"serve_on": "2026-09-17"}, "serve_on"),
    ({"term_days": 2}, "term_days"),
    ({"reason_code": "D"}, "reason_code"),
    ({"reason_code": "E"}, "reason_code"),
    ({"absence": "absent"}, "absence"),
    ({"birth_date": "2008-09-18"}, "birth_date"),
    ({"birth_date": "2010-09-18"}, "birth_date"),
    ({"admonished_on": ""}, "admonished_on"),
    ({"guardians": []}, "guardians"),
])
def test_an_unlawful_order_is_refused(changes: dict[str, Any], where: str) -> None:
    assert where in problems(ORDER, **changes)


def test_from_sixteen_on_the_county_orders_on_the_protection_law_first() -> None:
    text = printed(ORDER, birth_date="2010-09-18", organ_level="county", absence="dropout")["order_basis"]
    assert "违反了《中华人民共和国未成年人保护法》第十六条第五项、第十七条第五项的规定" in text
    assert ("依照《中华人民共和国未成年人保护法》第八十三条第二款、《中华人民共和国义务教育法》第五十八条的规定"
            in text)
    younger = printed(ORDER, organ_level="county", absence="dropout")["order_basis"]
    assert "第五十八条、《中华人民共和国未成年人保护法》第八十三条第二款" in younger
    for level, absence in (("township", "dropout"), ("county", "suspected")):
        assert problems(ORDER, birth_date="2010-09-18", organ_level=level, absence=absence) == {
            "birth_date": "已满十六周岁的，须已列为辍学，由县级教育行政部门责令。"}


def test_a_conditional_reason_needs_its_tick() -> None:
    assert printed(ORDER, reason_code="E", condition_met=True)


@pytest.mark.parametrize(("changes", "where"), [
    ({"end_at": "2026-09-16T09:30"}, "end_at"),
    ({"officers": [{"name": "王海峰", "cert_no": "1"}, {"name": "王海峰", "cert_no": "2"}]}, "officers"),
    ({"officers": [{"name": "王海峰", "cert_no": "1"}, {"name": "李云霞", "cert_no": "1"}]}, "officers"),
    ({"officers": [{"name": "王海峰", "cert_no": "1"}]}, "officers"),
    ({"rights_told": False}, "rights_told"),
    ({"id_checked": False}, "id_checked"),
    ({"person": "马小燕"}, "person"),
    ({"stance_note": ""}, "stance_note"),
    ({"guardian_stance": "agree"}, "promise_date"),
    ({"promise_date": "2026-09-15"}, "promise_date"),
    ({"qa": [{"question": "原因？给予训诫。", "answer": "不想念了。"}]}, "qa.0.question"),
    ({"qa": [{"question": "什么时候起没有到校？", "answer": "9月7日。"}]}, "qa"),
    ({"qa": [{"question": "原因？是不是信仰宗教？", "answer": "不是。"}]}, "qa.0.question"),
    ({"content": "请写保证书。"}, "content"),
    ({"rights_answer": ""}, "rights_answer"),
])
def test_a_record_that_proves_nothing_is_refused(changes: dict[str, Any], where: str) -> None:
    assert where in problems(RECORD, **changes)


def test_a_record_does_not_prejudge_and_tells_the_whole_right_to_challenge() -> None:
    context = printed(RECORD, guardian_stance="agree", promise_date="2026-09-21")
    assert "因马小燕未到校接受义务教育，" in context["opening"]
    assert "现向你了解情况、进行批评教育，并制作笔录。" in context["opening"]
    assert "与本案有直接利害关系或者有其他关系可能影响公正执法的，有权申请其回避" in context["rights_words"]
    assert "承诺于2026年9月21日（含当日）前送其返校" in context["stance_line"]
    assert "rights_answer" not in propose(catalogue.paper(RECORD), {})


def test_a_second_record_is_first_made_out_for_the_guardian_not_yet_heard() -> None:
    facts = {"guardians": GUARDIANS, "heard": heard(("马明远", "2026-09-16", ""))}
    assert propose(catalogue.paper(RECORD), facts)["person"] == "海秀兰"


def test_the_headings_of_a_record_go_on_when_the_child_was_not_heard() -> None:
    heard, unheard = printed(RECORD), printed(RECORD, child_view="")
    assert (heard["stance_no"], heard["check_no"]) == ("五", "六")
    assert (unheard["stance_no"], unheard["check_no"]) == ("四", "五")


@pytest.mark.parametrize(("changes", "where"), [
    ({"checked_on": "2026-09-28"}, "checked_on"),
    ({"present": "yes"}, "next"),
    ({"next": "follow"}, "next"),
    ({"present": "yes", "next": "follow", "method": "phone"}, "method"),
])
def test_a_check_within_the_term_or_at_odds_with_itself_is_refused(changes: dict[str, Any], where: str) -> None:
    assert where in problems(CHECK, **changes)


@pytest.mark.parametrize(("changes", "where"), [
    ({"issue_date": "2026-09-06"}, "issue_date"),
    ({"actions": [{"date": "2026-09-16", "by": "班主任", "method": "电话", "result": "未果"}]}, "actions.0.date"),
    ({"actions": []}, "actions"),
])
def test_a_report_without_persuasion_in_its_days_is_refused(changes: dict[str, Any], where: str) -> None:
    assert where in problems(REPORT, **changes)


def test_nothing_is_reported_before_the_child_is_suspected() -> None:
    with pytest.raises(Refused) as refused:
        compose(catalogue.paper(REPORT), catalogue.sample(REPORT) | {"absence": "absent", "first_absent_date": "2026-09-14",
                "actions": [{"date": "2026-09-15", "by": "班主任", "method": "电话", "result": "未果"}]},
                shipped.lawbook())
    found, = refused.value.problems
    assert (found.where, found.message) == ("absence", "尚未列为疑似辍学或者辍学，不作本报告。")
    assert "2026年9月22日列为疑似辍学" in found.advice
    assert "已返校" in told_of(REPORT, absence="returned_probation")


def told_of(kind: str, **changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        printed(kind, **changes)
    return "".join(each.advice for each in refused.value.problems)


def test_a_report_gives_the_age_and_not_the_birthday_beside_the_masked_number() -> None:
    context = printed(REPORT)
    assert "马小燕，女，15周岁，" in context["student_line"]
    assert "2011年3月15日" not in str(context)
    assert [row["no"] for row in context["actions"]] == ["一", "二", "三"]
    assert "第二十八条第二款和《固原市建立义务教育控辍保学长效机制实施办法》（固政办发〔2021〕28号）" in context["basis_label"]


def test_the_headline_of_a_report_names_no_child() -> None:
    context = printed(REPORT)
    assert context["headline"] == "关于1名学生疑似辍学情况的报告"
    assert context["recipients"] == "演示县云岭镇人民政府、演示县教育体育局"


def test_a_receipt_prints_with_its_blanks_empty() -> None:
    context = printed("service_receipt", place="")
    assert context["place"] == ""
    assert "□留置送达" in str(context["modes"])


def test_a_receipt_cites_the_articles_of_receipt_and_post() -> None:
    notes = printed("service_receipt")["notes"]
    assert "《中华人民共和国民事诉讼法》第八十七条、第八十八条、第八十九条、第九十一条" in notes
    assert "邮寄的，以回执上注明的收件日期为送达日期" in notes


def test_the_index_numbers_its_papers() -> None:
    context = printed("case_index")
    rows = context["papers"]
    assert [row["no"] for row in rows] == [str(number) for number in range(1, 9)]
    assert rows[3] == {"title": "责令限期改正通知书", "doc_no": "云政责改〔2026〕1号", "page": "9-10", "note": "",
                       "no": "4", "date": "2026.9.18"}
    assert context["case_title"] == "马明远、海秀兰未依法送子女入学接受义务教育案"
    assert "马小燕" not in str(context)


def test_an_unknown_kind_is_refused_with_those_that_exist() -> None:
    with pytest.raises(Refused, match="没有“bogus”这种文书"):
        catalogue.paper("bogus")


@pytest.mark.parametrize(("changes", "fault"), [
    ({"kind": "bogus"}, "template"),
    ({"series": ""}, "series"),
    ({"life": Life.RECORD}, "series"),
    ({"done_on": "bogus"}, "day"),
    ({"announced": "bogus"}, "flag"),
    ({"hears": "bogus"}, "hears"),
])
def test_a_declaration_that_contradicts_itself_stops_the_start(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        catalogue.require_whole([replace(catalogue.paper(ORDER), **changes)])


def test_two_papers_of_one_kind_stop_the_start() -> None:
    with pytest.raises(ValueError, match="twice"):
        catalogue.require_whole([*catalogue.PAPERS, catalogue.PAPERS[0]])
