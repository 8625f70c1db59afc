"""Sending and taking back: what is frozen, what may come next, who may make it, what words are refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from app.actions import approve_paper, draft_paper, register_student, submit_paper
from app.errors import NotVisible, Refused
from app.law.lives import PaperState, Production, ScanRole
from app.law.steps import Step
from app.records import keeps
from tests.people import BOTH_PARENTS, GROWN, STAGES, STREET, STREET_SCHOOL, Child

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def told(refused: Refused) -> str:
    return f"{refused}{''.join(f'{each.where}{each.message}{each.advice}' for each in refused.problems)}"


def test_a_submitted_paper_is_frozen_and_can_be_taken_back(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    row = cast.load(paper)
    assert (row.state, row.submitter_id) == (PaperState.SUBMITTED, cast.clerk.account_id)
    late = draft_paper.save_draft(cast.desk, cast.clerk, paper, {"findings": "改"}, row.version)
    assert (late.sent, bool(late.keep), cast.load(paper).typed) == (True, True, row.typed)
    submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
    again = cast.load(paper)
    assert (again.state, again.production, again.frozen, again.pdf_sha) == (
        PaperState.DRAFT, Production.NONE, None, None)
    assert again.typed == row.typed
    draft_paper.save_draft(cast.desk, cast.clerk, paper, dict(again.typed) | {"term_days": "10"}, again.version)
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)


def test_a_returned_paper_carries_the_leaders_note(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    with pytest.raises(Refused, match="原因"):
        submit_paper.return_paper(cast.desk, cast.leader, paper, "  ")
    submit_paper.return_paper(cast.desk, cast.leader, paper, "证据写具体些")
    assert (cast.load(paper).state, cast.load(paper).returned_note) == (PaperState.DRAFT, "证据写具体些")


def test_a_second_click_on_send_makes_no_second_job(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order()
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    with pytest.raises(Refused, match="不能再次送出"):
        submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    assert cast.work() == 1


def test_the_second_of_two_editors_overwrites_nothing_and_loses_nothing(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order()
    version = cast.load(paper).version
    words = dict(cast.load(paper).typed)
    saved = draft_paper.save_draft(cast.desk, cast.clerk, paper, words | {"term_days": "10"}, version)
    assert saved == draft_paper.Saved(version + 1)
    late = draft_paper.save_draft(cast.desk, cast.second, paper, words | {"term_days": "5"}, version)
    assert cast.load(paper).typed["term_days"] == "10"
    with cast.desk.register.reading() as db:
        kept = keeps.load(db, cast.load(paper).id, late.keep_id)
    assert (kept.typed["term_days"], kept.account_id) == ("5", cast.second.account_id)
    assert draft_paper.save_draft(cast.desk, cast.second, paper, words | {"term_days": "5"}, saved.version).keep == ""
    assert cast.load(paper).typed["term_days"] == "5"


def test_a_draft_that_is_open_is_answered_again(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order()
    assert draft_paper.start_draft(cast.desk, cast.second, cast.case, "rectification_order") == paper


@pytest.mark.parametrize(("stage", "who", "kind", "missing"), [
    ("opened", "clerk", "criticism_record", "学校报告"), ("opened", "clerk", "rectification_order", "学校报告"),
    ("reported", "clerk", "rectification_order", "批评教育"),
    ("admonished", "clerk", "compliance_check", "责令限期改正"), ("ordered", "clerk", "compliance_check", "送达"),
])
def test_no_step_before_its_predecessor(
    at_stage: Callable[[str], Cast], stage: str, who: str, kind: str, missing: str,
) -> None:
    cast = at_stage(stage)
    with pytest.raises(Refused, match=f"尚未完成“{missing}”"):
        draft_paper.start_draft(cast.desk, cast.people[who], cast.case, kind)


@pytest.mark.parametrize(("stage", "kind", "step"), [
    ("admonished", "criticism_record", "批评教育"), ("ordered", "rectification_order", "责令限期改正")])
def test_no_step_twice(at_stage: Callable[[str], Cast], stage: str, kind: str, step: str) -> None:
    cast = at_stage(stage)
    with pytest.raises(Refused, match=f"完成“{step}”，不能重复|已有一份"):
        draft_paper.start_draft(cast.desk, cast.clerk, cast.case, kind)


@pytest.mark.parametrize(("who", "kind"), [("school", "rectification_order"), ("school", "criticism_record"),
                                           ("clerk", "school_report"), ("county", "school_report")])
def test_no_paper_by_the_wrong_level(at_stage: Callable[[str], Cast], who: str, kind: str) -> None:
    cast = at_stage("admonished")
    with pytest.raises(Refused, match="不能制发"):
        draft_paper.start_draft(cast.desk, cast.people[who], cast.case, kind)


def test_no_paper_is_dated_before_the_step_it_stands_on(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order(on="2026-09-15")
    with pytest.raises(Refused, match="早于前一步骤"):
        submit_paper.submit_paper(cast.desk, cast.clerk, paper)


def test_a_step_that_is_gone_by_the_time_of_approval_is_missed(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    township = cast.submit_order()
    cast.draft(cast.county, "rectification_order", cast.order_words())
    county = next(each.public_id for each in cast.papers(cast.county) if each.office_id == cast.county.office_id)
    submit_paper.submit_paper(cast.desk, cast.county, county)
    cast.work()
    approve_paper.approve_paper(cast.desk, cast.leader, township)
    with pytest.raises(Refused, match="不能重复办理"):
        approve_paper.approve_paper(cast.desk, cast.bureau, county)


@pytest.mark.parametrize(("kind", "field"), [("rectification_order", "issue_date"), ("criticism_record", "start_at")])
def test_days_that_have_not_come_are_refused_by_the_field_that_says_them(
    at_stage: Callable[[str], Cast], kind: str, field: str,
) -> None:
    order = kind == "rectification_order"
    cast = at_stage("admonished" if order else "reported")
    cast.clock.move_to(STAGES["ordered"])
    words = cast.order_words("2026-09-19") if order else cast.admonish_words("2026-09-19T09:00", "2026-09-19T10:00")
    paper = cast.draft(cast.clerk, kind, words)
    with pytest.raises(Refused, match="今天以后") as caught:
        (submit_paper.submit_paper if order else submit_paper.finish_record)(cast.desk, cast.clerk, paper)
    assert [each.where for each in caught.value.problems] == [field]


@pytest.mark.parametrize("words", ["否则罚款500元。", "处以罚 款。"])
def test_a_fine_in_an_order_is_refused_with_the_field_named(at_stage: Callable[[str], Cast], words: str) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order(findings=f"自2026年9月7日起未到校。{words}")
    with pytest.raises(Refused) as caught:
        submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    assert {each.where for each in caught.value.problems} == {"findings"}
    assert "罚" in told(caught.value)
    assert cast.load(paper).state is PaperState.DRAFT


def opened_with(at_stage: Callable[[str], Cast], reason: str, child: Child | None = None) -> Cast:
    """A case with the reason, reported and admonished."""
    cast = at_stage("cast")
    cast.clock.move_to(STAGES["opened"])
    student = cast.enrol(child) if child else cast.enrol()
    cast.open(student, reason=reason)
    cast.go_on("reported")
    cast.go_on("admonished")
    cast.clock.move_to(STAGES["ordered"])
    return cast


@pytest.mark.parametrize(("reason", "why"), [("Q", "只缺学籍"), ("T", "下落不明"), ("D", "不适宜在校就读")])
def test_a_good_reason_blocks_the_order_and_is_told(at_stage: Callable[[str], Cast], reason: str, why: str) -> None:
    cast = opened_with(at_stage, reason)
    with pytest.raises(Refused, match=why):
        draft_paper.start_draft(cast.desk, cast.clerk, cast.case, "rectification_order")


def test_a_put_off_entry_blocks_the_order_until_it_is_known_that_it_was_not_granted(
        at_stage: Callable[[str], Cast]) -> None:
    cast = opened_with(at_stage, "P")
    paper = cast.draft_order()
    with pytest.raises(Refused) as caught:
        submit_paper.submit_paper(cast.desk, cast.clerk, paper)
    assert "获批准的不得责令" in told(caught.value)
    row = cast.load(paper)
    draft_paper.save_draft(cast.desk, cast.clerk, paper, dict(row.typed) | {"condition_met": True}, row.version)
    submit_paper.submit_paper(cast.desk, cast.clerk, paper)


def test_no_order_about_a_pupil_of_eighteen(at_stage: Callable[[str], Cast]) -> None:
    cast = opened_with(at_stage, "F", GROWN)
    with pytest.raises(Refused, match="已满18周岁"):
        draft_paper.start_draft(cast.desk, cast.clerk, cast.case, "rectification_order")


def test_no_report_and_so_no_order_before_the_pupil_is_suspected_to_have_dropped_out(
        at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("cast")
    cast.clock.move_to(STAGES["ordered"])
    cast.open(cast.enrol(), absent=date(2026, 9, 14))
    paper = cast.draft(cast.school, "school_report", cast.report_words("2026-09-18") | {"actions": [
        {"date": "2026-09-15", "by": "班主任", "method": "入户走访", "result": "监护人表示暂不送返。"}]})
    with pytest.raises(Refused) as caught:
        submit_paper.submit_paper(cast.desk, cast.school, paper)
    assert "尚未列为疑似辍学或者辍学，不作本报告。" in told(caught.value)
    assert "2026年9月22日列为疑似辍学" in told(caught.value)


def second_record(cast: Cast, *, scan: bool = True) -> str:
    words = cast.admonish_words("2026-09-17T09:00", "2026-09-17T09:40") | {
        "person": BOTH_PARENTS.guardians[1][0]}
    return cast.record(cast.clerk, "criticism_record", words, scan=scan)


def test_each_guardian_has_a_record_of_its_own_and_none_is_ordered_unheard(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("cast")
    for stage in ("enrolled", "opened", "reported"):
        cast.go_on(stage, BOTH_PARENTS)
    cast.clock.move_to(STAGES["admonished"])
    cast.record(cast.clerk, "criticism_record", cast.admonish_words())
    cast.at(2026, 9, 17, 10)
    unsigned = second_record(cast, scan=False)
    with pytest.raises(Refused, match="完成“批评教育”，不能重复"):
        draft_paper.start_draft(cast.desk, cast.clerk, cast.case, "criticism_record")
    order = cast.draft_order(deadline_mode="from_service", serve_on="")
    with pytest.raises(Refused) as caught:
        submit_paper.submit_paper(cast.desk, cast.clerk, order)
    assert "演示海淑芳尚未批评教育、询问原因，不能列为当事人。" in told(caught.value)
    cast.scan(cast.clerk, unsigned, ScanRole.SIGNED_RECORD)
    submit_paper.submit_paper(cast.desk, cast.clerk, order)
    frozen = cast.load(order).frozen
    assert frozen is not None
    assert [(each["name"], each["date"]) for each in frozen["heard"]] == [
        ("演示马明远", "2026-09-16"), ("演示海淑芳", "2026-09-17")]
    printed = cast.load(order).printed
    assert printed is not None
    assert "本机关于2026年9月17日依法对演示海淑芳进行批评教育后，你们仍未送" in printed["steps_taken"]
    assert cast.load_case().day_of(Step.ADMONISH) == date(2026, 9, 16)


def test_with_the_order_no_more_hearing_is_begun(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("cast")
    for stage in ("enrolled", "opened", "reported", "admonished", "ordered"):
        cast.go_on(stage, BOTH_PARENTS)
    with pytest.raises(Refused, match="完成“批评教育”，不能重复"):
        draft_paper.start_draft(cast.desk, cast.clerk, cast.case, "criticism_record")


def test_a_street_office_makes_no_order_and_the_district_does(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("cast")
    cast.clock.move_to(STAGES["reported"])
    who = cast.people
    student = register_student.register_student(
        cast.desk, who["street_school"], cast.enrolment(school=STREET_SCHOOL, township=STREET))
    case = cast.open(student, actor=who["street_school"])
    paper = submit(cast, case)
    approve_paper.approve_paper(cast.desk, who["street_principal"], paper)
    cast.work()
    cast.scan(who["street_school"], paper, ScanRole.STAMPED)
    cast.clock.move_to(STAGES["admonished"])
    for kind in ("criticism_record", "rectification_order"):
        with pytest.raises(Refused, match="街道办事处，不能制发") as caught:
            draft_paper.start_draft(cast.desk, who["street"], case, kind)
        assert "原州区教育体育局" in caught.value.advice
        with pytest.raises(NotVisible):
            draft_paper.start_draft(cast.desk, cast.county, case, kind)
    district_record(cast, case)
    cast.clock.move_to(STAGES["ordered"])
    words: dict[str, Any] = cast.order_words()
    order = draft_paper.start_draft(cast.desk, who["district"], case, "rectification_order")
    row = cast.load(order, who["district"])
    draft_paper.save_draft(cast.desk, who["district"], order, dict(row.typed) | words, row.version)
    submit_paper.submit_paper(cast.desk, who["district"], order)
    cast.work()
    number = approve_paper.approve_paper(cast.desk, who["district_leader"], order)
    assert number == "演示原教体责改〔2026〕1号"


def submit(cast: Cast, case: str) -> str:
    return cast.submit(cast.people["street_school"], "school_report", cast.report_words(), case)


def district_record(cast: Cast, case: str) -> None:
    officers = [{"name": "演示柳科员", "cert_no": "演示640499010"}, {"name": "演示安局长", "cert_no": "演示640499011"}]
    words = {"start_at": "2026-09-16T15:00", "end_at": "2026-09-16T15:50", "place": "演示调解室",
             "officers": officers, "recorder": "演示柳科员", "person": "演示马明远", "id_checked": True,
             "rights_told": True, "rights_answer": "听清了。", "guardian_stance": "reason", "stance_note": "要商量。",
             "qa": [{"question": "孩子为何没有到校？", "answer": "不想上学。"}]}
    cast.record(cast.people["district"], "criticism_record", words, case)
    assert cast.load_case(cast.people["district"], case).day_of(Step.ADMONISH) == date(2026, 9, 16)


def test_a_pupil_without_an_id_number_is_reported_all_the_same(cast: Cast) -> None:
    """A child is not out of the law for want of a number: the report says 暂缺."""
    cast.clock.move_to(STAGES["enrolled"])
    asked = cast.enrolment(id_number="", student_status_no="")
    student = register_student.register_student(cast.desk, cast.school, asked)
    cast.clock.move_to(STAGES["reported"])
    cast.open(student)
    paper = cast.submit(cast.school, "school_report", cast.report_words())
    row = cast.load(paper)
    assert row.state is PaperState.SUBMITTED
    assert (row.printed or {})["id_number"] == "暂缺"
