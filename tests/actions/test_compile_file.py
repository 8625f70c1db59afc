"""The bound file: what is missing is named, what is there is frozen, and whoever checks it learns no name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app import create_app
from app.actions import approve_paper, compile_file, work_jobs
from app.errors import NeedsPerson, NotVisible, Refused
from app.law.lives import Production, ScanRole
from app.law.steps import Step
from app.packets import sign, verify
from app.records import files, packets
from tests.people import CHILD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def load(cast: Cast, packet: str) -> packets.Packet:
    with cast.desk.register.reading() as db:
        return packets.load_packet(db, cast.clerk, packet)


def scans(cast: Cast, paper_id: int) -> tuple[files.Scan, ...]:
    with cast.desk.register.reading() as db:
        return files.of_paper(db, paper_id)


def test_everything_that_is_missing_is_named_at_once(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    approve_paper.approve_paper(cast.desk, cast.leader, cast.submit_order())
    cast.work()
    with pytest.raises(Refused, match="还不齐") as caught:
        compile_file.compile_file(cast.desk, cast.clerk, cast.case)
    words = [each.message for each in caught.value.problems]
    assert words == ["送达：“送达”还没有办理。", "复查：“复查”还没有办理。", "责令限期改正通知书（演示吉强政责改〔2026〕1号）：缺盖章件扫描。",
                     "送达回证：缺回证扫描。"]
    assert cast.load_case().day_of(Step.FILE) is None


def test_a_paper_that_is_not_printed_yet_is_missing(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    approve_paper.approve_paper(cast.desk, cast.leader, cast.submit_order())
    with pytest.raises(Refused) as caught:
        compile_file.compile_file(cast.desk, cast.clerk, cast.case)
    assert sum("制作中，还没有PDF" in each.message for each in caught.value.problems) == 2


def test_the_file_is_signed_and_whole(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    packet = load(cast, cast.file())
    assert packet.production is Production.READY
    assert packet.pdf_sha is not None
    verdict = verify.verify(cast.desk.vault.get(packet.pdf_sha), sign.certificates(cast.desk.keyholder.trusted()),
                            expected_sha256=packet.pdf_sha)
    assert (verdict.valid, verdict.trusted, verdict.covers_whole_file) == (True, True, True)
    assert len(packet.contents["items"]) == 6
    assert {each["note"] for each in packet.contents["items"]} == {"扫描件", "照片"}


def test_every_scan_that_bears_a_seal_or_a_signature_is_bound_and_its_proofs_follow(
    at_stage: Callable[[str], Cast],
) -> None:
    cast = at_stage("checked")
    record, order = cast.paper("criticism_record"), cast.paper("rectification_order")
    receipt = next(each for each in cast.papers() if each.kind == "service_receipt")
    for paper, role in ((record, ScanRole.SIGNED_RECORD), (record, ScanRole.SIGNED_RECORD), (order, ScanRole.STAMPED),
                        (receipt, ScanRole.RECEIPT), (receipt, ScanRole.PROOF)):
        cast.scan(cast.clerk, paper.public_id, role, f"再扫{paper.id}{role}{len(scans(cast, paper.id))}")
    packet = load(cast, cast.file())
    bound = [(each["title"], each["sha"]) for each in packet.contents["items"]]
    assert {sha for _, sha in bound} == {each.pdf_sha for row in cast.papers() for each in scans(cast, row.id)}
    assert len(bound) == 11
    titles = [title for title, _ in bound]
    at = titles.index(record.title)
    assert titles[at:at + 3] == [record.title, f"{record.title}（二）", f"{record.title}（三）"]
    at = titles.index(receipt.title)
    assert titles[at:at + 4] == [receipt.title, f"{receipt.title}（二）", f"{receipt.title}附：送达照片",
                                 f"{receipt.title}附：送达照片（二）"]
    assert packet.production is Production.READY
    verdict = verify.verify(cast.desk.vault.get(packet.pdf_sha or ""), sign.certificates(cast.desk.keyholder.trusted()))
    assert verdict.valid


@pytest.mark.parametrize(("day", "says"), [("2026-09-28", "早于复查"), ("2026-10-01", "今天以后")])
def test_a_file_is_closed_between_the_check_and_today(day: str, says: str, at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    cast.at(2026, 9, 30)
    with pytest.raises(Refused, match=says) as caught:
        compile_file.compile_file(cast.desk, cast.clerk, cast.case, {"filed_on": day})
    assert [each.where for each in caught.value.problems] == ["filed_on"]
    assert cast.load_case().day_of(Step.FILE) is None
    compile_file.compile_file(cast.desk, cast.clerk, cast.case, {"filed_on": "2026-09-29"})
    assert cast.load_case().day_of(Step.FILE) == date(2026, 9, 29)


def test_a_second_click_answers_the_file_that_is_being_made(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    first = compile_file.compile_file(cast.desk, cast.clerk, cast.case)
    assert compile_file.compile_file(cast.desk, cast.clerk, cast.case) == first
    assert cast.work() == 1


def test_a_file_made_twice_by_its_job_stays_the_first(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    packet = load(cast, cast.file())
    lines = cast.lines()
    work_jobs.TASKS[compile_file.BIND](cast.desk, packet.id)
    assert (load(cast, packet.public_id), cast.lines()) == (packet, lines)


def test_a_file_that_cannot_be_made_says_why_and_can_be_made_again(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    cast.desk.press.faults.append(Refused("模板不能用。"))  # type: ignore[attr-defined]
    packet = load(cast, cast.file())
    assert (packet.production, packet.pdf_sha) == (Production.NEEDS_PERSON, None)
    assert "模板不能用" in packet.problem
    again = load(cast, cast.file())
    assert (again.production, again.public_id != packet.public_id) == (Production.READY, True)


def test_the_school_does_not_bind_the_file(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    with pytest.raises(NotVisible, match="办案的乡镇"):
        compile_file.compile_file(cast.desk, cast.school, cast.case)


def test_a_damaged_file_of_the_store_never_reaches_the_packet(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    packet = compile_file.compile_file(cast.desk, cast.clerk, cast.case)
    path = cast.desk.vault.path(load(cast, packet).contents["items"][0]["sha"])
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(NeedsPerson, match="损坏"):
        work_jobs.TASKS[compile_file.BIND](cast.desk, load(cast, packet).id)
    assert load(cast, packet).pdf_sha is None


def test_the_public_code_finds_the_packet_and_shows_no_name(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("filed")
    with cast.desk.register.reading() as db:
        packet = packets.list_packets(db, cast.clerk)[0]
        assert packets.find_for_public(db, code=packet.code) == packet
        assert packets.find_for_public(db, pdf_sha=packet.pdf_sha or "") == packet
        assert packets.find_for_public(db, code="FX-2222-2222-2222-2222") is None
        assert packets.find_for_public(db) is None
    page = create_app(desk=cast.desk).test_client().get(f"/verify/{packet.code}")
    assert (page.status_code, packet.code in page.text) == (200, True)
    student = cast.load_student()
    for secret in (CHILD.name, student.id_number, student.guardians[0].name, student.guardians[0].id_number,
                   student.village, student.guardians[0].phone, cast.clerk.name):
        assert secret not in page.text


def test_a_file_that_is_not_signed_yet_is_not_found_by_the_public(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    packet = load(cast, compile_file.compile_file(cast.desk, cast.clerk, cast.case))
    with cast.desk.register.reading() as db:
        assert packets.find_for_public(db, code=packet.code) is None
