"""Scans that come back: hostile ones stay outside, the same one is kept once, a signed record does its step."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.actions import keep_scan, void_paper
from app.errors import Refused
from app.law.lives import ScanRole
from app.law.steps import Step
from app.records import files
from tests.fake_press import sheet
from tests.people import STAGES, picture, upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.people import Cast


def in_store(cast: Cast) -> set[str]:
    return {path.name for path in cast.desk.vault.root.glob("*/*")}


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x", "y")
    return out.getvalue()


HOSTILE = {
    "empty": b"", "page": b"<html><script>alert(1)</script></html>", "picture with an archive": picture("a") + zipped(),
    "garbage": b"%PDF-1.7\n" + b"\x00\xff" * 400, "half a picture": picture("b")[:120], "archive": zipped(),
    "program": b"\x7fELF" + b"\x00" * 64, "too large": b"%PDF-" + b"0" * (20 * 1024 * 1024 + 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_what_to_do_and_nothing_is_kept(
        at_stage: Callable[[str], Cast], name: str) -> None:
    cast = at_stage("ordered")
    paper = cast.paper("rectification_order")
    before, lines = in_store(cast), cast.lines()
    with pytest.raises(Refused) as caught:
        keep_scan.keep_scan(cast.desk, cast.clerk, keep_scan.NewScan(
            paper.public_id, ScanRole.STAMPED, keep_scan.Upload(HOSTILE[name], "../../盖章件\r\n.pdf")))
    assert caught.value.advice
    assert "\n" not in caught.value.what
    assert (in_store(cast), cast.lines()) == (before, lines)


def test_the_same_file_twice_is_kept_once_and_another_beside_it(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("ordered")
    paper = cast.paper("rectification_order")
    first = cast.scan(cast.clerk, paper.public_id, ScanRole.STAMPED, "甲")
    assert cast.scan(cast.clerk, paper.public_id, ScanRole.STAMPED, "甲") == first
    assert cast.scan(cast.clerk, paper.public_id, ScanRole.STAMPED, "乙") != first
    with cast.desk.register.reading() as db:
        assert len(files.of_paper(db, paper.id)) == 3


def test_the_original_is_kept_byte_for_byte_and_its_name_is_no_path(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("ordered")
    paper = cast.paper("rectification_order")
    asked = keep_scan.NewScan(paper.public_id, ScanRole.STAMPED, keep_scan.Upload(sheet("a"), "../../etc/passwd"),
                              "已对照纸件核实")
    keep_scan.keep_scan(cast.desk, cast.clerk, asked)
    with cast.desk.register.reading() as db:
        scan = files.of_paper(db, paper.id)[-1]
    assert cast.desk.vault.get(scan.original_sha) == asked.upload.data
    assert cast.desk.vault.get(scan.pdf_sha).startswith(b"%PDF-")
    assert not any(path.name == "passwd" for path in cast.desk.settings.instance.rglob("*"))


def test_a_records_step_is_done_when_the_signed_scan_is_there_and_not_before(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("reported")
    cast.clock.move_to(STAGES["admonished"])
    paper = cast.record(cast.clerk, "criticism_record", cast.admonish_words(), scan=False)
    assert cast.load_case().day_of(Step.ADMONISH) is None
    cast.at(2026, 9, 17, 9)
    cast.scan(cast.clerk, paper, ScanRole.SIGNED_RECORD)
    step = next(each for each in cast.load_case().steps if each.step is Step.ADMONISH)
    assert step.done_on == date(2026, 9, 16)
    assert step.entered_at == cast.clock.now()


@pytest.mark.parametrize("role", [ScanRole.RECEIPT, ScanRole.PROOF, ScanRole.SIGNED_RECORD])
def test_a_scan_of_another_kind_is_not_taken(at_stage: Callable[[str], Cast], role: ScanRole) -> None:
    cast = at_stage("ordered")
    with pytest.raises(Refused, match="不收"):
        cast.scan(cast.clerk, cast.paper("rectification_order").public_id, role)


def test_nothing_comes_back_of_a_draft(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("admonished")
    with pytest.raises(Refused, match="草稿"):
        cast.scan(cast.clerk, cast.draft_order(), ScanRole.STAMPED)


@pytest.mark.parametrize(("present", "at_school"), [("yes", True), ("no", False)])
def test_the_check_says_where_the_child_is_and_a_void_check_says_it_no_more(
    at_stage: Callable[[str], Cast], present: str, *, at_school: bool,
) -> None:
    cast = at_stage("served")
    cast.clock.move_to(STAGES["checked"])
    paper = cast.record(cast.clerk, "compliance_check", cast.check_words(present=present))
    case = cast.load_case()
    assert (case.present, case.returned_on) == (at_school, date(2026, 9, 29) if at_school else None)
    void_paper.void_paper(cast.desk, cast.leader, paper, "复查的人写错了")
    case = cast.load_case()
    assert (case.present, case.returned_on, case.day_of(Step.CHECK)) == (None, None, None)


def test_an_upload_keeps_no_more_of_its_name_than_fits(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("ordered")
    kept = keep_scan.keep_file(cast.desk, keep_scan.Upload(upload("c").data, "长" * 400))
    assert len(kept.name) == 255
