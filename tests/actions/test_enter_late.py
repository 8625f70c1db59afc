"""Steps done on paper: entered with day, number and scan, counted only with another person's consent, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.actions import approve_paper, consent_late, draft_paper, enter_late, set_up, submit_paper, void_paper
from app.actions.enter_late import LateEntry
from app.errors import Refused
from app.forms.late import late_groups
from app.law import steps
from app.law.lives import PaperState, Production, ScanRole
from app.law.service import Mode, Place
from app.law.steps import Step
from app.papers import catalogue
from app.records import files, services
from tests.people import BOTH_PARENTS, SCHOOL, STAGES, TOWNSHIP, Cast, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.law.offices import Actor

REPORT, RECORD, ORDER, CHECK = "school_report", "criticism_record", "rectification_order", "compliance_check"
FIXED = {"term_days": "7", "deadline_mode": "fixed", "serve_on": "2026-09-15"}


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    """A case opened on 15 September whose papers were begun before there was a system."""
    cast = at_stage("opened")
    for code, series in ((SCHOOL, "控辍"), (TOWNSHIP, "责改")):
        set_up.start_series(cast.desk, code, series, 2026, 50)
    return cast


def enter(cast: Cast, kind: str, on: date, *, actor: Actor | None = None, number: str = "", scan: bool = True,
          **typed: Any) -> str:
    who = actor or (cast.school if kind == REPORT else cast.clerk)
    signer = "演示李乡长" if kind == ORDER else ""
    return enter_late.enter_late(cast.desk, who, cast.case, kind, LateEntry(
        on, number, signer, typed=typed, scan=upload(f"{kind}{on}{typed}") if scan else None))


def consent(cast: Cast, paper: str) -> str:
    leader = cast.principal if cast.load(paper).kind == REPORT else cast.leader
    return consent_late.consent_late(cast.desk, leader, paper)


def on_paper(cast: Cast, through: str = ORDER) -> list[str]:
    """Report, hearing and order of September, each entered and consented to."""
    made = []
    for kind, on, number, typed in (
        (REPORT, date(2026, 9, 9), "演中控辍〔2026〕5号", {}),
        (RECORD, date(2026, 9, 11), "", {"person": cast.load_student_name()}),
        (ORDER, date(2026, 9, 15), "演示吉强政责改〔2026〕7号", FIXED),
    ):
        made.append(enter(cast, kind, on, number=number, **typed))
        consent(cast, made[-1])
        if kind == through:
            break
    return made


def test_an_entry_counts_only_with_the_consent_of_another_person(cast: Cast) -> None:
    paper = enter(cast, REPORT, date(2026, 9, 9), number="演中控辍〔2026〕5号")
    assert cast.load(paper).state is PaperState.SUBMITTED
    assert cast.load_case().day_of(Step.REPORT) is None
    assert consent(cast, paper) == "演中控辍〔2026〕5号"
    row, step = cast.load(paper), cast.load_case().steps[0]
    assert (row.state, row.origin, row.seq, row.number_typed) == (PaperState.ISSUED, "paper", 5, True)
    assert (row.consent_by, row.consent_at) == (cast.principal.account_id, cast.clock.now())
    assert (row.production, row.pdf_sha, row.printed) == (Production.NONE, None, None)
    assert (step.done_on, step.entered_at, step.paper_id) == (date(2026, 9, 9), cast.clock.now(), row.id)
    with cast.desk.register.reading() as db:
        assert [each.role for each in files.of_paper(db, row.id)] == [ScanRole.ORIGINAL]


def both(cast: Cast) -> str:
    on_paper(cast, REPORT)
    return enter(cast, RECORD, date(2026, 9, 11), actor=cast.both, person=cast.load_student_name())


def test_who_entered_it_does_not_consent(cast: Cast) -> None:
    paper = both(cast)
    with pytest.raises(Refused, match="录入人不能同意"):
        consent_late.consent_late(cast.desk, cast.both, paper)
    with pytest.raises(Refused, match="岗位"):
        consent_late.consent_late(cast.desk, cast.clerk, paper)
    with pytest.raises(Refused, match="吉强镇人民政府办理"):
        consent_late.consent_late(cast.desk, cast.bureau, paper)
    assert cast.load_case().day_of(Step.ADMONISH) is None
    consent(cast, paper)


def test_who_corrected_it_does_not_consent_either(cast: Cast) -> None:
    on_paper(cast, REPORT)
    paper = enter(cast, RECORD, date(2026, 9, 11), person=cast.load_student_name())
    consent_late.return_late(cast.desk, cast.leader, paper, "日期看不清")
    assert cast.load(paper).returned_note == "日期看不清"
    enter_late.enter_again(cast.desk, cast.both, paper, LateEntry(
        date(2026, 9, 12), typed={"person": cast.load_student_name()}, scan=upload("重扫")))
    with pytest.raises(Refused, match="录入人不能同意"):
        consent_late.consent_late(cast.desk, cast.both, paper)
    consent(cast, paper)
    assert cast.load_case().day_of(Step.ADMONISH) == date(2026, 9, 12)
    with cast.desk.register.reading() as db:
        assert [each.original_name for each in files.of_paper(db, cast.load(paper).id)] == ["重扫.png"]


def test_without_a_scan_nothing_is_entered(cast: Cast) -> None:
    with pytest.raises(Refused, match="请选择纸质原件的扫描件"):
        enter(cast, REPORT, date(2026, 9, 9), number="演中控辍〔2026〕5号", scan=False)


@pytest.mark.parametrize(("on", "reason"), [
    (date(2026, 9, 16), "今天以后"), (date(2026, 9, 6), "早于首次缺课日"), (date(1926, 9, 9), "不在可计算的年份")])
def test_a_day_that_cannot_be_is_refused(cast: Cast, on: date, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        enter(cast, REPORT, on, number=f"演中控辍〔{on.year}〕5号")


def test_the_order_of_steps_holds_by_their_days(cast: Cast) -> None:
    with pytest.raises(Refused, match="尚未完成“学校报告”"):
        enter(cast, RECORD, date(2026, 9, 11), person=cast.load_student_name())
    on_paper(cast, REPORT)
    with pytest.raises(Refused, match="早于前一步骤"):
        enter(cast, RECORD, date(2026, 9, 8), person=cast.load_student_name())
    with pytest.raises(Refused, match="已有一份"):
        enter(cast, REPORT, date(2026, 9, 10), number="演中控辍〔2026〕6号")


def test_an_entry_dated_after_what_stands_on_it_is_refused() -> None:
    done = [steps.Done(Step.REPORT, date(2026, 9, 9)), steps.Done(Step.ORDER, date(2026, 9, 14))]
    steps.require_before_later(Step.ADMONISH, done, date(2026, 9, 14))
    with pytest.raises(Refused, match="晚于后面的“责令限期改正”"):
        steps.require_before_later(Step.ADMONISH, done, date(2026, 9, 15))


@pytest.mark.parametrize(("number", "reason"), [
    ("", "请填写纸质原件上的文号"), ("5号", "六角括号"), ("演中控辍〔2025〕5号", "与成文日期的年份2026不一致"),
    ("演中控辍〔2026〕50号", "将来会重号")])
def test_a_number_that_cannot_stand_is_refused(cast: Cast, number: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        enter(cast, REPORT, date(2026, 9, 9), number=number)
    assert caught.value.problems[0].where == "number"


def test_a_number_is_borne_once(cast: Cast) -> None:
    on_paper(cast, RECORD)
    with pytest.raises(Refused, match="已经用过"):
        enter(cast, ORDER, date(2026, 9, 15), number="演中控辍〔2026〕5号", **FIXED)
    other = enter(cast, ORDER, date(2026, 9, 15), number="吉政发〔2026〕5号", **FIXED)
    assert consent(cast, other) == "吉政发〔2026〕5号"
    assert (cast.load(other).organ, cast.load(other).series) == ("吉政发", "")


def test_a_hearing_is_of_a_guardian_and_of_each_once(cast: Cast) -> None:
    on_paper(cast, REPORT)
    with pytest.raises(Refused) as caught:
        enter(cast, RECORD, date(2026, 9, 11), person="演示路过")
    assert "法定监护人" in caught.value.problems[0].message
    enter(cast, RECORD, date(2026, 9, 11), person=cast.load_student_name())
    with pytest.raises(Refused, match="补录待同意"):
        enter(cast, RECORD, date(2026, 9, 12), person=cast.load_student_name())


def test_an_order_tells_its_term_and_stands_on_a_hearing_of_each_party(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("cast")
    cast.clock.move_to(STAGES["enrolled"])
    cast.enrol(BOTH_PARENTS)
    cast.clock.move_to(STAGES["opened"])
    cast.open()
    set_up.start_series(cast.desk, SCHOOL, "控辍", 2026, 50)
    on_paper(cast, RECORD)
    with pytest.raises(Refused) as caught:
        enter(cast, ORDER, date(2026, 9, 15), number="吉政发〔2026〕7号", deadline_mode="from_service", term_days="")
    assert [each.where for each in caught.value.problems] == ["term_days"]
    with pytest.raises(Refused) as caught:
        enter(cast, ORDER, date(2026, 9, 15), number="吉政发〔2026〕7号", **FIXED)
    assert {each.where for each in caught.value.problems} == {"guardians.1.name", "deadline_mode"}
    consent(cast, enter(cast, RECORD, date(2026, 9, 12), person="演示海淑芳"))
    enter(cast, ORDER, date(2026, 9, 15), number="吉政发〔2026〕7号", deadline_mode="from_service", term_days="7")


def test_a_paper_order_is_served_checked_and_filed_like_any_other(cast: Cast) -> None:
    order = cast.load(on_paper(cast)[-1])
    cast.work()
    receipts = [each for each in cast.papers() if each.follows_id == order.id]
    assert [(each.frozen or {})["served_no"] for each in receipts] == ["演示吉强政责改〔2026〕7号"]
    cast.at(2026, 9, 16, 20)
    told = {"mode": Mode.DIRECT, "place": Place.HOME, "refused": False, "refusal_reason": ""}
    cast.serve(served_at=datetime(2026, 9, 15, 19, 30), proof=False, **told)  # noqa: DTZ001  (local time)
    with cast.desk.register.reading() as db:
        assert services.of_paper(db, order.id)[0].deadline == date(2026, 9, 22)
    cast.at(2026, 9, 23, 10)
    cast.record(cast.clerk, CHECK, cast.check_words("2026-09-23"))
    cast.file()
    with cast.desk.register.reading() as db:
        from app.records import packets  # noqa: PLC0415

        packet = packets.of_case(db, cast.clerk, cast.load_case().id)[0]
    notes = {each["title"]: each["note"] for each in packet.contents["items"]}
    assert notes["责令限期改正通知书"] == notes["疑似辍学学生报告"] == notes["批评教育笔录"] == "纸质原件扫描，补录"
    assert packet.production is Production.READY


def test_what_follows_in_the_system_stands_on_paper_steps(cast: Cast) -> None:
    on_paper(cast, RECORD)
    cast.clock.move_to(STAGES["ordered"])
    paper = cast.submit_order()
    assert approve_paper.approve_paper(cast.desk, cast.leader, paper) == "演示吉强政责改〔2026〕50号"
    assert [each["date"] for each in (cast.load(paper).frozen or {})["heard"]] == ["2026-09-11"]


def test_an_entry_is_neither_submitted_nor_approved_as_a_paper_of_ours(cast: Cast) -> None:
    on_paper(cast, RECORD)
    paper = enter(cast, ORDER, date(2026, 9, 15), number="吉政发〔2026〕7号", **FIXED)
    with pytest.raises(Refused, match="补录的纸质文书"):
        approve_paper.approve_paper(cast.desk, cast.leader, paper)
    with pytest.raises(Refused, match="不在待审签"):
        submit_paper.withdraw_paper(cast.desk, cast.clerk, paper)
    consent_late.return_late(cast.desk, cast.leader, paper, "扫描件不清")
    with pytest.raises(Refused, match="不能再次送出"):
        submit_paper.submit_paper(cast.desk, cast.clerk, paper)


@pytest.mark.parametrize("signer", ["", " "])
def test_an_order_says_who_signed_it_or_that_it_does_not_say(cast: Cast, signer: str) -> None:
    on_paper(cast, RECORD)
    entry = LateEntry(date(2026, 9, 15), "吉政发〔2026〕7号", signer, typed=FIXED, scan=upload("通知书"))
    with pytest.raises(Refused, match="请填写纸上的签发人") as caught:
        enter_late.enter_late(cast.desk, cast.clerk, cast.case, ORDER, entry)
    assert caught.value.problems[0].where == "signed_by"
    paper = enter_late.enter_late(cast.desk, cast.clerk, cast.case, ORDER, replace(entry, signed_by="原件未载明"))
    consent(cast, paper)
    assert cast.load(paper).signed_by == "原件未载明"


def test_the_sheet_of_an_order_asks_for_its_signer() -> None:
    asked = {kind: next(each for each in late_groups(catalogue.paper(kind))[0].fields if each.name == "signed_by")
             for kind in (REPORT, ORDER)}
    assert [asked[REPORT].required, asked[ORDER].required] == [False, True]
    assert asked[ORDER].parse("原件未载明") == "原件未载明"


def test_a_draft_that_nobody_sent_is_in_no_entrys_way(cast: Cast) -> None:
    draft_paper.start_draft(cast.desk, cast.school, cast.case, REPORT)
    assert on_paper(cast, REPORT)


def test_a_wrong_entry_is_void_and_its_step_gone(cast: Cast) -> None:
    paper = on_paper(cast, REPORT)[0]
    void_paper.void_paper(cast.desk, cast.principal, paper, "补录错了案卷")
    assert cast.load_case().steps == ()
    assert cast.load(paper).state is PaperState.VOID


def test_a_check_made_on_paper_says_what_was_found(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("served")
    cast.at(2026, 9, 29, 11)
    consent(cast, enter(cast, CHECK, date(2026, 9, 29), present="yes"))
    assert (cast.load_case().present, cast.load_case().returned_on) == (True, date(2026, 9, 29))


def test_without_the_guard_who_entered_it_would_consent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = both(cast)
    monkeypatch.setattr("app.records.papers.Paper.hands", frozenset())
    assert consent_late.consent_late(cast.desk, cast.both, paper) == ""
