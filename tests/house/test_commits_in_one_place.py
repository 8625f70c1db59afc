"""A transaction ends in one place only: app/records/database.py."""

from __future__ import annotations

import ast

from tests.house.source import called, calls, modules

PLACE = "records/database.py"
ENDS = {"commit", "begin_nested", "rollback"}


def commits(source: str) -> list[int]:
    """Lines that end a transaction."""
    return [node.lineno for node in calls(ast.parse(source)) if called(node) in ENDS]


def test_only_the_database_module_commits() -> None:
    found = {name: commits(source) for name, source in modules().items() if name != PLACE}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_one_place_exists() -> None:
    assert PLACE in modules()


def test_a_planted_commit_is_found() -> None:
    assert commits("def save(db):\n    db.execute(1)\n    db.commit()\n") == [3]
    assert commits("with engine.begin() as db:\n    db.get_transaction().rollback()\n") == [2]
    assert commits("commit = 1\n# db.commit()\n") == []
