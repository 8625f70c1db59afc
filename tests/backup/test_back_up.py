"""A backup made at any moment comes back bit for bit, and whatever was done to it is found."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import tarfile
import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from click.testing import CliRunner
from sqlalchemy import select

from app.actions import back_up, reveal_identity, set_up, sign_in
from app.actions.desk import open_desk
from app.cli import backup as cli
from app.errors import NeedsPerson, Refused
from app.outside import archive
from app.outside.vault import Vault
from app.records import addresses, audit, jobs, packets, portable
from app.records.database import Register
from app.records.tables import metadata
from app.settings import Settings
from tests.fake_press import FakePress
from tests.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.people import Cast
    from tests.servers import PostgreSQL

FLIPS = 200
SEED = 20261125


def dump(path: Path) -> list[str]:
    """Every row of every table as SQLite tells it; nothing of ours in between."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def contents(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
            for each in folder.rglob("*") if each.is_file()}


@pytest.fixture
def filed(at_stage: Callable[[str], Cast]) -> Cast:
    return at_stage("filed")


@pytest.fixture
def backed(filed: Cast, tmp_path: Path) -> Path:
    back_up.back_up(filed.desk, tmp_path / "a.tar.zst")
    return tmp_path / "a.tar.zst"


def test_a_quiet_register_and_all_its_files_come_back_bit_for_bit(filed: Cast, tmp_path: Path) -> None:
    desk = filed.desk
    portable.snapshot(desk.register, tmp_path / "before.db")
    with desk.register.reading() as db:
        known = addresses.known(db)
    made = back_up.back_up(desk, tmp_path / "a.tar.zst")
    back_up.restore(tmp_path / "a.tar.zst", tmp_path / "again")
    assert dump(tmp_path / "again" / "register.db") == dump(tmp_path / "before.db")
    assert len(dump(tmp_path / "before.db")) > 300
    vault = contents(tmp_path / "again" / "vault")
    assert {name.rpartition("/")[2] for name in vault} == set(known)
    assert all(name.endswith(sha) for name, sha in vault.items())
    assert made.missing == ()
    again = open_desk(Settings(instance=tmp_path / "again"))
    with again.register.reading() as db:
        assert packets.kept_heads(db)
    again.register.close()


def test_the_restored_service_goes_on(filed: Cast, backed: Path, tmp_path: Path) -> None:
    back_up.restore(backed, tmp_path / "again")
    again = replace(open_desk(Settings(instance=tmp_path / "again"), filed.desk.clock), press=FakePress())
    reveal_identity.reveal_identity(again, filed.clerk, filed.student)
    with again.register.reading() as db:
        assert audit.first_bad(db) is None
    again.register.close()


def test_it_comes_back_into_an_empty_postgresql_too_and_goes_on_there(
        filed: Cast, backed: Path, tmp_path: Path, postgresql: PostgreSQL) -> None:
    """From either database; and into one that holds anything it does not go."""
    name = postgresql.create()
    url = postgresql.url(name)
    back_up.restore(backed, tmp_path / "again", url)
    there, file = Register(url), portable.at(tmp_path / "again" / "register.db")
    once = portable.rows(there)
    assert once == portable.rows(file)
    assert once["papers"].count > 0
    before = portable.rows(filed.desk.register)
    assert before.pop("audit").count == once["audit"].count + 1  # the line of the backup itself
    assert {table: once[table] for table in before} == before
    with pytest.raises(Refused, match="不是空的"):
        back_up.restore(backed, tmp_path / "twice", url)
    assert portable.rows(there) == once
    assert not (tmp_path / "twice").exists()
    again = open_desk(Settings(instance=tmp_path / "again", database_url=url), filed.desk.clock)
    reveal_identity.reveal_identity(again, filed.clerk, filed.student)
    with again.register.reading() as db:
        assert audit.first_bad(db) is None
    assert portable.rows(again.register)["audit"].count == once["audit"].count + 1
    with again.register.transaction() as db:  # keys that PostgreSQL counts go on after those that came along
        assert jobs.add(db, "produce_paper", 1, filed.desk.clock.now()) > once["jobs"].count > 0
    for register in (there, file, again.register):
        register.close()
    postgresql.drop(name)


def test_a_backup_under_load_is_one_moment_of_the_register(filed: Cast, tmp_path: Path) -> None:
    """Four officials go on working; the audit chain tells which moment it was, and all rows are of that moment."""
    desk, stop = filed.desk, threading.Event()
    done: list[int] = []

    def work(worker: int) -> None:
        own = open_desk(desk.settings, desk.clock)
        while not stop.is_set():
            with own.change() as db:
                address = own.vault.put(f"演示{worker}-{len(done)}".encode())
                db.execute(metadata.tables["batches"].insert().values(
                    public_id=f"{worker}-{len(done)}-{address[:16]}"[:32], kind="import", office_id=1, account_id=1,
                    made_at=desk.clock.now(), source_sha=address, summary={}))
                audit.append(db, None, "import_pupils", "batch", len(done), desk.clock.now())
            done.append(1)
        own.register.close()

    threads = [threading.Thread(target=work, args=(each,)) for each in range(4)]
    for each in threads:
        each.start()
    try:
        while len(done) < 20:
            stop.wait(0.01)
        found = []
        for turn in range(5):
            before = len(done)
            back_up.back_up(desk, tmp_path / f"{turn}.tar.zst")
            found.append((turn, before, len(done)))
    finally:
        stop.set()
        for each in threads:
            each.join()
    assert any(after > before for _, before, after in found), "nobody worked meanwhile"
    with desk.register.reading() as db:
        trail = metadata.tables["audit"]
        chain = [tuple(row) for row in db.execute(select(trail.c.id, trail.c.digest).order_by(trail.c.id))]
    for turn, _, _ in found:
        again = tmp_path / f"again{turn}"
        back_up.restore(tmp_path / f"{turn}.tar.zst", again)
        with closing(sqlite3.connect(again / "register.db")) as then:
            lines = then.execute("SELECT id, digest FROM audit ORDER BY id").fetchall()
            rows = then.execute("SELECT count(*) FROM batches").fetchone()[0]
            imports = then.execute("SELECT count(*) FROM audit WHERE verb = 'import_pupils'").fetchone()[0]
            files = [row[0] for row in then.execute("SELECT source_sha FROM batches")]
        assert lines == chain[:len(lines)]
        assert rows == imports
        assert all(Vault(again / "vault").get(address) for address in files)


def test_each_of_200_flipped_bytes_is_found(backed: Path, tmp_path: Path) -> None:
    data, draw = bytearray(backed.read_bytes()), random.Random(SEED)  # noqa: S311  (drawn, not secret)
    places = {0, len(data) - 1, len(data) - archive.TRAILER} | {draw.randrange(len(data)) for _ in range(FLIPS)}
    bent, found = tmp_path / "bent.tar.zst", 0
    for place in sorted(places):
        data[place] ^= 1 << draw.randrange(8)
        bent.write_bytes(data)
        with pytest.raises(Refused, match="有字节被改动"):
            back_up.verify_backup(bent)
        data[place] = backed.read_bytes()[place]
        found += 1
    assert found >= FLIPS
    bent.write_bytes(data)
    assert back_up.verify_backup(bent).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("cut", [1, archive.TRAILER, 1000])
def test_a_cut_backup_is_found(backed: Path, tmp_path: Path, cut: int) -> None:
    (tmp_path / "cut.tar.zst").write_bytes(backed.read_bytes()[:-cut])
    with pytest.raises(Refused, match="不完整"):
        back_up.restore(tmp_path / "cut.tar.zst", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def repacked(backed: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same backup with other members, closed by a right digest: only what lies within can give it away."""
    members = {name: content.read() for name, content in archive.members(backed)}
    change(members)
    with archive.writing(to) as out:
        for name, data in members.items():
            out.add(name, data)
    return to


def _drop_file(members: dict[str, bytes]) -> None:
    del members[next(each for each in members if each.startswith("vault/"))]


def _bend_file(members: dict[str, bytes]) -> None:
    members[next(each for each in members if each.startswith("vault/"))] += b"x"


def _bend_register(members: dict[str, bytes]) -> None:
    members["register.db"] = members["register.db"].replace("演示".encode(), "伪造".encode())


def _forget_file(members: dict[str, bytes]) -> None:
    manifest: dict[str, Any] = json.loads(members["manifest.json"])
    gone = manifest["files"].pop()
    del members[f"vault/{gone[:2]}/{gone}"]
    members["manifest.json"] = json.dumps(manifest).encode()


def _bend_row(members: dict[str, bytes]) -> None:
    """Register and its digest changed alike: the rows and the chain still tell."""
    manifest: dict[str, Any] = json.loads(members["manifest.json"])
    _bend_register(members)
    manifest["register_sha256"] = hashlib.sha256(members["register.db"]).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize("change", [_drop_file, _bend_file, _bend_register, _forget_file, _bend_row])
def test_what_was_packed_anew_with_something_else_is_found(
        backed: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with pytest.raises(Refused, match="备份里"):
        back_up.verify_backup(repacked(backed, tmp_path / "bent.tar.zst", change))


@pytest.mark.parametrize("name", ["../out", "/etc/out", "vault/../../out"])
def test_nothing_is_unpacked_outside(tmp_path: Path, name: str) -> None:
    with archive.writing(tmp_path / "evil.tar.zst") as out:
        out._tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(Refused):
        back_up.restore(tmp_path / "evil.tar.zst", tmp_path / "deep" / "again")
    assert {each.name for each in tmp_path.iterdir()} <= {"evil.tar.zst", "deep"}


def test_any_tar_opens_it(backed: Path) -> None:
    with backed.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream, \
            tarfile.open(fileobj=stream, mode="r|") as tar:
        assert "register.db" in tar.getnames()
    assert b"FXB1" in backed.read_bytes()[-archive.TRAILER:]


def test_keys_go_along_only_when_asked_for(filed: Cast, backed: Path, tmp_path: Path) -> None:
    assert not {name for name, _ in archive.members(backed) if name.startswith(("keys", "secret"))}
    back_up.back_up(filed.desk, tmp_path / "all.tar.zst", with_keys=True)
    back_up.restore(tmp_path / "all.tar.zst", tmp_path / "again")
    assert (tmp_path / "again" / "secret").read_bytes() == filed.desk.settings.secret_path.read_bytes()
    assert contents(tmp_path / "again" / "keys") == contents(filed.desk.settings.instance / "keys")


def test_a_file_that_is_gone_is_named_and_the_rest_is_kept(filed: Cast, tmp_path: Path) -> None:
    with filed.desk.register.reading() as db:
        gone = min(addresses.known(db))
    filed.desk.vault.path(gone).unlink()
    assert back_up.back_up(filed.desk, tmp_path / "a.tar.zst").missing == (gone,)
    assert back_up.verify_backup(tmp_path / "a.tar.zst").missing == (gone,)


def test_a_backup_leaves_a_line_and_a_note_and_nothing_else(filed: Cast, tmp_path: Path) -> None:
    before = {each.name for each in filed.desk.settings.instance.iterdir()}
    made = back_up.back_up(filed.desk, tmp_path / "a.tar.zst")
    assert {each.name for each in filed.desk.settings.instance.iterdir()} - before == {"backups"}
    with filed.desk.register.reading() as db:
        line = db.execute(metadata.tables["audit"].select().order_by(metadata.tables["audit"].c.id.desc())).first()
    assert line is not None
    assert (line.verb, line.detail["sha256"]) == ("back_up", made.sha256)
    assert {each.name for each in tmp_path.iterdir() if each.is_file()} == {"a.tar.zst"}


def test_neither_a_backup_nor_a_folder_is_written_over(filed: Cast, backed: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有覆盖"):
        back_up.back_up(filed.desk, backed)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(Refused, match="不是空的"):
        back_up.restore(backed, tmp_path / "full")
    assert contents(tmp_path / "full") == {"x": hashlib.sha256(b"x").hexdigest()}


def test_a_full_disk_leaves_nothing_half(filed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(NeedsPerson, match="写备份失败"):
        back_up.back_up(filed.desk, tmp_path / "a.tar.zst")
    assert not list(tmp_path.glob("*tar.zst*"))


def test_the_command_line(filed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANXIAO_INSTANCE", str(filed.desk.settings.instance))
    runner, file = CliRunner(), str(tmp_path / "a.tar.zst")
    made = runner.invoke(cli.backup, [file, "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["missing"] == []
    assert runner.invoke(cli.verify, [file]).stdout.startswith("备份完整，可以恢复")
    assert runner.invoke(cli.restore, [file, "--into", str(tmp_path / "again")]).exit_code == 0
    assert runner.invoke(cli.backup, [file]).exit_code != 0


def test_every_column_of_an_address_is_known() -> None:
    """A new column that holds 64 digits is a file to be kept, or is named as none."""
    known = {(table.name, column.name) for table, column in addresses.columns()} | addresses.NOT_FILES
    digests = {("audit", "previous"), ("audit", "digest"), ("once", "key"), ("sign_in_failures", "name_hash"),
               ("sign_in_failures", "address_hash"), ("batch_items", "after"), ("held_forms", "browser")}
    wide = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns
            if getattr(column.type, "length", None) == 64}
    assert wide == known | digests


def test_a_member_that_no_list_names_is_refused(backed: Path, tmp_path: Path) -> None:
    """Anybody can pack anew: settings or keys of an outsider never come in with a backup."""
    for name in ("settings.toml", "secret", "keys/key.p12"):
        bent = repacked(backed, tmp_path / "bent.tar.zst", lambda members, name=name: members.__setitem__(name, b"x"))
        with pytest.raises(Refused, match="清单上没有"):
            back_up.restore(bent, tmp_path / "again")
        assert not (tmp_path / "again").exists()
        bent.unlink()


def test_whoever_was_signed_in_then_is_out_and_nothing_starts_before_that(filed: Cast, tmp_path: Path) -> None:
    opened = sign_in.sign_in(filed.desk, sign_in.SignIn("clerk", PASSWORD))
    back_up.back_up(filed.desk, tmp_path / "a.tar.zst")
    back_up.restore(tmp_path / "a.tar.zst", tmp_path / "again")
    again = open_desk(Settings(instance=tmp_path / "again"), filed.desk.clock)
    assert sign_in.who(again, opened.token) is not None, "the copy is true to the last bit"
    with pytest.raises(Refused, match="flask init"):
        set_up.require_ready(again)
    assert any("结束了" in line for line in set_up.set_up(again))
    set_up.require_ready(again)
    assert sign_in.who(again, opened.token) is None
    assert not any("结束了" in line for line in set_up.set_up(again))
    with again.register.reading() as db:
        assert audit.first_bad(db) is None
    again.register.close()
