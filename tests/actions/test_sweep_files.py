"""Files and rows agree after a sweep: nothing forgotten stays, nothing needed goes, nothing missing is passed over."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from app.actions import compile_file, sweep_files
from app.cli import service
from app.cli.doctor import examine
from app.law.lives import Production
from app.outside import aside
from app.records import addresses, audit
from app.records.files import scans
from app.records.papers import papers
from app.records.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.records.database import Db
    from tests.people import Cast

AT_ONCE = timedelta(0)
FEW = "0" * 64


@pytest.fixture
def cast(at_stage: Callable[[str], Cast]) -> Cast:
    """With papers, scans and a template in the store, all of them two days old."""
    found = at_stage("ordered")
    found.clock.move_to(found.clock.now() + timedelta(days=1))
    grow_old(found)
    return found


def grow_old(cast: Cast, days: int = 2) -> None:
    then = (cast.clock.now() - timedelta(days=days)).timestamp()
    for place in cast.desk.vault.root.rglob("*"):
        os.utime(place, (then, then))


def order(cast: Cast) -> str:
    return cast.paper("rectification_order").public_id


def verbs(cast: Cast) -> list[str]:
    with cast.desk.register.reading() as db:
        return [line["verb"] for line in audit.everything(db)]


def point_at(cast: Cast, address: str) -> None:
    """A row names the file after all."""
    with cast.desk.register.transaction() as db:
        db.execute(update(papers).where(papers.c.public_id == order(cast)).values(sealed_sha=address))


def tidy(cast: Cast) -> None:
    """The thread itself leaves drafts behind that nobody names; they go first."""
    sweep_files.sweep(cast.desk, young=AT_ONCE)
    grow_old(cast)


def test_every_column_of_an_address_says_how_its_file_is_mended() -> None:
    assert set(sweep_files.MENDED_BY) == {(table.name, column.name) for table, column in addresses.columns()}
    named = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns
             if column.name.endswith("sha") or "sha_" in column.name or column.name.endswith("_hash")}
    columns = {(table.name, column.name) for table, column in addresses.columns()}
    assert {each for each in named - columns - addresses.NOT_FILES if not each[1].endswith("_hash")} == set()


def test_what_nobody_names_is_laid_aside_when_it_is_a_day_old(cast: Cast) -> None:
    tidy(cast)
    old, lines = cast.desk.vault.put(b"nobody's"), cast.lines()
    grow_old(cast)
    young = cast.desk.vault.put(b"of a transaction that is still open")
    os.utime(cast.desk.vault.path(young), ((cast.clock.now() - timedelta(hours=23)).timestamp(),) * 2)
    swept = sweep_files.sweep(cast.desk)
    assert (swept.laid_aside, swept.lost) == (1, ())
    assert not aside.lies(cast.desk.vault, old)
    assert (cast.desk.vault.root / aside.ASIDE / old).read_bytes() == b"nobody's"
    assert aside.lies(cast.desk.vault, young)
    assert cast.lines() - lines == 1
    assert verbs(cast)[-1] == "sweep_files"
    assert not sweep_files.sweep(cast.desk).changed
    assert cast.lines() - lines == 1


def test_every_file_that_a_row_names_stays(cast: Cast) -> None:
    tidy(cast)
    with cast.desk.register.reading() as db:
        known = addresses.known(db)
    assert {each for each in known if not aside.lies(cast.desk.vault, each)} == set()
    assert sorted(aside.held(cast.desk.vault)) == sorted(known)


def test_files_promised_to_a_bound_file_stay_until_it_is_bound(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("checked")
    compile_file.compile_file(cast.desk, cast.clerk, cast.case)
    grow_old(cast)
    with cast.desk.register.transaction() as db:
        promised = addresses.to_be_bound(db)
        db.execute(update(papers).values(pdf_sha=None, docx_sha=None))
        db.execute(update(scans).values(pdf_sha=FEW, original_sha=FEW))
    assert promised
    sweep_files.sweep(cast.desk)
    assert {each for each in promised if not aside.lies(cast.desk.vault, each)} == set()
    assert cast.work() == 1


def test_a_file_that_is_put_at_the_same_instant_stays(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tidy(cast)
    vault = cast.desk.vault
    address = vault.put(b"forgotten, then wanted")
    grow_old(cast)
    older = aside.older

    def put_meanwhile(*given: object) -> bool:
        answer = older(*given)  # type: ignore[arg-type]
        if given[1] == address:
            vault.put(b"forgotten, then wanted")
            os.utime(vault.path(address), (cast.clock.now().timestamp(),) * 2)
        return answer

    monkeypatch.setattr(aside, "older", put_meanwhile)
    assert sweep_files.sweep(cast.desk).laid_aside == 0
    assert vault.get(address) == b"forgotten, then wanted"


def test_a_file_that_a_row_names_meanwhile_comes_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tidy(cast)
    address = cast.desk.vault.put(b"forgotten, then named")
    grow_old(cast)
    lay_aside = aside.lay_aside

    def named_meanwhile(*given: object) -> bool:
        answer = lay_aside(*given)  # type: ignore[arg-type]
        point_at(cast, address)
        return answer

    monkeypatch.setattr(aside, "lay_aside", named_meanwhile)
    assert sweep_files.sweep(cast.desk).laid_aside == 0
    assert cast.desk.vault.get(address) == b"forgotten, then named"


def test_what_was_laid_aside_comes_back_when_a_row_wants_it(cast: Cast) -> None:
    tidy(cast)
    address = cast.desk.vault.put(b"wanted again")
    grow_old(cast)
    sweep_files.sweep(cast.desk)
    point_at(cast, address)
    swept = sweep_files.sweep(cast.desk)
    assert (swept.brought_back, swept.lost) == (1, ())
    assert cast.desk.vault.get(address) == b"wanted again"


def test_what_was_laid_aside_is_thrown_away_after_a_month(cast: Cast) -> None:
    tidy(cast)
    grow_old(cast, days=29)
    assert sweep_files.sweep(cast.desk).thrown_away == 0
    grow_old(cast, days=31)
    assert sweep_files.sweep(cast.desk).thrown_away > 0
    assert list((cast.desk.vault.root / aside.ASIDE).iterdir()) == []


def test_half_written_files_of_the_dead_go_and_those_of_the_living_stay(cast: Cast) -> None:
    tidy(cast)
    folder = next(each for each in cast.desk.vault.root.iterdir() if each.name != aside.ASIDE)
    (folder / ".tmp-old").write_bytes(b"half")
    grow_old(cast)
    (folder / ".tmp-new").write_bytes(b"half")
    os.utime(folder / ".tmp-new", (cast.clock.now().timestamp(),) * 2)
    assert sweep_files.sweep(cast.desk).halves == 1
    assert [each.name for each in cast.desk.vault.root.rglob(".tmp-*")] == [".tmp-new"]


@pytest.mark.parametrize("column", ["pdf_sha", "docx_sha"])
def test_a_paper_whose_file_is_gone_is_printed_again(cast: Cast, column: str) -> None:
    before = cast.load(order(cast))
    address = getattr(before, column)
    cast.desk.vault.path(address).unlink()
    swept = sweep_files.sweep(cast.desk)
    assert (swept.printed_again, swept.lost) == (1, ())
    assert cast.load(order(cast)).production is Production.WAITING
    assert sweep_files.sweep(cast.desk).printed_again == 0
    assert cast.work() == 1
    after = cast.load(order(cast))
    assert (after.production, getattr(after, column), after.doc_no) == (Production.READY, address, before.doc_no)
    assert aside.lies(cast.desk.vault, address)


def test_a_shipped_template_that_is_gone_is_laid_there_again(cast: Cast) -> None:
    address = cast.load(order(cast)).template_sha
    cast.desk.vault.path(address).unlink()
    swept = sweep_files.sweep(cast.desk)
    assert (swept.lost, swept.brought_back > 0) == ((), True)
    assert aside.lies(cast.desk.vault, address)


def scan_pdf(db: Db) -> str:
    return str(db.execute(scans.select().order_by(scans.c.id.desc())).first().pdf_sha)  # type: ignore[union-attr]


def test_a_scan_that_is_gone_is_told_by_sweep_and_doctor_until_it_is_back(
        cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tidy(cast)
    monkeypatch.setenv("FANXIAO_INSTANCE", str(cast.desk.settings.instance))
    with cast.desk.register.reading() as db:
        address = scan_pdf(db)
    data = cast.desk.vault.get(address)
    cast.desk.vault.path(address).unlink()
    told = CliRunner().invoke(service.sweep, ["--json"])
    assert told.exit_code == 3, told.output
    assert [(each["table"], each["address"]) for each in json.loads(told.stdout)["lost"]] == [("scans", address)]
    [found] = [each for each in examine(cast.desk.settings) if each.part == "文件库"]
    assert (found.state, address in found.advice) == ("fail", True)
    cast.desk.vault.put(data)
    assert CliRunner().invoke(service.sweep).exit_code == 0
    [found] = [each for each in examine(cast.desk.settings) if each.part == "文件库"]
    assert found.state == "ok"


def test_a_file_that_the_disk_altered_is_found_by_the_deep_sweep_alone(cast: Cast) -> None:
    tidy(cast)
    with cast.desk.register.reading() as db:
        address = scan_pdf(db)
    place = cast.desk.vault.path(address)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    assert sweep_files.sweep(cast.desk).lost == ()
    assert [each.address for each in sweep_files.sweep(cast.desk, deep=True).lost] == [address]


def test_a_paper_that_the_disk_altered_is_printed_again(cast: Cast) -> None:
    tidy(cast)
    address = cast.load(order(cast)).pdf_sha
    assert address
    cast.desk.vault.path(address).write_bytes(b"rot")
    assert sweep_files.sweep(cast.desk, deep=True).printed_again == 1
    assert cast.work() == 1
    assert cast.desk.vault.get(str(cast.load(order(cast)).pdf_sha))


def test_what_was_altered_while_it_was_aside_does_not_come_back(cast: Cast) -> None:
    tidy(cast)
    address = cast.desk.vault.put(b"wanted again")
    grow_old(cast)
    sweep_files.sweep(cast.desk)
    (cast.desk.vault.root / aside.ASIDE / address).write_bytes(b"rot")
    point_at(cast, address)
    assert [each.address for each in sweep_files.sweep(cast.desk).lost] == [address]
