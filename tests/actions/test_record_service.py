"""Serving: what the law counts as service, on each party, and the term that follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.actions import draft_paper, record_service, void_paper
from app.errors import Refused
from app.law.lives import ScanRole
from app.law.service import Mode, Place, Proxy, Service, Witness
from app.law.steps import Step
from app.records import files, services
from tests.people import BOTH_PARENTS, STAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast

EVENING = datetime(2026, 9, 18, 19, 30)  # noqa: DTZ001  (local time)


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    found = at_stage("ordered")
    found.clock.move_to(STAGES["served"])
    return found


def rows(cast: Cast) -> tuple[services.ServiceRow, ...]:
    with cast.desk.register.reading() as db:
        return services.of_paper(db, cast.paper("rectification_order").id)


def refusal(cast: Cast, **told: Any) -> str:
    with pytest.raises(Refused) as caught:
        cast.serve(**told)
    assert rows(cast) == ()
    assert cast.load_case().day_of(Step.SERVE) is None
    return f"{caught.value}{[(each.where, each.message, each.advice) for each in caught.value.problems]}"


def test_left_at_home_on_the_eighteenth_the_term_ends_on_the_twenty_eighth(cast: Cast) -> None:
    assert cast.serve() == date(2026, 9, 18)
    assert [(each.effective_on, each.deadline) for each in rows(cast)] == [(date(2026, 9, 18), date(2026, 9, 28))]
    assert cast.load_case().day_of(Step.SERVE) == date(2026, 9, 18)
    receipt = cast.paper("service_receipt")
    with cast.desk.register.reading() as db:
        assert {each.role for each in files.of_paper(db, receipt.id)} == {ScanRole.PROOF, ScanRole.RECEIPT}


@pytest.mark.parametrize(("proof", "witness"), [(True, ""), (False, "演示村主任")])
def test_a_photo_or_the_villages_witness_is_enough_at_home(cast: Cast, *, proof: bool, witness: str) -> None:
    assert cast.serve(proof=proof, witness_name=witness)


def test_left_at_home_without_witness_and_photo_is_no_service(cast: Cast) -> None:
    assert "见证" in refusal(cast, proof=False, witness_name="")
    assert "见证" in refusal(cast, proof=False, witness=Witness.OTHER)


def test_left_without_a_reason_or_by_one_server_is_no_service(cast: Cast) -> None:
    assert "拒收事由" in refusal(cast, refusal_reason="")
    assert "两名" in refusal(cast, servers=("演示王干事", "演示王干事"))


@pytest.mark.parametrize("place", [Place.OFFICE, Place.SCHOOL, Place.WORKPLACE, Place.ELSEWHERE])
def test_leaving_is_for_the_home_alone(cast: Cast, place: Place) -> None:
    assert "只能在受送达人住所" in refusal(cast, place=place)


def test_a_refusal_elsewhere_needs_a_photo_and_a_reviewer(cast: Cast) -> None:
    told: dict[str, Any] = {"mode": Mode.DIRECT, "place": Place.ELSEWHERE}
    assert "照片或录像" in refusal(cast, proof=False, reviewer_confirmed=True, **told)
    assert "审核人" in refusal(cast, **told)
    assert "审核人" in refusal(cast, reviewer_confirmed=True, **told), "the clerk's own tick is no review"
    assert cast.serve(cast.leader, reviewer_confirmed=True, **told)


def test_a_ticked_box_is_no_photo(cast: Cast) -> None:
    """What is pictured is what lies in the store, not what was ticked."""
    assert "照片或录像" in refusal(cast, proof=False, pictured=True, reviewer_confirmed=True, mode=Mode.DIRECT,
                              place=Place.ELSEWHERE)


def test_a_photo_that_came_before_counts(cast: Cast) -> None:
    cast.scan(cast.clerk, cast.paper("service_receipt").public_id, ScanRole.PROOF)
    assert cast.serve(proof=False, witness_name="")


def test_the_grandmother_who_lives_elsewhere_is_not_served(cast: Cast) -> None:
    told: dict[str, Any] = {"mode": Mode.DIRECT, "refused": False}
    assert "同住" in refusal(cast, proxy=Proxy("演示马奶奶", "母亲", 66, cohabiting=False, family=True), **told)
    assert "成年" in refusal(cast, proxy=Proxy("演示马小妹", "女儿", 12, cohabiting=True, family=True), **told)
    assert "不能代" in refusal(cast, proxy=Proxy("演示杨老师", "班主任", 40, named_in_writing=True), **told)
    assert cast.serve(proxy=Proxy("演示马奶奶", "母亲", 66, named_in_writing=True), **told)


def test_a_printed_last_day_served_on_another_day_is_refused_with_what_to_do(cast: Cast) -> None:
    cast.at(2026, 9, 20)
    words = refusal(cast, served_at=datetime(2026, 9, 19, 19, 30))  # noqa: DTZ001  (local time)
    assert "2026年9月28日" in words
    assert "作废这份通知书" in words


def test_a_term_that_runs_from_service_is_reckoned_from_the_mail_receipt(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    cast.clock.move_to(STAGES["ordered"])
    words = cast.order_words(deadline_mode="from_service", serve_on="")
    cast.issue(cast.clerk, cast.leader, "rectification_order", words)
    cast.at(2026, 9, 26)
    effective = cast.serve(mode=Mode.POST, refused=False, served_at=None, received_on=date(2026, 9, 25),
                           tracking_no="演示0001")
    assert effective == date(2026, 9, 25)
    assert [each.deadline for each in rows(cast)] == [date(2026, 10, 8)]


@pytest.mark.parametrize("told", [
    {"served_at": datetime(2026, 9, 18, 20, 1)},  # noqa: DTZ001  (local time)
    {"mode": Mode.POST, "served_at": None, "received_on": date(2026, 9, 19), "tracking_no": "演示0001"},
    {"mode": Mode.ANNOUNCE, "served_at": None, "announced_on": date(2026, 9, 19), "announce_reason": "查找不到"},
])
def test_service_that_has_not_happened_yet_is_refused(cast: Cast, told: dict[str, Any]) -> None:
    assert "还没有到" in refusal(cast, **told)


def test_service_before_the_order_was_made_is_refused(cast: Cast) -> None:
    assert "早于" in refusal(cast, served_at=datetime(2026, 9, 17, 19, 30))  # noqa: DTZ001  (local time)


def test_a_second_click_serves_nobody_twice(cast: Cast) -> None:
    cast.serve()
    with pytest.raises(Refused, match="已经登记过"):
        cast.serve()
    assert len(rows(cast)) == 1


def test_the_day_of_service_and_the_moment_of_entry_are_both_kept(cast: Cast) -> None:
    cast.at(2026, 9, 21, 8)
    cast.serve()
    row = rows(cast)[0]
    assert (row.served_at, row.effective_on) == (EVENING, date(2026, 9, 18))
    assert row.entered_at == cast.clock.now()


def test_a_served_order_is_not_void_any_more(cast: Cast) -> None:
    cast.serve()
    with pytest.raises(Refused, match="已经登记送达"):
        void_paper.void_paper(cast.desk, cast.leader, cast.paper("rectification_order").public_id, "成文日期写错了")


def test_an_order_that_is_not_issued_is_not_served(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()
    cast.clock.move_to(STAGES["served"])
    with pytest.raises(Refused, match="签发以后才送达"):
        record_service.record_service(cast.desk, cast.clerk, record_service.NewService(
            paper, cast.load_student().guardians[0].id,
            Service(mode=Mode.DIRECT, servers=("甲", "乙"), served_at=EVENING)))


@pytest.fixture
def parents(at_stage: Callable[[str], Cast]) -> Cast:
    """An order against both parents, who wait for it on the 18th."""
    cast = at_stage("cast")
    for stage in ("enrolled", "opened", "reported", "admonished", "ordered"):
        cast.go_on(stage, BOTH_PARENTS)
    cast.clock.move_to(STAGES["served"])
    return cast


def test_both_parents_must_be_served_before_the_check(parents: Cast) -> None:
    parents.serve(which=0)
    assert parents.load_case().day_of(Step.SERVE) is None
    parents.clock.move_to(STAGES["checked"])
    with pytest.raises(Refused, match="尚未完成“送达”"):
        draft_paper.start_draft(parents.desk, parents.clerk, parents.case, "compliance_check")
    parents.serve(which=1)
    assert parents.load_case().day_of(Step.SERVE) == date(2026, 9, 18)
    assert draft_paper.start_draft(parents.desk, parents.clerk, parents.case, "compliance_check")


def test_each_parent_has_a_receipt_and_the_scan_goes_to_the_right_one(parents: Cast) -> None:
    parents.serve(which=1)
    for receipt in (each for each in parents.papers() if each.kind == "service_receipt"):
        with parents.desk.register.reading() as db:
            scans = files.of_paper(db, receipt.id)
        assert receipt.frozen is not None
        assert bool(scans) == (receipt.frozen["addressee"] == "演示海淑芳")


def test_no_check_before_the_term_is_over(cast: Cast) -> None:
    cast.serve()
    cast.at(2026, 9, 28, 23)
    with pytest.raises(Refused, match="才届满"):
        draft_paper.start_draft(cast.desk, cast.clerk, cast.case, "compliance_check")
    cast.at(2026, 9, 29, 0, 5)
    assert draft_paper.start_draft(cast.desk, cast.clerk, cast.case, "compliance_check")


def test_an_order_reckoned_from_receipt_is_not_served_by_announcement(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    cast.at(2026, 9, 18, 10)
    cast.issue(cast.clerk, cast.leader, "rectification_order", cast.order_words(deadline_mode="from_service", serve_on=""))
    cast.at(2026, 10, 26)
    assert "公告送达的通知书" in refusal(cast, mode=Mode.ANNOUNCE, served_at=None, announced_on=date(2026, 9, 21),
                                 announce_reason="多方查找不到。")


def test_an_announced_order_is_not_handed_over_and_counts_when_its_term_is_over(
    at_stage: Callable[[str], Cast],
) -> None:
    cast = at_stage("admonished")
    cast.at(2026, 9, 18, 10)
    words = cast.order_words(deadline_mode="from_service", serve_on="", announced=True)
    cast.issue(cast.clerk, cast.leader, "rectification_order", words)
    cast.at(2026, 9, 18, 20)
    assert "公告送达的通知书" in refusal(cast)
    told: dict[str, Any] = {"mode": Mode.ANNOUNCE, "served_at": None, "announced_on": date(2026, 9, 21),
                            "announce_reason": "多方查找不到。"}
    cast.at(2026, 9, 22)
    with pytest.raises(Refused, match="公告期未满"):
        cast.serve(**told)
    cast.at(2026, 10, 22)
    assert cast.serve(**told) == date(2026, 10, 21)
