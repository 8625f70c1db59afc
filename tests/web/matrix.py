"""What everybody may do and see, written by hand from 义务教育法第五十八条, 《办法》二 and security.md; no code of ours decides it.

One letter a role: S school clerk, P principal, T township clerk, L township leader, C county clerk, B county leader,
Y city clerk, M city leader, I duty inspector, K seal keeper, U auditor, A administrator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app import create_app
from app.actions import manage_accounts, manage_offices, register_student
from app.law.offices import Role
from app.records import accounts, offices, sessions
from tests.people import (
    CHILD,
    COUNTY,
    NEXT_TOWNSHIP,
    OTHER_COUNTY,
    OTHER_SCHOOL,
    OTHER_TOWNSHIP,
    SCHOOL,
    STREET_SCHOOL,
    TOWNSHIP,
    Child,
    identity,
)
from tests.web.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from app.actions.desk import Desk
    from tests.people import Cast

ROLE = {
    "S": Role.SCHOOL_CLERK, "P": Role.PRINCIPAL, "T": Role.TOWNSHIP_CLERK, "L": Role.TOWNSHIP_LEADER,
    "C": Role.COUNTY_CLERK, "B": Role.COUNTY_LEADER, "Y": Role.CITY_CLERK, "M": Role.CITY_LEADER,
    "I": Role.DUTY_INSPECTOR, "K": Role.SEAL_KEEPER, "U": Role.AUDITOR, "A": Role.ADMINISTRATOR,
}
HOLDERS = {
    "register_pupil": "STC", "import_pupils": "STC", "export_ledger": "SPTLCBYM", "roll_over": "S",
    "report_absence": "S", "open_case": "STC", "close_case": "LB", "record_visit": "STC",
    "view_cases": "SPTLCBYMI", "reveal_id": "SPTLCB", "draft_paper": "STCY", "submit_paper": "STCY",
    "approve_paper": "PLBM", "void_paper": "PLBM", "enter_late": "STCY", "consent_late_entry": "PLBM",
    "register_signed": "SPTLCBYM", "record_service": "SPTLCB", "keep_scan": "STCY", "keep_seals": "K",
    "approve_seal": "PLBM", "apply_seal": "K", "view_seal_uses": "PLBMKU", "compile_file": "STC",
    "view_register": "SPTLCBYMI", "print_letters": "STCY", "compile_report": "STCY", "approve_report": "PLBM",
    "view_reports": "SPTLCBYMI", "supervise": "CBYM", "manage_templates": "A", "manage_calendar": "A",
    "manage_offices": "A", "manage_accounts": "A", "manage_jobs": "A", "view_audit": "UA", "view_looks": "PLBMU",
}
"""Power → roles. No line is read from app.law."""

SIBLING_SCHOOL, CITY = "YS640422002", "640400"
PLACES = {
    SCHOOL: ("own", "SPKUA"), SIBLING_SCHOOL: ("sibling", "SPKUA"), OTHER_SCHOOL: ("stranger", "SPKUA"),
    TOWNSHIP: ("parent", "TLKUA"), NEXT_TOWNSHIP: ("sibling of the parent", "TLKUA"),
    OTHER_TOWNSHIP: ("stranger", "TLKUA"), COUNTY: ("grandparent", "CBIKUA"), OTHER_COUNTY: ("stranger", "CBIKUA"),
    CITY: ("root", "YMKUA"),
}
"""Office → how it stands to the school of the case, and the roles that may sit there."""
SEES_CASE = {SCHOOL, TOWNSHIP, COUNTY, CITY}
"""Offices in whose charge the case is: the school, what lies above it, and nobody else."""
PLANTS = 500
PLANTED_AT = (SCHOOL, SIBLING_SCHOOL, OTHER_SCHOOL, STREET_SCHOOL)


@dataclass(frozen=True)
class Someone:
    """One role in one office, and a browser signed in."""

    letter: str
    office: str
    path: str
    browser: Browser

    def holds(self, power: str) -> bool:
        return self.letter in HOLDERS[power]


@dataclass(frozen=True)
class Plant:
    """A child whom only some offices may ever see: what betrays it, and the paths of its school and its home."""

    marks: tuple[str, ...]
    paths: tuple[str, ...]


def signed_in(app: Flask, desk: Desk, login: str) -> Browser:
    """A browser with an open session, whatever the way in asks of this person."""
    with desk.change() as db:
        account = accounts.find_login(db, login)
        assert account is not None
        now = desk.clock.now()
        sessions.add(db, f"token-{login}", account.id, now, now + timedelta(hours=8))
    browser = Browser(app)
    browser.client.set_cookie("fanxiao_session", f"token-{login}")
    with browser.client.session_transaction() as kept:
        kept["seen"] = [sessions.token_hash(f"token-{login}")[:16], int(now.timestamp())]
    return browser


def everybody(cast: Cast) -> Iterator[Someone]:
    """Every role in every office where it may sit."""
    desk = cast.desk
    manage_offices.add_school(desk, None, manage_offices.NewSchool(SIBLING_SCHOOL, "西吉县演示小学", TOWNSHIP))
    app = create_app(desk=desk)
    for place, (_, letters) in PLACES.items():
        for letter in letters:
            login = f"m-{place.lower()}-{letter.lower()}"
            asked = manage_accounts.NewAccount(login, f"演示{letter}", place, frozenset({ROLE[letter]}), must_change=False)
            with desk.change() as db:
                manage_accounts.write_account(db, None, asked, "nobody types a password here", desk.clock.now())
                path = offices.load_code(db, place).path
            yield Someone(letter, place, path, signed_in(app, desk, login))


def planted(cast: Cast) -> list[Plant]:
    """Children in four schools of three counties, each with marks that nobody else has."""
    found = []
    with cast.desk.register.reading() as db:
        places = {code: offices.load_code(db, code) for code in PLANTED_AT}
        homes = {code: offices.load_code(db, place.path.split("/")[-3]) for code, place in places.items()}
    clerks = {code: clerk(cast, code) for code in PLANTED_AT}
    for number in range(PLANTS):
        code = PLANTED_AT[number % len(PLANTED_AT)]
        word = "".join(chr(0x4E00 + 97 * int(digit) + 11) for digit in f"{number:04d}")
        digits = f"640499201303{1 + number % 28:02d}{number // 28 + 100:03d}"
        parent = f"640499198{number % 10}0{1 + number % 9}{1 + number % 28:02d}{500 + number // 2:03d}"
        child = Child(name=f"植名{word}", digits=digits, grade=7, guardians=((f"植父{word}", "父亲", parent),))
        asked = cast.enrolment(child, school=code, township=homes[code].code, village=f"植村{word}",
                               home_address=f"植址{word}", hukou_address=f"植籍{word}")
        register_student.register_student(cast.desk, clerks[code], asked)
        found.append(Plant(
            (child.name, f"植父{word}", f"植村{word}", f"植址{word}", f"植籍{word}", str(identity(digits)),
             str(identity(parent)), str(identity(digits))[-8:]), (places[code].path, homes[code].path)))
    return found


def clerk(cast: Cast, code: str) -> Any:
    """Somebody who may register a pupil at this school."""
    known = {SCHOOL: "school", OTHER_SCHOOL: "strange_school", STREET_SCHOOL: "street_school"}
    if code in known:
        return cast.people[known[code]]
    with cast.desk.register.reading() as db:
        account = accounts.find_login(db, f"m-{code.lower()}-s")
    assert account is not None
    return account.actor


def leaks(text: str, someone: Someone, plants: list[Plant], pattern: Callable[[str], set[str]],
          owners: dict[str, Plant]) -> set[str]:
    """Marks in what a person got, of children who are nobody's business of this person's office."""
    return {mark for mark in pattern(text) if not any(path.startswith(someone.path) for path in owners[mark].paths)}


THE_CHILD = (CHILD.name, CHILD.guardians[0][0], str(identity(CHILD.digits)))
"""Of the case that everybody tries to reach."""
