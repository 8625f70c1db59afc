"""The whole thread with the real press: from the school's report to a signed file that four foreign checkers accept."""

from __future__ import annotations

import json
import re
import subprocess  # noqa: TID251  (the checkers are programs of others)
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from app.actions import approve_paper, demo_scans, keep_scan, record_service, submit_paper
from app.law.lives import Production, ScanRole
from app.law.service import Mode, Place, Service, Witness
from app.law.steps import Procedure, Step, procedure
from app.outside import keyholder
from app.packets import sign, verify
from app.records import audit, packets
from tests.people import CHILD, STAGES, Cast, upload

if TYPE_CHECKING:
    from pathlib import Path

    from app.outside.press import Press
    from tests.conftest import Stages

pytestmark = [pytest.mark.press, pytest.mark.xdist_group("press")]


@pytest.fixture(scope="module")
def thread(stages: Stages, tmp_path_factory: pytest.TempPathFactory, real_press: Press) -> Cast:
    """A case that went from the report to the file, every paper printed by the real press."""
    laid = stages.copy("cast", tmp_path_factory.mktemp("thread") / "instance")
    cast = Cast(replace(laid, press=real_press))
    for stage in ("enrolled", "opened"):
        cast.go_on(stage)
    cast.clock.move_to(STAGES["reported"])
    issue(cast, "school", "principal", "school_report", cast.report_words())
    cast.clock.move_to(STAGES["admonished"])
    record(cast, "criticism_record", cast.admonish_words())
    cast.clock.move_to(STAGES["ordered"])
    issue(cast, "clerk", "leader", "rectification_order", cast.order_words())
    cast.clock.move_to(STAGES["served"])
    leave_at_home(cast)
    cast.clock.move_to(STAGES["checked"])
    record(cast, "compliance_check", cast.check_words())
    cast.clock.move_to(STAGES["filed"])
    cast.file()
    return cast


def issue(cast: Cast, drafter: str, approver: str, kind: str, words: dict[str, object]) -> None:
    paper = cast.submit(cast.people[drafter], kind, words)
    assert cast.load(paper).production is Production.READY, cast.load(paper).problem
    approve_paper.approve_paper(cast.desk, cast.people[approver], paper)
    cast.work()
    come_back(cast, drafter, paper, ScanRole.STAMPED)


def record(cast: Cast, kind: str, words: dict[str, object]) -> None:
    paper = cast.draft(cast.clerk, kind, words)
    submit_paper.finish_record(cast.desk, cast.clerk, paper)
    cast.work()
    come_back(cast, "clerk", paper, ScanRole.SIGNED_RECORD)


def printed(cast: Cast, paper: str) -> bytes:
    row = cast.load(paper)
    assert row.production is Production.READY, row.problem
    assert row.pdf_sha
    return cast.desk.vault.get(row.pdf_sha)


def scanned(cast: Cast, paper: str, *, stamped: bool) -> keep_scan.Upload:
    pages = demo_scans.scan(cast.desk.press, printed(cast, paper), stamped=stamped, words="演示")
    return keep_scan.Upload(pages, "扫描.pdf")


def come_back(cast: Cast, who: str, paper: str, role: ScanRole) -> None:
    keep_scan.keep_scan(cast.desk, cast.people[who], keep_scan.NewScan(
        paper, role, scanned(cast, paper, stamped=role is ScanRole.STAMPED)))


def leave_at_home(cast: Cast) -> None:
    receipt = cast.paper("service_receipt").public_id
    effective = record_service.record_service(cast.desk, cast.clerk, record_service.NewService(
        cast.paper("rectification_order").public_id, cast.load_student().guardians[0].id,
        Service(mode=Mode.LEAVE, servers=(cast.clerk.name, cast.second.name), place=Place.HOME, refused=True,
                served_at=datetime(2026, 9, 18, 19, 30),  # noqa: DTZ001  (local time)
                refusal_reason="拒绝签收。", witness_name="演示村主任", witness=Witness.VILLAGE),
        proof=upload("照片"), receipt=scanned(cast, receipt, stamped=False)))
    assert effective == date(2026, 9, 18)


@pytest.fixture(scope="module")
def packet(thread: Cast) -> packets.Packet:
    with thread.desk.register.reading() as db:
        found = packets.list_packets(db, thread.clerk)[0]
    assert found.production is Production.READY, found.problem
    return found


@pytest.fixture(scope="module")
def file(thread: Cast, packet: packets.Packet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert packet.pdf_sha
    path = tmp_path_factory.mktemp("file") / "卷宗.pdf"
    path.write_bytes(thread.desk.vault.get(packet.pdf_sha))
    return path


def run(*words: str | Path) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, check=False, timeout=60)
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, told
    return told


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    return re.sub(r"\s", "", run("pdftotext", "-raw", path, "-"))


def test_every_step_is_done_on_its_day_and_the_case_is_overdue(thread: Cast) -> None:
    case = thread.load_case()
    assert [(each.step, each.done_on) for each in case.steps] == [
        (Step.REPORT, date(2026, 9, 16)), (Step.ADMONISH, date(2026, 9, 16)), (Step.ORDER, date(2026, 9, 18)),
        (Step.SERVE, date(2026, 9, 18)), (Step.CHECK, date(2026, 9, 29)), (Step.FILE, date(2026, 9, 30))]
    assert procedure(case.done, present=case.present) is Procedure.OVERDUE


def test_the_order_prints_number_name_and_last_day(thread: Cast, tmp_path: Path) -> None:
    words = text_of(printed(thread, thread.paper("rectification_order").public_id), tmp_path)
    for expected in ("演示吉强政责改〔2026〕1号", CHILD.name, "演示马明远", "2026年9月28日（含当日）前"):
        assert expected in words


def test_every_paper_is_there_in_pdf_and_docx(thread: Cast) -> None:
    rows = thread.papers()
    assert [row.kind for row in rows] == [
        "school_report", "criticism_record", "rectification_order", "service_receipt", "compliance_check"]
    for row in rows:
        assert row.docx_sha
        assert thread.desk.vault.get(row.docx_sha).startswith(b"PK")


def test_our_own_checker_accepts_the_file(thread: Cast, packet: packets.Packet, file: Path) -> None:
    verdict = verify.verify(file.read_bytes(), sign.certificates(thread.desk.keyholder.trusted()),
                            expected_sha256=packet.pdf_sha or "")
    assert (verdict.valid, verdict.trusted, verdict.covers_whole_file, verdict.manifest_ok) == (True, True, True, True)
    assert len(verdict.pages) == packet.pages
    assert all(page["ok"] for page in verdict.pages)


def test_our_own_checker_refuses_a_changed_byte(thread: Cast, file: Path) -> None:
    bent = bytearray(file.read_bytes())
    bent[len(bent) // 3] ^= 1
    assert not verify.verify(bytes(bent), sign.certificates(thread.desk.keyholder.trusted())).valid


def test_pdfsig_says_valid_whole_and_trusted(thread: Cast, file: Path, tmp_path: Path) -> None:
    run("certutil", "-N", "-d", f"sql:{tmp_path}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{tmp_path}", "-n", keyholder.DEMO_ROOT, "-t", "CT,C,C", "-i",
        thread.desk.keyholder.demo_root, "-a")
    told = run("pdfsig", "-nssdir", f"sql:{tmp_path}", file)
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "Certificate is Trusted" in told


def test_openssl_accepts_the_signature_over_every_byte(thread: Cast, file: Path, tmp_path: Path) -> None:
    pdf = file.read_bytes()
    found = re.findall(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", pdf)
    assert len(found) == 1
    length, second, rest = map(int, found[0])
    assert second + rest == len(pdf)
    cms, content = tmp_path / "signature.der", tmp_path / "content"
    cms.write_bytes(bytes.fromhex(pdf[length + 1:second - 1].decode("ascii")))
    content.write_bytes(pdf[:length] + pdf[second:])
    command = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", cms, "-content", content, "-CAfile",
               thread.desk.keyholder.demo_root, "-purpose", "any", "-out", "/dev/null")
    assert "successful" in run(*command).lower()
    content.write_bytes(pdf[:length] + pdf[second:-1] + b" ")
    with pytest.raises(AssertionError, match=r"(?i)failure"):
        run(*command)


def test_mutool_says_unchanged_since_signing(file: Path) -> None:
    assert "unchanged since signing" in run("mutool", "sign", "-v", file)


def test_the_files_manifest_holds_the_head_of_the_chain(thread: Cast, packet: packets.Packet) -> None:
    head = packet.contents["audit_head"]
    with thread.desk.register.reading() as db:
        assert audit.first_bad(db) is None
        assert audit.has(db, head)
    assert head in json.dumps(packet.contents)
