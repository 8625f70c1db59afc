"""Invented offices, people and cases, and the main job from the school's report to the signed file (flask demo).

Everybody here is made up: ID numbers are of area 640499, which does not exist, and names, numbers and places say 演示.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from app.actions import manage_accounts, manage_offices, manage_seals
from app.actions.demo_cases import Calendar, make_cases
from app.actions.demo_cast import Cast, Pupil
from app.actions.demo_people import ACCOUNTS, CLASSES, OFFICES, SCHOOLS, VILLAGES, lists, with_check_digit
from app.errors import NeedsPerson, Refused
from app.law.steps import Step
from app.packets.seal import demo_seal
from app.records import accounts, audit, cases, offices, students

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.actions.desk import Desk
    from app.law.offices import Role
    from app.records.database import Db

OF_NOBODY = frozenset({"set_up", "set_day", "publish_year", "set_vacation", "sign_in_failed"})
"""What may have been done in a register that the demo still may enter: no office, account or pupil is anybody's yet."""
WALKER = ("演示马小燕", "64049920110315002", "演示马明远", "64049919850612001")
"""The pupil of the walk, whose case nobody opens before: name, number without check digit, the father's."""


@dataclass(frozen=True)
class Person:
    """A demo account as it is printed."""

    login: str
    password: str
    name: str
    roles: list[str]
    office: str


def make(desk: Desk, say: Callable[[str], None] = lambda _: None) -> tuple[Person, ...]:
    """Offices, accounts, some 300 pupils and cases at every step. Passwords are random and shown once.

    `say` is told how far it is.

    Made already, only the passwords are new. Raises Refused in a register that holds anybody else.
    """
    if made_already(desk):
        return tuple(_person(desk, each, manage_accounts.reset_password(
            desk, None, manage_accounts.id_of(desk, each[0]), must_change=False)) for each in ACCOUNTS)
    _make_offices(desk)
    people = []
    for login, name, office, roles, cert_no in ACCOUNTS:
        password = manage_accounts.add_account(desk, None, manage_accounts.NewAccount(
            login, name, office, frozenset(roles), cert_no, must_change=False))
        people.append(_person(desk, (login, name, office, roles, cert_no), password))
    cast = Cast(desk)
    _lay_seal(desk, cast)
    for school, rows in zip(SCHOOLS, lists(desk.clock.today()).values(), strict=True):
        say(f"导入名单：{school.name}{len(rows)}人")
        cast.bring_list(school, rows)
        if school.absent_days:
            cast.notice(school.login, rows[0]["name"], Calendar(desk).worked_ago(school.absent_days))
    walker, number, father, his = WALKER
    cast.pupil(Pupil(walker, str(with_check_digit(number)), 8, father, str(with_check_digit(his)), "父亲"))
    make_cases(desk, cast, say)
    return tuple(people)


def made_already(desk: Desk) -> bool:
    """Whether the demo is in the register. Raises Refused when anything of somebody else is: asked before any write."""
    with desk.register.reading() as db:
        ours = sum(_is_ours(db, *each[:3]) for each in ACCOUNTS)
        total, done = accounts.count(db), audit.verbs(db)
    if total > ours or (ours < len(ACCOUNTS) and not done <= OF_NOBODY):
        raise Refused("登记库里已有正式数据，不能写入演示数据。", advice="请另设一个 FANXIAO_INSTANCE 目录做演示。")
    return ours == len(ACCOUNTS)


def _is_ours(db: Db, login: str, name: str, office: str) -> bool:
    """An official may bear the same login: name and office have to be the demo's too."""
    found = accounts.find_login(db, login)
    place = offices.find_code(db, office)
    return found is not None and place is not None and (found.name, found.office_id) == (name, place.id)


def _person(desk: Desk, account: tuple[str, str, str, tuple[Role, ...], str], password: str) -> Person:
    login, name, office, roles, _ = account
    with desk.register.reading() as db:
        place = offices.load_code(db, office).name
    return Person(login, password, name, [role.label for role in roles], place)


def _make_offices(desk: Desk) -> None:
    for school in SCHOOLS:
        manage_offices.add_school(desk, None, manage_offices.NewSchool(school.code, school.name, school.township))
        for grade in school.grades:
            manage_offices.add_classes(desk, None, school.code, grade, CLASSES[:school.classes])
    for township in dict.fromkeys(each.township for each in SCHOOLS):
        manage_offices.add_villages(desk, None, township, VILLAGES)
    for code, organ_code, contact, phone in OFFICES:
        manage_offices.set_office(desk, None, manage_offices.OfficeSettings(code, organ_code, contact, phone))


def _lay_seal(desk: Desk, cast: Cast) -> None:
    """Where pictures are allowed, the township's 样章: uploaded by its keeper, approved by its leader."""
    if desk.settings.seal_policy == "image":
        asked = manage_seals.NewSeal("样章（演示）", demo_seal(), "样章.png", 42.0)
        manage_seals.approve_seal(desk, cast.leader, manage_seals.upload_seal(desk, cast.keeper, asked))


def walk(desk: Desk, out: Path, say: Callable[[str], None]) -> list[Path]:
    """One case from the school's report to the signed file (stories 2, 4, 5 and the file of 10); answers the files."""
    if not made_already(desk):
        raise NeedsPerson("登记库里没有演示数据。", advice="请先运行 flask demo。")
    cast = Cast(desk)
    say("学校登记学生，立案（首次缺课2026年9月7日）")
    with desk.register.reading() as db:
        student = students.list_students(db, cast.school, WALKER[0])[0]
        known = cases.of_student(db, cast.school, student.id)
    case = known[-1].public_id if known else cast.case(student.public_id, date(2026, 9, 7))
    with desk.register.reading() as db:
        done = {each.step for each in cases.load_case(db, cast.clerk, case).steps}
    for step, words, act in _story(cast, case):
        if step not in done:
            say(words)
            act()
    say("编制卷宗：封面、目录、合并、骑缝章、签名、自检")
    return cast.file(case, out)


def _story(cast: Cast, case: str) -> tuple[tuple[Step, str, Callable[[], object]], ...]:
    """The steps of the case with what is told and what is done."""
    return (
        (Step.REPORT, "学校报告，校长签发，盖章扫描", partial(cast.report, case, date(2026, 9, 16))),
        (Step.ADMONISH, "乡镇批评教育，笔录签名扫描",
         partial(cast.admonish, case, datetime(2026, 9, 16, 15, 0), WALKER[2])),  # noqa: DTZ001  (local time)
        (Step.ORDER, "责令限期改正通知书，乡长签发、编号、盖章", partial(cast.order, case, date(2026, 9, 18))),
        (Step.SERVE, "9月18日在住所留置送达（村委会见证并拍照）", partial(cast.serve_by_leaving, case)),
        (Step.CHECK, "9月29日复查：未返校", partial(cast.check, case, date(2026, 9, 29))),
    )
