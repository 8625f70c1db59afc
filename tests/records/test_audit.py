"""The chain of audit lines: whole after a whole thread, and no line of it can be bent, taken out or moved unseen."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from app.records import audit, packets
from app.records.database import Db

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Stages

ALTERATIONS: dict[str, str] = {
    "at": "UPDATE audit SET at = '2026-09-01 01:02:03.000004' WHERE id = :id",
    "account_id": "UPDATE audit SET account_id = coalesce(account_id, 0) + 1 WHERE id = :id",
    "verb": "UPDATE audit SET verb = verb || '2' WHERE id = :id",
    "noun": "UPDATE audit SET noun = noun || '2' WHERE id = :id",
    "subject_id": "UPDATE audit SET subject_id = subject_id + 1 WHERE id = :id",
    "case_id": "UPDATE audit SET case_id = coalesce(case_id, 0) + 1 WHERE id = :id",
    "detail": "UPDATE audit SET detail = '{\"x\": 1}' WHERE id = :id",
    "previous": "UPDATE audit SET previous = substr(previous, 3) || 'f0' WHERE id = :id",
    "digest": "UPDATE audit SET digest = substr(digest, 3) || 'f0' WHERE id = :id",
}


@pytest.fixture(scope="module")
def thread(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Db]:
    folder: Path = tmp_path_factory.mktemp("audit") / "instance"
    desk = stages.copy("filed", folder)
    with desk.register.writer.connect() as connection:
        yield Db(connection)
    stages.remove(desk)


@contextmanager
def undone(db: Db) -> Iterator[None]:
    """What is done inside is taken back at the end."""
    db.connection.rollback()
    try:
        yield
    finally:
        db.connection.rollback()


def ids(db: Db) -> list[int]:
    return [row.id for row in db.execute(text("SELECT id FROM audit ORDER BY id"))]


def test_the_chain_of_a_whole_thread_is_whole(thread: Db) -> None:
    with undone(thread):
        assert audit.first_bad(thread) is None
        assert len(ids(thread)) > 30


@pytest.mark.parametrize("column", ALTERATIONS)
def test_every_line_that_is_altered_is_named(thread: Db, column: str) -> None:
    for key in ids(thread):
        with undone(thread):
            thread.execute(text(ALTERATIONS[column]), {"id": key})
            assert audit.first_bad(thread) == key


def test_every_line_that_is_taken_out_is_missed(thread: Db) -> None:
    for key in ids(thread):
        with undone(thread):
            head = audit.head(thread)
            thread.execute(text("DELETE FROM audit WHERE id = :id"), {"id": key})
            found = audit.first_bad(thread) == key
            assert found or not audit.has(thread, head)


def test_every_line_that_changes_places_with_the_next_is_found(thread: Db) -> None:
    for key in ids(thread)[:-1]:
        with undone(thread):
            for old, new in ((key, -1), (key + 1, key), (-1, key + 1)):
                thread.execute(text("UPDATE audit SET id = :new WHERE id = :old"), {"old": old, "new": new})
            assert audit.first_bad(thread) == key


def test_a_line_put_in_between_or_written_anew_with_a_right_digest_is_found(thread: Db) -> None:
    for key in ids(thread)[:-1]:
        with undone(thread):
            row = thread.execute(audit.audit.select().where(audit.audit.c.id == key)).one()
            line: dict[str, Any] = dict(row._mapping)
            line["verb"] = "forged"
            line["digest"] = audit.digest_of(line)
            thread.execute(audit.audit.update().where(audit.audit.c.id == key).values(
                verb=line["verb"], digest=line["digest"]))
            assert audit.first_bad(thread) == key + 1


def test_a_checker_that_trusts_the_stored_digest_is_caught(thread: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: without the recomputed digest the altered line passes."""
    stored = {row.id: row.digest for row in thread.execute(audit.audit.select())}
    monkeypatch.setattr(audit, "digest_of", lambda line: stored[line["id"]])
    with undone(thread):
        thread.execute(text(ALTERATIONS["verb"]), {"id": 5})
        assert audit.first_bad(thread) is None


def test_the_heads_that_packets_carry_are_heads_of_the_chain(thread: Db) -> None:
    with undone(thread):
        contents = thread.execute(select(packets.packets.c.contents)).scalar_one()
        assert audit.has(thread, contents["audit_head"])
        assert not audit.has(thread, "0" * 63 + "1")
