"""What holds for all actions: strangers see nothing, one audit line each, everything in one transaction or nothing."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import true

from app.actions import draft_paper
from app.errors import NotVisible, Refused
from app.records import audit, cases, packets, papers, students
from app.records.tables import ROOMS
from tests.actions.acts import ACTS, NOT_ACTS, all_actions, prepared
from tests.actions.whole import changed, whole
from tests.people import STRANGERS, Cast, identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.law.offices import Actor
    from app.records.database import Db


class AuditFailed(RuntimeError):
    """The audit line could not be written."""


def fail(*_: object, **__: object) -> str:
    raise AuditFailed


def test_no_action_is_forgotten() -> None:
    assert {name for name in all_actions() if name.partition(".")[0] not in NOT_ACTS} - set(NOT_ACTS) == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_whoever_may_does_it_with_its_audit_lines(at_stage: Callable[[str], Cast], name: str) -> None:
    cast = at_stage(ACTS[name].stage)
    _, act = prepared(cast, name)
    before, lines = whole(cast.desk), cast.lines()
    act()
    assert cast.lines() - lines == ACTS[name].lines
    after = changed(before, whole(cast.desk))
    assert after - {"audit"} or name.startswith(("reveal_identity", "export_"))
    with cast.desk.register.reading() as db:
        assert audit.first_bad(db) is None


@pytest.mark.parametrize("name", ACTS)
def test_strangers_of_another_county_township_or_school_see_nothing(at_stage: Callable[[str], Cast], name: str) -> None:
    cast = at_stage(ACTS[name].stage)
    do, act = prepared(cast, name)
    before = whole(cast.desk)
    for stranger in ACTS[name].strangers:
        with pytest.raises(NotVisible):
            do(cast.people[stranger])
    assert changed(before, whole(cast.desk)) == set()
    act()


@pytest.mark.parametrize("name", [name for name in ACTS if ACTS[name].lines])
def test_nothing_is_changed_when_the_audit_line_cannot_be_written(
    at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch, name: str,
) -> None:
    cast = at_stage(ACTS[name].stage)
    _, act = prepared(cast, name)
    before = whole(cast.desk)
    with monkeypatch.context() as patched:
        patched.setattr(audit, "append", fail)
        with pytest.raises(AuditFailed):
            act()
    assert changed(before, whole(cast.desk)) == set()
    act()


QUERIES: dict[str, Callable[[Db, Actor, Cast], object]] = {
    "students.list_students": lambda db, actor, _: students.list_students(db, actor),
    "students.load_student": lambda db, actor, cast: students.load_student(db, actor, cast.student),
    "students.load_by_key": lambda db, actor, cast: students.load_by_key(db, actor, cast.load_student().id),
    "students.find_in_school": lambda db, actor, cast: students.find_in_school(
        db, actor, cast.load_student().school_id, cast.load_student().id_number),
    "students.find_namesake": lambda db, actor, cast: students.find_namesake(
        db, actor, cast.enrolment().student),
    "cases.list_cases": lambda db, actor, _: cases.list_cases(db, actor),
    "cases.load_case": lambda db, actor, cast: cases.load_case(db, actor, cast.case),
    "cases.load_by_key": lambda db, actor, cast: cases.load_by_key(db, actor, cast.load_case().id),
    "cases.of_students": lambda db, actor, cast: cases.of_students(db, actor, [cast.load_student().id]),
    "cases.of_student": lambda db, actor, cast: cases.of_student(db, actor, cast.load_student().id),
    "papers.load_paper": lambda db, actor, cast: papers.load_paper(db, actor, cast.papers()[0].public_id),
    "papers.load_by_key": lambda db, actor, cast: papers.load_by_key(db, actor, cast.papers()[0].id),
    "papers.of_case": lambda db, actor, cast: papers.of_case(db, actor, cast.load_case().id),
    "papers.of_cases": lambda db, actor, cast: papers.of_cases(db, actor, [cast.load_case().id])[cast.load_case().id],
    "papers.by_keys": lambda db, actor, cast: papers.by_keys(db, actor, [each.id for each in cast.papers()]),
    "papers.register_rows": lambda db, actor, _: papers.register_rows(db, actor),
    "packets.load_packet": lambda db, actor, cast: packets.load_packet(db, actor, packet_of(cast)),
    "packets.of_case": lambda db, actor, cast: packets.of_case(db, actor, cast.load_case().id),
    "packets.list_packets": lambda db, actor, _: packets.list_packets(db, actor),
    "draft_paper.look_at_draft": lambda db, actor, cast: draft_paper.look_at_draft(
        cast.desk, actor, db, next(each.public_id for each in cast.papers() if each.kind == "compliance_check")),
}
NOT_QUERIES = {
    "audit.append": "writes who acted",
    "batches.load_batch": "a batch is an office's own; shown with the actions upon it",
    "batches.list_batches": "a batch is an office's own; shown in its own test",
    "accounts.list_accounts": "officials' accounts, no child; shown with the pages of administrators",
    "accounts.load_in_charge": "officials' accounts, no child; every act on an account goes through it",
    "offices.below": "offices name no person; only those under one's own",
    "offices.load_in_charge": "offices name no person; every act on an office goes through it",
    "cases.open_cases": "shown below, because nothing is open in a filed case",
    "papers.successors": "shown with the reissue, because nothing is void in a filed case",
    "looks.child_of": "shown with the look log",
    "looks.of_person": "shown with the look log; of a person in charge it tells counts only",
    "papers.waiting_for_approval": "shown below, because nothing waits in a filed case",
}


def packet_of(cast: Cast) -> str:
    with cast.desk.register.reading() as db:
        return packets.list_packets(db, cast.clerk)[0].public_id


def outcome(query: Callable[[Db, Actor, Cast], object], cast: Cast, actor: Actor) -> object:
    with cast.desk.register.reading() as db:
        try:
            return query(db, actor, cast)
        except NotVisible:
            return None


def test_no_query_of_the_records_is_forgotten() -> None:
    found = {f"{room.__name__.rpartition('.')[2]}.{name}" for room in ROOMS for name, each in vars(room).items()
             if inspect.isfunction(each) and each.__module__ == room.__name__ and not name.startswith("_")
             and "actor" in inspect.signature(each).parameters}
    assert found == (set(QUERIES) | set(NOT_QUERIES)) - {"draft_paper.look_at_draft"}


@pytest.fixture(scope="module")
def filed(stages: object, tmp_path_factory: pytest.TempPathFactory) -> Cast:
    return Cast(stages.copy("filed", tmp_path_factory.mktemp("filed") / "instance"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_shows_its_own_people_and_nothing_to_strangers(filed: Cast, name: str) -> None:
    assert outcome(QUERIES[name], filed, filed.clerk)
    for stranger in STRANGERS:
        assert not outcome(QUERIES[name], filed, filed.people[stranger]), stranger


@pytest.mark.parametrize("name", [name for name in QUERIES if not name.startswith("draft_paper")])
def test_a_query_that_forgot_its_scope_is_caught(filed: Cast, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    room = import_module(f"app.records.{name.partition('.')[0]}")
    monkeypatch.setattr(room, "in_charge", lambda *_: true())
    assert outcome(QUERIES[name], filed, filed.stranger)


def test_a_paper_waits_for_the_leaders_of_its_own_office_and_for_nobody_who_wrote_it(
        at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.submit_order()

    def waiting(actor: Actor) -> list[str]:
        with cast.desk.register.reading() as db:
            return [each.public_id for each in papers.waiting_for_approval(db, actor)]

    assert waiting(cast.leader) == waiting(cast.both) == [paper]
    assert waiting(cast.clerk) == waiting(cast.bureau) == waiting(cast.stranger) == []


def test_every_open_case_is_listed_for_its_own_offices_until_it_is_closed(
        at_stage: Callable[[str], Cast], filed: Cast) -> None:
    def listed(cast: Cast, actor: Actor) -> list[str]:
        with cast.desk.register.reading() as db:
            return [each.public_id for each in cases.open_cases(db, actor)]

    cast = at_stage("checked")
    assert listed(cast, cast.clerk) == listed(cast, cast.school) == listed(cast, cast.county) == [cast.case]
    assert [listed(cast, cast.people[stranger]) for stranger in STRANGERS] == [[]] * len(STRANGERS)
    assert listed(filed, filed.clerk) == []


def test_an_office_code_that_begins_like_another_is_no_key_to_it(filed: Cast) -> None:
    """/640400/640422/6404221/ would be a prefix of /640400/640422/640422100/ without the slash at the end."""
    from dataclasses import replace  # noqa: PLC0415

    near = replace(filed.clerk, path=filed.clerk.path[:-4] + "/")
    assert outcome(QUERIES["cases.list_cases"], filed, near) == ()


def test_another_offices_thing_looks_like_none(filed: Cast) -> None:
    with filed.desk.register.reading() as db:
        told = []
        for paper in (filed.papers()[0].public_id, "0" * 32):
            with pytest.raises(NotVisible) as caught:
                papers.load_paper(db, filed.stranger, paper)
            told.append(str(caught.value))
    assert told[0] == told[1]


def test_a_neighbour_above_may_look_but_not_touch(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    paper = cast.draft_order()
    row = cast.load(paper, cast.county)
    with pytest.raises(Refused, match="吉强镇人民政府办理"):
        draft_paper.save_draft(cast.desk, cast.county, paper, {}, row.version)


def test_the_register_of_people_is_not_full_of_real_ones(filed: Cast) -> None:
    assert filed.load_student().id_number == str(identity("64049920110315002"))
