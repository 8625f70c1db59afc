"""The register's migrations: up only, with data, and the same in the end as what the code declares."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess  # noqa: TID251  (the promise is about processes)
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, Table, select, text

from app.actions import set_up
from app.errors import Refused
from app.outside import lock
from app.records import audit, schema
from app.records.papers import papers
from app.records.tables import metadata
from app.worker import run
from scripts.kept import ROOT
from tests.conftest import lay

if TYPE_CHECKING:
    from pathlib import Path

    from app.actions.desk import Desk
    from app.records.database import Register


def differences(register: Register) -> list[object]:
    with register.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def upgrade_to(register: Register, revision: str) -> None:
    config = schema._config()
    with register.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_migrated_schema_is_the_declared_one(desk: Desk) -> None:
    assert differences(desk.register) == []


def test_a_column_without_its_migration_is_found(desk: Desk) -> None:
    planted = Table("planted", metadata, Column("id", Integer, primary_key=True))
    try:
        assert differences(desk.register)
    finally:
        metadata.remove(planted)


FIRST_VERSION = (
    ("INSERT INTO offices (id, code, path, level, name, full_name, area_name)"
    " VALUES (1, 'a', '/a/', 'township', '甲', '甲', '甲')"),
    ("INSERT INTO accounts (id, login, name, office_id, password_hash, roles, created_at)"
    " VALUES (7, 'x', '演示', 1, '-', '[]', '2026-09-01')"),
    ("INSERT INTO students (id, public_id, name, sex, id_number, birth_date, student_status_no,"
    " school_id, grade, class_name, hukou_address, home_address, township_id, village, created_at)"
    " VALUES (1, 's', '演示', '女', '-', '2012-01-01', '-', 1, 8, '-', '-', '-', 1, '-', '2026-09-01')"),
    ("INSERT INTO cases (id, public_id, case_no, student_id, school_id, school_path, township_id,"
    " township_path, first_absent_on, reason_code, opened_by, opened_at)"
    " VALUES (1, 'c', 'n', 1, 1, '/a/', 1, '/a/', '2026-09-07', 'F', 7, '2026-09-15')"),
    ("INSERT INTO papers (id, public_id, kind, title, case_id, office_id, state, typed, drafter_id,"
    " drafted_at, submitted_at) VALUES (1, 'p1', 'k', '题', 1, 1, 'draft', '{}', 7, '2026-09-15', '2026-09-16 01:00:00')"),
    ("INSERT INTO papers (id, public_id, kind, title, case_id, office_id, state, typed, drafter_id,"
    " drafted_at, submitted_at) VALUES (2, 'p2', 'k', '题', 1, 1, 'draft', '{}', 7, '2026-09-15', NULL)"),
    ("INSERT INTO scans (public_id, paper_id, role, original_name, original_sha, pdf_sha, pages,"
    " entered_at, entered_by) VALUES ('f', 1, 'stamped', 'n', 'a', 'b', 1, '2026-09-16', 7)"),
)


def test_a_paper_of_the_first_version_keeps_its_words_and_learns_its_sender(empty: Desk, tmp_path: Path) -> None:
    register, backup = empty.register, tmp_path / "before.bak"
    upgrade_to(register, "0001")
    with register.writer.begin() as old:
        for line in FIRST_VERSION:
            old.exec_driver_sql(line)
    assert schema.upgrade(register, backup)
    with register.reading() as db:
        assert [tuple(row) for row in db.execute(text("SELECT id, title, submitter_id FROM papers ORDER BY id"))] == [
            (1, "题", 7), (2, "题", None)]
        assert [tuple(row) for row in db.execute(select(papers.c.origin, papers.c.number_typed, papers.c.editors))] == [
            ("system", False, [])] * 2
        assert db.execute(text("SELECT count(*) FROM scans")).scalar_one() == 1
        if register.sqlite:
            assert db.execute(text("PRAGMA foreign_key_check")).all() == []
    assert differences(register) == []
    assert backup.exists() == register.sqlite
    if register.sqlite:
        with closing(sqlite3.connect(backup)) as kept:
            assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
            assert kept.execute("SELECT count(*) FROM papers").fetchone() == (2,)


def test_three_inits_at_once_make_one_register(empty: Desk, tmp_path: Path) -> None:
    """A file has one machine and its lock file. With PostgreSQL each machine has an instance and a lock of its own."""
    places = [empty.settings.instance if empty.register.sqlite else tmp_path / name for name in "abc"]
    for place in set(places) - {empty.settings.instance}:
        shutil.copytree(empty.settings.instance, place)
    machines = [subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "init"], cwd=ROOT, text=True,
                                 env=os.environ | {"FANXIAO_INSTANCE": str(place)}, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT) for place in places]
    told = [machine.communicate(timeout=120)[0] for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0, 0], told
    assert sorted("登记库已建好或升级" in words for words in told) == [False, False, True]
    with empty.register.reading() as db:
        assert audit.first_bad(db) is None
        assert [line.verb for line in db.execute(audit.audit.select())] == ["set_up"]


def test_no_writer_writes_while_a_register_is_migrated(desk: Desk) -> None:
    """SQLite keeps them apart by the migration's own transaction."""
    done = threading.Event()

    def write() -> None:
        with desk.register.transaction() as db:
            audit.append(db, None, "set_up", "office", 0, desk.clock.now())
        done.set()

    other = lay(desk.settings.instance, "cast")
    with other.register.alone() as connection:
        connection.exec_driver_sql("UPDATE offices SET phone = phone")
        writer = threading.Thread(target=write)
        writer.start()
        assert not done.wait(0.3)
        connection.rollback()
    writer.join(10)
    assert done.is_set()
    other.register.close()


def test_init_twice_changes_nothing(desk: Desk) -> None:
    def everything() -> tuple[object, ...]:
        with desk.register.reading() as db:
            rows = {table.name: [tuple(row) for row in db.execute(table.select())] for table in metadata.sorted_tables}
        keys = {path.name: path.read_bytes() for path in (desk.settings.instance / "keys").iterdir()}
        return rows, keys, desk.settings.secret_path.read_bytes()

    before = everything()
    assert set_up.set_up(desk) == ()
    assert everything() == before
    assert not list(desk.settings.instance.glob("*.bak"))


def test_an_empty_register_and_a_foreign_head_are_refused(empty: Desk, desk: Desk) -> None:
    with pytest.raises(Refused, match="flask init"):
        schema.require_head(empty.register)
    with desk.register.writer.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    with pytest.raises(Refused, match="flask init"):
        schema.require_head(desk.register)
    with pytest.raises(Refused, match="flask init"):
        run(desk, 1)


def test_init_waits_for_another_init(empty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = empty
    seen = []
    upgrade = schema.upgrade

    def watched(register: Register, backup_to: Path | None) -> bool:
        with pytest.raises(Exception, match="另一个程序"), lock.held(desk.settings.instance / "init.lock", seconds=0):
            pass
        seen.append(True)
        return upgrade(register, backup_to)

    monkeypatch.setattr(schema, "upgrade", watched)
    assert set_up.set_up(desk)
    assert seen == [True]
    with desk.register.reading() as db:
        assert audit.first_bad(db) is None
