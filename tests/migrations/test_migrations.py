"""The register's migrations: up only, with data, and the same in the end as what the code declares."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, Table

from app.actions import set_up
from app.errors import Refused
from app.outside import lock
from app.records import audit, schema
from app.records.database import Register
from app.records.tables import metadata
from app.worker import run
from tests.conftest import lay

if TYPE_CHECKING:
    from pathlib import Path

    from app.actions.desk import Desk


def differences(register: Register) -> list[object]:
    with register.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def upgrade_to(register: Register, revision: str) -> None:
    config = schema._config()
    with register.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@pytest.fixture
def empty(tmp_path: Path) -> Register:
    return Register(f"sqlite:///{tmp_path / 'register.db'}")


def test_the_migrated_schema_is_the_declared_one(desk: Desk) -> None:
    assert differences(desk.register) == []


def test_a_column_without_its_migration_is_found(desk: Desk) -> None:
    planted = Table("planted", metadata, Column("id", Integer, primary_key=True))
    try:
        assert differences(desk.register)
    finally:
        metadata.remove(planted)


def test_a_paper_of_the_first_version_keeps_its_words_and_learns_its_sender(empty: Register, tmp_path: Path) -> None:
    upgrade_to(empty, "0001")
    empty.close()
    with closing(sqlite3.connect(tmp_path / "register.db")) as old, old:
        old.execute("INSERT INTO offices (id, code, path, level, name, full_name, area_name)"
                    " VALUES (1, 'a', '/a/', 'township', '甲', '甲', '甲')")
        old.execute("INSERT INTO accounts (id, login, name, office_id, password_hash, roles, created_at)"
                    " VALUES (7, 'x', '演示', 1, '-', '[]', '2026-09-01')")
        old.execute("INSERT INTO students (id, public_id, name, sex, id_number, birth_date, student_status_no,"
                    " school_id, grade, class_name, hukou_address, home_address, township_id, village, created_at)"
                    " VALUES (1, 's', '演示', '女', '-', '2012-01-01', '-', 1, 8, '-', '-', '-', 1, '-', '2026-09-01')")
        old.execute("INSERT INTO cases (id, public_id, case_no, student_id, school_id, school_path, township_id,"
                    " township_path, first_absent_on, reason_code, opened_by, opened_at)"
                    " VALUES (1, 'c', 'n', 1, 1, '/a/', 1, '/a/', '2026-09-07', 'F', 7, '2026-09-15')")
        old.executemany("INSERT INTO papers (id, public_id, kind, title, case_id, office_id, state, typed, drafter_id,"
                        " drafted_at, submitted_at) VALUES (?, ?, 'k', '题', 1, 1, 'draft', '{}', 7, '2026-09-15', ?)",
                        [(1, "p1", "2026-09-16 01:00:00"), (2, "p2", None)])
        old.execute("INSERT INTO scans (public_id, paper_id, role, original_name, original_sha, pdf_sha, pages,"
                    " entered_at, entered_by) VALUES ('f', 1, 'stamped', 'n', 'a', 'b', 1, '2026-09-16', 7)")
    backup = tmp_path / "before.bak"
    assert schema.upgrade(empty, backup)
    with closing(sqlite3.connect(tmp_path / "register.db")) as new:
        assert new.execute("SELECT id, title, submitter_id FROM papers ORDER BY id").fetchall() == [
            (1, "题", 7), (2, "题", None)]
        assert new.execute("SELECT count(*) FROM scans").fetchone() == (1,)
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []
    with closing(sqlite3.connect(backup)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert kept.execute("SELECT count(*) FROM papers").fetchone() == (2,)
    assert differences(empty) == []


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


def test_an_empty_register_and_a_foreign_head_are_refused(empty: Register, desk: Desk) -> None:
    with pytest.raises(Refused, match="flask init"):
        schema.require_head(empty)
    with desk.register.writer.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    with pytest.raises(Refused, match="flask init"):
        schema.require_head(desk.register)
    with pytest.raises(Refused, match="flask init"):
        run(desk, 1)


def test_init_waits_for_another_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = lay(tmp_path / "fresh", "cast")
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
    desk.register.close()
