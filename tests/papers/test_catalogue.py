"""What the six papers say, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.errors import Refused
from app.outside import shipped
from app.papers import catalogue
from app.papers.context import compose
from app.papers.kinds import Life
from tests.papers.test_context import problems

ORDER, RECORD, CHECK, REPORT = "rectification_order", "criticism_record", "compliance_check", "school_report"


def printed(kind: str, **changes: Any) -> dict[str, Any]:
    data = catalogue.sample(kind) | changes
    return dict(compose(catalogue.paper(kind), data, shipped.lawbook()).context)


def test_seven_days_from_the_18th_end_after_the_holiday() -> None:
    assert printed(ORDER)["demand_term"] == "于2026年9月28日（含当日）前"


def test_without_a_day_of_service_the_term_runs_from_receipt() -> None:
    context = printed(ORDER, deadline_mode="from_service", serve_on="")
    assert context["demand_term"].startswith("自收到本通知书之日起7日内（")
    assert "自收到之日起3个工作日内" in context["statement_right"]


def test_an_announced_order_lets_every_term_run_from_the_end_of_the_announcement() -> None:
    context = printed(ORDER, deadline_mode="from_service", serve_on="", announced=True)
    assert context["demand_term"].startswith("自公告期满之日起7日内")
    assert "自公告期满之日起六十日内" in context["rights"]
    assert "deadline_mode" in problems(ORDER, announced=True)


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
    guardians: Any = catalogue.sample(ORDER)["guardians"]
    assert printed(ORDER, guardians=guardians[:1])["order_basis"].startswith("你无正当理由")


@pytest.mark.parametrize(("changes", "where"), [
    ({"findings": "该生一直未到校。"}, "findings"),
    ({"serve_on": ""}, "serve_on"),
    ({"serve_on": "2026-09-17"}, "serve_on"),
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


def test_sixteen_years_are_the_countys_or_need_a_reviewer() -> None:
    assert printed(ORDER, birth_date="2010-09-18", organ_level="county")
    assert printed(ORDER, birth_date="2010-09-18", reviewer_override=True)


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
    ({"qa": [{"question": "原因？", "answer": "不想念了，给予训诫。"}]}, "qa.0.answer"),
])
def test_a_record_that_proves_nothing_is_refused(changes: dict[str, Any], where: str) -> None:
    assert where in problems(RECORD, **changes)


def test_the_headings_of_a_record_go_on_when_the_child_was_not_heard() -> None:
    heard, unheard = printed(RECORD), printed(RECORD, child_view="")
    assert (heard["stance_no"], heard["check_no"]) == ("五", "六")
    assert (unheard["stance_no"], unheard["check_no"]) == ("四", "五")


@pytest.mark.parametrize(("changes", "where"), [
    ({"checked_on": "2026-09-28"}, "checked_on"),
    ({"present": "yes"}, "next"),
    ({"next": "follow"}, "next"),
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


def test_the_headline_of_a_report_names_no_child() -> None:
    context = printed(REPORT)
    assert context["headline"] == "关于1名学生疑似辍学情况的报告"
    assert context["recipients"] == "演示县云岭镇人民政府、演示县教育体育局"


def test_a_receipt_prints_with_its_blanks_empty() -> None:
    context = printed("service_receipt", place="")
    assert context["place"] == ""
    assert "□留置送达" in str(context["modes"])


def test_the_index_numbers_its_papers() -> None:
    rows = printed("case_index")["papers"]
    assert [row["no"] for row in rows] == [str(number) for number in range(1, 8)]
    assert rows[2] == {"title": "责令限期改正通知书", "doc_no": "云政责改〔2026〕1号", "page": "6-7", "note": "",
                       "no": "3", "date": "2026.9.18"}


def test_an_unknown_kind_is_refused_with_those_that_exist() -> None:
    with pytest.raises(Refused, match="没有“bogus”这种文书"):
        catalogue.paper("bogus")


@pytest.mark.parametrize(("changes", "fault"), [
    ({"kind": "bogus"}, "template"),
    ({"series": ""}, "series"),
    ({"life": Life.RECORD}, "series"),
    ({"done_on": "bogus"}, "day"),
])
def test_a_declaration_that_contradicts_itself_stops_the_start(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        catalogue.require_whole([replace(catalogue.paper(ORDER), **changes)])


def test_two_papers_of_one_kind_stop_the_start() -> None:
    with pytest.raises(ValueError, match="twice"):
        catalogue.require_whole([*catalogue.PAPERS, catalogue.PAPERS[0]])
