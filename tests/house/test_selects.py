"""Every query of a person starts at scope.in_charge: who selects uses it, or a reason stands here.

A private function hands the duty to those of its module that call it: a row leaves through public ones.
"""

from __future__ import annotations

import ast

import pytest

from tests.house.source import called, calls, modules

SELECTS = {"select", "everybody"}
"""`everybody` is the query of pupils that two modules share."""
SCOPES = {"in_charge"}

WITHOUT_CHILDREN = {
    "addresses": "addresses of files in the store, 64 digits each",
    "accounts": "officials' accounts: looked up by login before anyone is signed in",
    "audit": "ids, states and dates only; the chain is one for all offices",
    "duties": "counts of seals, uses and acts in the actor's own office or charge; resets; what one is said to have signed",
    "held": "sealed forms, which open only with the cookie of their own browser",
    "once": "hashes of forms and the addresses they led to, by account",
    "failures": "counts of failed sign-ins under hashes of names and addresses",
    "jobs": "kinds and ids of work, for the worker, which acts for no office",
    "numbers": "counters of document numbers by office, series and year",
    "offices": "the public tree of offices; names no person",
    "places": "names of villages and classes; names no person",
    "seals": "pictures of offices' seals and their uses: kinds, numbers and files of papers, officials, never a child",
    "sessions": "hashes of session tokens, looked up before the actor is known",
    "sizes": "counts of work and failed sign-ins, and how many bytes there are",
    "workdays": "days off and make-up days",
}
"""Modules whose tables name no child or guardian, each with what they hold."""

ALLOWED = {
    "cases.holder_of": "name of a township only, for a pupil whom the caller has loaded in its own charge",
    "cases.remove_step_of_paper": "the caller has loaded the case in its own charge in the same transaction",
    "files.load_scan": "a scan of a paper that the caller has loaded in its own charge",
    "files.of_paper": "scans of a paper that the caller has loaded in its own charge",
    "issued.bearer_of": "about one document number, which no other paper of any office may bear; no page shows whose",
    "issued.highest": "a number of a series of the caller's own office",
    "issued.highest_of_word": "a number under the words of the caller's own office",
    "issued.years": "years in which the caller's own office gave numbers",
    "keeps.load": "a keep of a paper that the caller has loaded in its own charge",
    "keeps.of_paper": "keeps of a paper that the caller has loaded in its own charge",
    "looks.at_child": "officials who looked at a pupil whom the caller has found in its own charge",
    "looks.children_behind": "keys only, of things that the page has just shown to somebody in charge",
    "looks.new_of": "keys only, of children whom the caller has loaded in its own charge",
    "packets.find_for_public": "the public page behind the QR code: kind, number, date, office, never a name",
    "packets.is_replaced": "the public page: whether there is a later file of the same case, never whose",
    "packets.kept_heads": "codes of bound files and heads of the chain they carry, for the check of the whole chain",
    "packets.load_for_job": "the worker acts for no office; its job row was written by who was in charge",
    "papers.load_for_job": "the worker acts for no office; its job row was written by who was in charge",
    "parties.papers_out": "kinds and offices only, of a pupil whom the caller has loaded; a pupil may have moved since",
    "portable.load": "the whole register, for the operator who restores a backup; no page reaches it",
    "portable.rows": "digests of whole tables, for the operator's backup; no page reaches it",
    "portable.snapshot": "the whole register, for the operator's backup; no page reaches it",
    "services.of_papers": "services of papers that the caller has loaded in its own charge",
    "rolls.by_keys": "pupils of a batch that the caller has loaded in its own charge",
    "rolls.fill_keys": "search keys of old rows, written when an installation is set up; nothing leaves",
    "rolls.add_many": "keys of the rows that it has just entered itself",
    "rolls.with_cases": "yes or no about pupils whom the caller has loaded in its own charge",
    "batches.items_of": "rows of a batch that the caller has loaded in its own charge",
    "students.entered_elsewhere": "the school of a number just typed; told by name to those in charge of it only",
    "students.everybody": "the bare query; whoever uses it narrows it to its own charge",
    "students.guardians_of": "guardians of pupils whom the caller has loaded",
    "students.any_enrolled": "yes or no about a school that the caller has loaded in its own charge",
    "students.of_cases": "pupils of cases that the caller has loaded in its own charge; a pupil may have moved since",
    "trails.names": "names of officials, of audit lines that the caller has loaded in its own charge",
}
"""`module.function` that may select without in_charge, each with the reason."""


def functions(tree: ast.Module) -> dict[str, ast.AST]:
    """Functions and methods of a module by name, nested ones inside their parents."""
    found: dict[str, ast.AST] = {}
    for node in tree.body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[inner.name] = inner
    return found


def unscoped(source: str) -> set[str]:
    """Names of functions that select rows, themselves or through private ones, without in_charge."""
    parts = functions(ast.parse(source))
    names = {name: {called(call) for call in calls(part)} for name, part in parts.items()}
    selecting = {name for name, used in names.items() if used & SELECTS}
    scoped = {name for name, used in names.items() if used & SCOPES}
    while True:
        lifted = {name for name in parts if names[name] & {n for n in scoped if n.startswith("_")}}
        if lifted <= scoped:
            break
        scoped |= lifted
    while True:
        burdened = {name for name, used in names.items()
                    if used & {n for n in selecting if n.startswith("_") and n not in scoped}}
        if burdened <= selecting:
            break
        selecting |= burdened
    return {name for name in selecting - scoped if not _hands_on(name, names)}


def _hands_on(name: str, names: dict[str, set[str]]) -> bool:
    return name.startswith("_") and any(name in used for other, used in names.items() if other != name)


def offenders() -> set[str]:
    found = set()
    for path, source in modules().items():
        room, _, file = path.partition("/")
        module = file.removesuffix(".py")
        if room == "records" and module not in WITHOUT_CHILDREN:
            found |= {f"{module}.{name}" for name in unscoped(source)}
    return found


def test_every_query_of_a_person_starts_in_charge() -> None:
    assert sorted(offenders() - set(ALLOWED)) == []


def test_no_exception_outlives_its_need() -> None:
    assert sorted(set(ALLOWED) - offenders()) == []
    here = {path.partition("/")[2].removesuffix(".py") for path in modules() if path.startswith("records/")}
    assert sorted(set(WITHOUT_CHILDREN) - here) == []


@pytest.mark.parametrize("reason", [*ALLOWED.values(), *WITHOUT_CHILDREN.values()])
def test_an_exception_states_a_reason(reason: str) -> None:
    assert len(reason) >= 12


def test_a_planted_query_is_found() -> None:
    assert unscoped("def rows(db):\n    return db.execute(select(t))\n") == {"rows"}
    assert unscoped("def rows(db):\n    return db.execute(sa.select(t))\n") == {"rows"}


def test_a_query_hidden_in_a_private_function_is_found() -> None:
    hidden = "def _all():\n    return select(t)\n\ndef rows(db):\n    return db.execute(_all())\n"
    assert unscoped(hidden) == {"rows"}
    assert unscoped("def _all():\n    return select(t)\n") == {"_all"}


def test_a_query_in_charge_passes() -> None:
    assert unscoped("def rows(db, a):\n    return db.execute(select(t).where(in_charge(a, p)))\n") == set()
    mine = "def _mine(a):\n    return select(t).where(in_charge(a, p))\n"
    assert unscoped(mine + "\ndef rows(db, a):\n    return db.execute(_mine(a))\n") == set()
