"""What the documents name is there: paths, settings, the tests of the house."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from app.settings import Settings
from scripts.kept import ROOT, kept_files

DOCUMENTS = ("CONTRIBUTING.md", "README.md", "README.zh-CN.md", "SECURITY.md", "docs/plan.md", "docs/questions.md",
             "deploy/README.md")
PATH = re.compile(r"(?<![\w./<-])(?:app|tests|docs|scripts|deploy|migrations|bench)/[\w./-]*\w", re.ASCII)


def words_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def missing(text: str) -> set[str]:
    """Paths named in the text that git does not keep, as a file or as a folder."""
    kept = {path.relative_to(ROOT).as_posix() for path in kept_files()}
    folders = {folder.as_posix() for name in kept for folder in (ROOT / name).relative_to(ROOT).parents}
    return set(PATH.findall(text)) - kept - folders


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_in_the_documents_is_there(name: str) -> None:
    assert missing(words_of(name)) == set()


def test_every_setting_is_told() -> None:
    table = words_of("README.md").partition("## Settings\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert told == {each.name for each in fields(Settings)} - {"instance"}


def test_every_test_of_the_house_is_named() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in kept_files() if path.match("tests/house/test_*.py")}
    assert set(re.findall(r"^\| `(tests/house/\w+\.py)` \|", words_of("CONTRIBUTING.md"), re.MULTILINE)) == there


def test_a_planted_path_is_found() -> None:
    assert missing("see `app/law/steps.py`, tests/house and `app/law/nothing.py`。") == {"app/law/nothing.py"}
