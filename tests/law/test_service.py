from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.errors import Refused
from app.law.service import Mode, Place, Proxy, Service, Witness, effective_on, problems

AT = datetime(2026, 9, 18, 15, 30)  # noqa: DTZ001  (local time of law)
DAY = AT.date()
SERVERS = ("马执法", "王执法")
MOTHER = Proxy("演示", "母亲", age=66, cohabiting=True, family=True)
DIRECT = Service(mode=Mode.DIRECT, servers=SERVERS, served_at=AT)
REFUSED = replace(DIRECT, refused=True, refusal_reason="不愿签字", place=Place.SCHOOL, pictured=True,
                  reviewer_confirmed=True)
LEFT = Service(mode=Mode.LEAVE, servers=SERVERS, served_at=AT, refused=True, refusal_reason="不愿签字",
               witness_name="村主任", witness=Witness.VILLAGE)
POSTED = Service(mode=Mode.POST, tracking_no="EX123", received_on=date(2026, 9, 25))
SENT = Service(mode=Mode.ELECTRONIC, consent_filed=True, arrived_on=DAY)
FORWARDED = Service(mode=Mode.FORWARD, through="某监狱", served_at=AT)
ENTRUSTED = Service(mode=Mode.ENTRUST, through="某镇人民政府", served_at=AT)
ANNOUNCED = Service(mode=Mode.ANNOUNCE, announced_on=date(2026, 9, 21), announce_reason="下落不明",
                    posting_pictured=True)


def places(service: Service) -> list[str]:
    return [problem.where for problem in problems(service)]


@pytest.mark.parametrize(("service", "day"), [
    (DIRECT, DAY), (REFUSED, DAY), (LEFT, DAY), (POSTED, date(2026, 9, 25)), (SENT, DAY), (FORWARDED, DAY),
    (ENTRUSTED, DAY),
    (ANNOUNCED, date(2026, 10, 21)), (replace(DIRECT, proxy=MOTHER), DAY),
    (replace(LEFT, witness=Witness.EMPLOYER), DAY), (replace(LEFT, witness_name="", pictured=True), DAY),
    (replace(DIRECT, refused=True, refusal_reason="不愿签字", place=Place.OFFICE), DAY),
])
def test_what_the_law_knows_as_service_takes_effect_on_its_day(service: Service, day: date) -> None:
    assert problems(service) == ()
    assert effective_on(service) == day


@pytest.mark.parametrize(("service", "where"), [
    (replace(DIRECT, served_at=None), "served_at"),
    (replace(DIRECT, servers=("马执法",)), "servers"),
    (replace(DIRECT, servers=("马执法", " 马执法 ")), "servers"),
    (replace(DIRECT, servers=("马执法", "")), "servers"),
    (replace(LEFT, servers=()), "servers"),
    (replace(REFUSED, pictured=False), "pictured"),
    (replace(REFUSED, reviewer_confirmed=False), "reviewer_confirmed"),
    (replace(REFUSED, refusal_reason=" "), "refusal_reason"),
    (replace(REFUSED, place=Place.OFFICE, refusal_reason=""), "refusal_reason"),
    (replace(LEFT, place=Place.SCHOOL), "place"), (replace(LEFT, place=Place.OFFICE), "place"),
    (replace(LEFT, refusal_reason=""), "refusal_reason"), (replace(LEFT, witness_name=""), "witness_name"),
    (replace(LEFT, witness=Witness.OTHER), "witness_name"), (replace(LEFT, served_at=None), "served_at"),
    (replace(POSTED, tracking_no=""), "tracking_no"), (replace(POSTED, received_on=None), "received_on"),
    (replace(SENT, consent_filed=False), "consent_filed"), (replace(SENT, arrived_on=None), "arrived_on"),
    (replace(FORWARDED, through=""), "through"), (replace(ENTRUSTED, served_at=None), "served_at"),
    (replace(ANNOUNCED, announced_on=None), "announced_on"), (replace(ANNOUNCED, announce_reason=""),
                                                              "announce_reason"),
    (replace(ANNOUNCED, posting_pictured=False), "posting_pictured"),
])
def test_each_missing_proof_keeps_the_paper_unserved(service: Service, where: str) -> None:
    assert places(service) == [where]
    with pytest.raises(Refused, match="尚未完成送达") as refused:
        effective_on(service)
    assert refused.value.problems == problems(service)


@pytest.mark.parametrize("mode", [DIRECT, POSTED, ENTRUSTED])
@pytest.mark.parametrize("proxy", [
    replace(MOTHER, cohabiting=False), replace(MOTHER, relation="祖母", cohabiting=False), replace(MOTHER,
                                                                                                 age=17),
    replace(MOTHER, age=None), replace(MOTHER, relation="班主任", family=False), replace(MOTHER, relation="",
                                                                                      family=False),
])
def test_only_an_adult_of_the_same_household_may_take_the_paper(mode: Service, proxy: Proxy) -> None:
    assert places(replace(mode, proxy=proxy)) == ["proxy"]


def test_who_is_just_eighteen_may_take_the_paper() -> None:
    assert effective_on(replace(DIRECT, proxy=replace(MOTHER, age=18))) == DAY


def test_a_receiver_without_a_relation_is_called_so() -> None:
    found = problems(replace(DIRECT, proxy=Proxy("演示", "", age=40)))
    assert found[0].message.startswith("代收人不是同住的成年家属")


def test_what_nobody_ticked_was_not_proved() -> None:
    bare = {mode: places(Service(mode=mode)) for mode in Mode}
    assert bare[Mode.ELECTRONIC] == ["consent_filed", "arrived_on"]
    assert bare[Mode.ANNOUNCE] == ["announced_on", "announce_reason", "posting_pictured"]
    assert bare[Mode.LEAVE] == ["served_at", "refusal_reason", "witness_name", "servers"]
    assert places(Service(mode=Mode.DIRECT, refused=True, place=Place.SCHOOL)) == [
        "served_at", "refusal_reason", "pictured", "reviewer_confirmed", "servers"]
    assert places(replace(DIRECT, proxy=Proxy("演示", "母亲", age=66, cohabiting=True))) == ["proxy"]
    assert places(replace(DIRECT, proxy=Proxy("演示", "母亲", age=66, family=True))) == ["proxy"]


def test_a_grandmother_living_elsewhere_may_take_it_when_named_in_writing() -> None:
    grandmother = Proxy("演示", "祖母", age=70, family=True, named_in_writing=True)
    assert effective_on(replace(DIRECT, proxy=grandmother)) == DAY


@pytest.mark.parametrize("who", [Proxy("演示", "儿子", age=17, family=True, cohabiting=True,
                                       named_in_writing=True),
                                 Proxy("演示", "女儿", family=True, named_in_writing=True)])
def test_a_minor_takes_nothing_even_when_named_in_writing(who: Proxy) -> None:
    assert places(replace(DIRECT, proxy=who)) == ["proxy"]


@pytest.mark.parametrize("relation", ["班主任", "数学老师", "校长"])
def test_a_teacher_takes_nothing_even_when_named_in_writing(relation: str) -> None:
    teacher = Proxy("演示", relation, age=40, cohabiting=True, named_in_writing=True)
    assert places(replace(DIRECT, proxy=teacher)) == ["proxy"]


def test_a_wife_who_teaches_is_family_and_may_take_it() -> None:
    wife = Proxy("演示", "配偶（教师）", age=40, cohabiting=True, family=True)
    assert effective_on(replace(DIRECT, proxy=wife)) == DAY


def test_a_refusal_at_home_is_no_direct_service() -> None:
    at_home = replace(REFUSED, place=Place.HOME)
    assert [(each.where, each.advice) for each in problems(at_home)] == [("place", "请改选留置送达。")]


@pytest.mark.parametrize("pictured", [False, True])
def test_who_serves_does_not_witness(pictured: bool) -> None:  # noqa: FBT001  (a parameter of the table)
    assert places(replace(LEFT, witness_name=" 王执法 ", pictured=pictured)) == ["witness_name"]


def test_electronic_service_cites_the_form_of_consent() -> None:
    found = problems(replace(SENT, consent_filed=False))
    assert "（民事诉讼法第九十条、民诉解释第一百三十六条）" in found[0].message


def test_a_teacher_or_a_minor_lacks_both_conditions_and_hears_both() -> None:
    assert places(replace(DIRECT, proxy=Proxy("演示", "同学", age=13))) == ["proxy", "proxy"]


@pytest.mark.parametrize(("service", "where", "day"), [
    (DIRECT, "served_at", DAY), (POSTED, "received_on", date(2026, 9, 25)), (SENT, "arrived_on", DAY),
    (ANNOUNCED, "announced_on", date(2026, 9, 21)), (ENTRUSTED, "served_at", DAY),
])
def test_service_is_neither_before_the_paper_nor_in_the_future(service: Service, where: str, day: date) -> None:
    assert problems(service, issued_on=day, today=day) == ()
    assert [each.where for each in problems(service, issued_on=day + timedelta(days=1))] == [where]
    assert [each.where for each in problems(service, today=day - timedelta(days=1))] == [where]


def test_without_a_day_no_day_is_compared() -> None:
    assert places(replace(POSTED, received_on=None)) == ["received_on"]
    assert len(problems(replace(POSTED, received_on=None), issued_on=DAY, today=DAY)) == 1


def test_every_choice_has_a_label() -> None:
    assert len({mode.label for mode in Mode}) == 7
    assert all(place.label for place in Place)
    assert all(witness.label for witness in Witness)
