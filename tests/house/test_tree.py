"""What git keeps holds no secret, machine path, registry host or ID number that could be a person's."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from scripts.check_libraries import check as library_differences
from scripts.check_libraries import pins
from scripts.check_secrets import findings
from scripts.kept import ROOT, kept_files, text_of

if TYPE_CHECKING:
    from pathlib import Path

MACHINE = re.compile(
    r"(?<![\w.])/(?:root|home/[a-z]\w*|w[o]rk|Users/\w+|tmp/[a-z]\w*_jobs)/"
    r"|\b(?:py[p]i|files\.pythonh[o]sted|regis[t]ry\.(?:npmjs|yarnpkg)|d[e]b\.debian|secur[i]ty\.debian)\.(?:org|com)\b"
    r"|\bmirrors?\.[a-z]+\.(?:com|cn|edu\.cn|org)\b|-registry\.(?:internal|local)\b")
"""Paths of one machine, and hosts of packages: an installation works with whatever it is given."""
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{6})((?:19|20)\d{6})\d{3}[0-9Xx](?![0-9A-Za-z])")
OF_NOBODY = "640499"
"""Area code that no place has."""
PUBLISHED = {"110105" + "19491231002X", "640422" + "201103150029"}
"""Worked examples: of GB 11643 and of the command line's promise; only tests of the law may use them."""
BORROWED = ("app/static/vendor/", "scripts/vendor/", "app/outside/data/")


def place_names(text: str) -> list[str]:
    return [found.group() for found in MACHINE.finditer(text)]


def id_numbers(text: str, name: str) -> list[str]:
    """ID numbers in the text that are not of area 640499, nor a published example in its place."""
    found = []
    for match in ID_NUMBER.finditer(text):
        try:
            dt.date.fromisoformat(match[2])
        except ValueError:
            continue
        example = match.group().upper() in PUBLISHED and name.startswith("tests/law/")
        if match[1] != OF_NOBODY and not example:
            found.append(match.group())
    return found


def words(path: Path) -> str:
    """Text of a file; of an office document the text of its parts without the marks between."""
    if path.suffix not in {".docx", ".xlsx", ".odt"}:
        return text_of(path) or ""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode(errors="replace") for name in archive.namelist()
                 if name.endswith((".xml", ".rels"))]
    return "\n".join(re.sub(r"<[^>]+>", "", part) for part in parts)


def kept() -> list[tuple[str, Path]]:
    return [(path.relative_to(ROOT).as_posix(), path) for path in kept_files()]


def test_no_machine_path_and_no_registry_host() -> None:
    wrong = {name: found for name, path in kept()
             if not name.startswith(BORROWED) and (found := place_names(text_of(path) or ""))}
    assert wrong == {}


def test_every_id_number_is_of_nobody() -> None:
    wrong = {name: len(found) for name, path in kept() if (found := id_numbers(words(path), name))}
    assert wrong == {}


def test_no_secret_is_kept() -> None:
    wrong = [line for name, path in kept() for line in findings(name, text_of(path))]
    assert wrong == []


def test_every_library_is_pinned_and_installed_as_pinned() -> None:
    assert library_differences() == []


def test_planted_paths_and_hosts_are_found() -> None:
    assert place_names("see /" + "home/li/app and /" + "root/x") == ["/" + "home/li/", "/" + "root/"]
    assert place_names("index https://py" + "pi.org/simple") == ["py" + "pi.org"]
    assert place_names("/opt/fanxiao /etc/fanxiao /var/lib/fanxiao docs/work/x") == []


def test_a_planted_id_number_is_found() -> None:
    real_looking = "640422" + "20110315" + "0029"
    assert id_numbers(f"号码{real_looking}。", "app/x.py") == [real_looking]
    assert id_numbers(real_looking, "tests/law/test_identity.py") == []
    assert id_numbers("640499" + "20110315" + "0022 640422" + "20119915" + "0029", "app/x.py") == []


@pytest.mark.parametrize(("name", "text"), [
    ("app/x.py", "password = 'Gu" + "yuan2026!'"),
    ("app/x.py", "-----BEGIN PRIV" + "ATE KEY-----\n" + "A" * 64),
    ("deploy/x.toml", "postgresql://fanxiao:s3" + "cret@db.example.cn/x"),
    ("instance/settings.toml", ""),
    ("app/station.p12", None),
])
def test_a_planted_secret_is_found(name: str, text: str | None) -> None:
    assert findings(name, text)


def test_a_loose_library_is_found() -> None:
    assert pins("Flask>=3\nrich==15.0.0 # why\nuvicorn[standard]==1.0\n-r other.txt\n") == (
        {"rich": "15.0.0", "uvicorn": "1.0"}, ["Flask>=3"])
