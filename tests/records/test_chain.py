"""A thousand lines, each in turn altered, taken out, swapped, doubled by one put in: both checkers name the place.

Each is checked from the line before the fault on, with what the untouched beginning leaves; one in fifty from the start.
"""

from __future__ import annotations

import ast
import json
import subprocess  # noqa: TID251  (the checker is a program of its own)
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.law.offices import Actor, Level
from app.records import audit
from app.records.database import Register
from app.records.tables import metadata
from scripts import verify_audit
from scripts.kept import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.people import Cast

COUNT = 1000
SCRIPT = ROOT / "scripts" / "verify_audit.py"
FIELDS: dict[str, Callable[[Any], Any]] = {
    "at": lambda at: at + timedelta(seconds=1), "account_id": lambda each: (each or 0) + 1,
    "verb": lambda verb: verb + "x", "noun": lambda noun: noun[::-1], "subject_id": lambda each: each + 1,
    "case_id": lambda each: None if each else 1, "detail": lambda detail: detail | {"day": "2026-01-01"},
    "previous": lambda digest: ("1" if digest[0] == "0" else "0") + digest[1:],
    "digest": lambda digest: digest[:-1] + ("1" if digest[-1] == "0" else "0"), "id": lambda each: each + 5000,
}
Line = dict[str, Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A register with nothing but a chain."""
    path = tmp_path_factory.mktemp("chain") / "register.db"
    register = Register(f"sqlite:///{path}")
    metadata.create_all(register.writer, tables=[audit.audit])
    somebody = Actor(7, "演示某", 1, "/640400/", Level.CITY, frozenset())
    with register.transaction() as db:
        for number in range(COUNT):
            audit.append(db, somebody if number % 3 else None, f"act_{number % 17}", "paper", number,
                         datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=number, microseconds=number % 2),
                         case_id=number % 40 or None, day="2026-09-01", words="送达、签收", pages=number)
    yield path
    register.close()


@pytest.fixture(scope="module")
def chain(place: Path) -> list[Line]:
    register = Register(f"sqlite:///{place}")
    with register.reading() as db:
        lines = list(audit.everything(db))
    register.close()
    assert len(lines) == COUNT
    return lines


def by_app(chain: list[Line], bent: list[Line], start: int) -> int | None:
    before = chain[start - 1]["digest"] if start else audit.FIRST
    return audit.first_bad_of(bent, before, start + 1)


def by_script(chain: list[Line], bent: list[Line], start: int) -> int | None:
    before = chain[start - 1]["digest"] if start else audit.FIRST
    said = ({**line, "at": line["at"].isoformat()} for line in bent)
    return verify_audit.verify(said, previous=before, count=start).first_bad


def altered(chain: list[Line], at: int) -> list[Line]:
    name = list(FIELDS)[at % len(FIELDS)]
    return [{**chain[at], name: FIELDS[name](chain[at][name])}, *chain[at + 1:at + 3]]


def removed(chain: list[Line], at: int) -> list[Line]:
    return chain[at + 1:at + 3]


def swapped(chain: list[Line], at: int) -> list[Line]:
    """With their numbers changed as well, so that only the chain tells."""
    pair = chain[at:at + 2]
    return [{**later, "id": first["id"]} for first, later in zip(pair, reversed(pair), strict=True)]


def inserted(chain: list[Line], at: int) -> list[Line]:
    """One put in that fits the line before it and bears a right digest; those after it move up by one."""
    forged: Line = {**chain[at], "verb": "forged"}
    forged["digest"] = audit.digest_of(forged)
    return [forged, *({**line, "id": line["id"] + 1} for line in chain[at:at + 2])]


def plainly_inserted(chain: list[Line], at: int) -> list[Line]:
    return [{**chain[at], "verb": "forged"}, *({**line, "id": line["id"] + 1} for line in chain[at:at + 2])]


FAULTS: dict[str, tuple[Callable[[list[Line], int], list[Line]], range, int]] = {
    "altered": (altered, range(COUNT), 0), "removed": (removed, range(COUNT - 1), 0),
    "swapped": (swapped, range(COUNT - 1), 0), "inserted": (plainly_inserted, range(COUNT), 0),
    "inserted with a right digest": (inserted, range(COUNT), 1),
}
"""How to bend, where, and how many places after the fault it must be named: a forged line that fits is true to itself,
so that the next one is the first that does not follow."""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("checker", [by_app, by_script])
def test_the_first_bad_line_is_named_in_every_case(
    chain: list[Line], fault: str, checker: Callable[[list[Line], list[Line], int], int | None],
) -> None:
    bend, places, later = FAULTS[fault]
    named = {at: checker(chain, bend(chain, at), at) for at in places}
    assert {at: found for at, found in named.items() if found != at + 1 + later} == {}
    for at in places[::50]:
        width = {"removed": 3}.get(fault, 2)
        whole = [*chain[:at], *bend(chain, at), *(chain[at + width:] if fault != "altered" else chain[at + 3:])]
        assert checker(chain, whole, 0) == at + 1 + later


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_counts(chain: list[Line], field: str) -> None:
    for at in range(0, COUNT, 25):
        bent = [{**chain[at], field: FIELDS[field](chain[at][field])}]
        assert by_app(chain, bent, at) == by_script(chain, bent, at) == at + 1


def test_an_end_that_was_cut_off_is_found_by_a_head_kept_elsewhere(chain: list[Line]) -> None:
    said = [{**line, "at": line["at"].isoformat()} for line in chain]
    kept = chain[-1]["digest"]
    assert verify_audit.verify(said, [kept]).valid
    for cut in (1, 2, 500, COUNT):
        verdict = verify_audit.verify(said[:-cut], [kept])
        assert (verdict.valid, verdict.first_bad, verdict.lost_heads) == (False, None, (kept,))
    assert verify_audit.verify(said[:-1]).valid, "without a head nothing shows: that is why packets carry them"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", SCRIPT, *words], capture_output=True, text=True, check=False)


def test_the_script_reads_the_register_and_the_exported_chain_alike(place: Path, chain: list[Line],
                                                                    tmp_path: Path) -> None:
    exported = tmp_path / "chain.jsonl"
    exported.write_text("".join(audit.exported(line) + "\n" for line in chain), "utf-8")
    for source in (place, exported):
        done = run(str(source), "--json", "--head", chain[10]["digest"])
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"valid": True, "first_bad": None, "lost_heads": [], "lines": COUNT,
                                           "head": chain[-1]["digest"]}
    text = exported.read_text("utf-8").splitlines()
    exported.write_text("\n".join([*text[:699], text[699].replace("送达", "送到"), *text[700:]]), "utf-8")
    done = run(str(exported))
    assert (done.returncode, done.stdout.strip()) == (1, "第700条起与链不符。")
    done = run(str(place), "--head", "f" * 64)
    assert done.returncode == 1
    assert "已不在链上" in done.stdout
    assert run(str(tmp_path / "nothing.db")).returncode == 2


def test_the_script_imports_nothing_of_the_service() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in names if name.partition(".")[0] in {"app", "sqlalchemy", "flask"}}


def test_a_checker_that_believes_the_stored_digest_is_caught(chain: list[Line], monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: one that does not count the digest anew passes an altered line."""
    monkeypatch.setattr(verify_audit, "digest_of", lambda line: line["digest"])
    assert by_script(chain, [{**chain[4], "verb": "other"}, chain[5]], 4) is None


def test_the_script_agrees_with_the_service_on_either_database(at_stage: Callable[[str], Cast]) -> None:
    cast = at_stage("ordered")
    with cast.desk.register.reading() as db:
        bad, head = audit.first_bad(db), audit.head(db)
    verdict = verify_audit.verify(verify_audit.lines_of(cast.desk.register.url.removeprefix("sqlite:///")), [head])
    assert (verdict.first_bad, verdict.head, verdict.valid) == (bad, head, True)
