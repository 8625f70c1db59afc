"""Every page × role × office: nobody gets what is not theirs, and everybody gets what is (security.md D4)."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

import pytest

from app.law.powers import Power
from app.records import audit, files, rolls, services
from app.records.tables import metadata
from app.web.access import Door
from tests.people import SCHOOL
from tests.web import matrix
from tests.web.matrix import HOLDERS, PLACES, SEES_CASE, THE_CHILD, Someone

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.people import Cast

NOTHING = "0" * 32
FREE = {"/sign-in/code", "/sign-out", "/account/others", "/account/password", "/account/authenticator",
        "/held/<int:held_id>/drop"}
"""Pages about the session itself; tests/web/test_sessions.py and test_held.py have them."""
NOT_MADE = {"/papers/<public_id>/sealed.pdf", "/papers/<public_id>/late", "/students/import/<public_id>",
            "/admin/offices/<code>/schools/new"}
"""The case's paper has no picture of a seal and is no 补录, no list was read in, and a school has no schools."""
BY_NUMBER_ONLY = {("U", "/students/<public_id>/looks")}
"""An auditor opens no child; whoever saw one is asked for by the number of the case."""
ONLY_OWN = {
    "/papers/<public_id>/keeps/<keep_id>", "/papers/<public_id>/keeps/<keep_id>/drop",
}
"""Of one person alone: everybody else gets nothing."""


def test_the_table_by_hand_names_every_power_and_no_other() -> None:
    assert set(HOLDERS) == {power.value for power in Power}


def test_every_role_sits_somewhere_and_every_office_relation_is_tried() -> None:
    assert {letter for _, letters in PLACES.values() for letter in letters} == set(matrix.ROLE)
    assert {relation for relation, _ in PLACES.values()} >= {"own", "sibling", "stranger", "parent", "root"}


def ids(cast: Cast) -> dict[str, dict[str, Any]]:
    """What stands in the gaps of an address, by the noun it begins with: things of one case of one school."""
    order = cast.paper("rectification_order")
    with cast.desk.register.reading() as db:
        scan = files.of_paper(db, order.id)[0].public_id
        service = services.of_paper(db, order.id)[0].id
        packet = metadata.tables["packets"].select()
        bound = db.execute(packet).first()
    assert bound is not None
    return {
        "students": {"public_id": cast.student}, "cases": {"public_id": cast.case},
        "papers": {"public_id": order.public_id, "scan_id": scan, "int:service_id": service, "int:number": 1,
                   "form": "pdf", "keep_id": NOTHING},
        "packets": {"public_id": bound.public_id}, "verify": {"code": bound.code}, "admin": {"code": SCHOOL},
        "offices": {"code": SCHOOL},
    }


def filled(rule: str, found: dict[str, dict[str, Any]]) -> str:
    """The address of a rule with things of the case; gaps that nothing of the case fills get what is not there."""
    noun = rule.split("/")[1]
    for name, value in found.get(noun, {}).items():
        rule = rule.replace(f"<{name}>", str(value))
    return re.sub(r"<int:\w+>", "999999", re.sub(r"<(?:path:)?(?!int:)\w+>", NOTHING, rule))


def routes(app: Flask) -> list[tuple[str, str, Any]]:
    table = app.extensions["fanxiao_access"]
    return sorted(((rule.rule, method, table[rule.endpoint]) for rule in app.url_map.iter_rules()
                   for method in (rule.methods or set()) & {"GET", "POST"} if rule.rule not in FREE),
                  key=lambda each: (each[0], each[1]))


def content(cast: Cast) -> dict[str, int]:
    """Rows of every table that a refused request must leave alone."""
    with cast.desk.register.reading() as db:
        return {name: len(db.execute(table.select()).all()) for name, table in metadata.tables.items()
                if name not in {"looks", "sessions", "once", "held_forms", "sign_in_failures"}}


class Run:
    """One walk of everybody through all pages; what was wrong is collected, so that one run tells all."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.found = cast, ids(cast)
        self.people = list(matrix.everybody(cast))
        self.plants = matrix.planted(cast)
        self.owners = {mark: plant for plant in self.plants for mark in plant.marks}
        self.any_mark = re.compile("植[名父村址籍].{4}|640499\\d{11}[\\dX]")
        self.app = self.people[0].browser.client.application
        self.tokens = {id(each): each.browser.token() for each in self.people}
        self.wrong: list[str] = []
        self.asked = 0

    def ask(self, someone: Someone, method: str, address: str) -> Any:
        self.asked += 1
        if method == "GET":
            answer = someone.browser.get(address)
        else:
            answer = someone.browser.client.post(address, data={"csrf_token": self.tokens[id(someone)]})
        self.look(someone, f"{method} {address}", answer)
        return answer

    def look(self, someone: Someone, what: str, answer: Any) -> None:
        """Body, headers and file name of whatever came: no child of another office."""
        text = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
        for mark in self.any_mark.findall(text):
            owner = self.owners.get(mark)
            if owner is not None and not any(path.startswith(someone.path) for path in owner.paths):
                self.wrong.append(f"{someone.letter}@{someone.office} {what}: a planted child")
        if someone.office not in SEES_CASE and any(mark in text for mark in THE_CHILD):
            self.wrong.append(f"{someone.letter}@{someone.office} {what}: the child of the case")
        if answer.status_code >= 500:
            self.wrong.append(f"{someone.letter}@{someone.office} {what}: {answer.status_code}")

    def refused(self, someone: Someone, rule: str, method: str, needs: Any) -> bool | None:
        """Whether this person must get nothing here; None where the page is for everybody or for no case."""
        if isinstance(needs, Door):
            return True if rule in ONLY_OWN else None
        if not someone.holds(needs.value):
            return True
        if rule in ONLY_OWN:
            return True
        return someone.office not in SEES_CASE if rule != filled(rule, self.found) else None


@pytest.fixture(scope="module")
def logged() -> Any:
    """Every line that anything logs during the walk."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    ear = Ear()
    logging.getLogger().addHandler(ear)
    yield lines
    logging.getLogger().removeHandler(ear)


def test_everybody_gets_what_is_theirs_and_nothing_else(at_stage: Callable[[str], Cast], logged: list[str]) -> None:
    cast = at_stage("filed")
    run = Run(cast)
    assert len(run.people) >= 44
    before = content(cast)
    allowed: list[tuple[Someone, str, str]] = []
    for someone in run.people:
        for rule, method, needs in routes(run.app):
            must = run.refused(someone, rule, method, needs)
            if must is not True:
                allowed.append((someone, rule, method))
                continue
            answer = run.ask(someone, method, filled(rule, run.found))
            absent = run.ask(someone, method, filled(rule, {})) if answer.status_code != 404 else answer
            known = rule in ONLY_OWN and someone.office in SEES_CASE
            if answer.status_code < 400 or answer.status_code not in {404, absent.status_code, 422 if known else 404}:
                run.wrong.append(f"{someone.letter}@{someone.office} {method} {rule}: {answer.status_code}, must be refused")
    assert content(cast) == before, "a refused request wrote something"
    refused = run.asked
    for someone, rule, method in allowed:
        if method == "GET":
            answer = run.ask(someone, "GET", filled(rule, run.found))
            there = "<" not in rule.replace("<public_id>", "").replace("<code>", "") and rule not in NOT_MADE
            if answer.status_code == 404 and there and (someone.letter, rule) not in BY_NUMBER_ONLY:
                run.wrong.append(f"{someone.letter}@{someone.office} GET {rule}: 404, must be there")
    for someone, rule, method in allowed:
        if method == "POST":
            run.ask(someone, "POST", filled(rule, run.found))
    said = "\n".join(logged)
    run.wrong += [f"log: {mark}" for mark in set(run.any_mark.findall(said)) if mark in run.owners]
    assert run.wrong == [], "\n".join(run.wrong)
    assert refused > 1500
    assert run.asked > 3000
    with cast.desk.register.reading() as db:
        details = str(db.execute(audit.audit.select()).all())
    assert not [mark for mark in set(run.any_mark.findall(details)) if mark in run.owners]


def test_a_planted_leak_is_found(at_stage: Callable[[str], Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk sees when a guard is gone: every query open, and the pages show strangers' children."""
    cast = at_stage("filed")
    run = Run(cast)
    real = rolls.in_charge
    monkeypatch.setattr(rolls, "in_charge", lambda actor, *paths: real(cast.people["school"], *paths) | (paths[0] != ""))
    stranger = next(each for each in run.people if each.letter == "S" and each.office == matrix.OTHER_SCHOOL)
    run.ask(stranger, "GET", "/students")
    assert any("a planted child" in each for each in run.wrong)
