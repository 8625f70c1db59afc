"""Schools, classes, villages and accounts from one workbook: looked at first, then all of it or nothing.

What is there already and the same is passed over, so that a workbook may be mended and come again. An account that is
there is never changed by a workbook. `actor` None stands for whoever runs the machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.actions import manage_accounts, manage_offices, office_sheets
from app.actions.manage_accounts import NewAccount
from app.actions.manage_offices import NewSchool, OfficeSettings
from app.errors import Problem, Refused
from app.law import powers
from app.law.offices import Level, Office
from app.outside import passwords
from app.records import accounts, audit, offices, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.actions.desk import Desk
    from app.actions.office_sheets import Row
    from app.intake.sheets import SheetText
    from app.law.offices import Actor
    from app.records.database import Db
    from app.records.places import SchoolClass

MOST_ACCOUNTS = 300
"""Accounts of one workbook: each first password takes its time to hash."""


@dataclass(frozen=True)
class Handed:
    """A first password, to be handed to its person."""

    login: str
    name: str
    office: str
    password: str


@dataclass
class Plan:
    """What a workbook would bring about, and what is wrong with it (`where` like 学校!C5)."""

    schools: list[NewSchool] = field(default_factory=list)
    settings: list[OfficeSettings] = field(default_factory=list)
    classes: list[tuple[str, SchoolClass]] = field(default_factory=list)
    villages: list[tuple[str, str]] = field(default_factory=list)
    accounts: list[NewAccount] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that would be written: what is confirmed is what was shown."""
        said = (self.schools, self.settings, self.classes, self.villages,
                [(each.login, each.name, each.office_code, sorted(each.roles), each.cert_no) for each in self.accounts])
        return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def count(self) -> int:
        return len(self.schools) + len(self.settings) + len(self.classes) + len(self.villages) + len(self.accounts)


def look_at_offices(desk: Desk, actor: Actor | None, sheets: Sequence[SheetText]) -> Plan:
    """What the workbook would bring about; nothing is written."""
    require_importer(actor)
    with desk.register.reading() as db:
        return _Planner(db, actor).plan(sheets)


def import_offices(desk: Desk, actor: Actor | None, sheets: Sequence[SheetText], seen: str) -> tuple[Handed, ...]:
    """Write all of it in one transaction; answers the first passwords, which are kept nowhere.

    `seen` is the fingerprint of the plan that was looked at. Raises Refused when the workbook has a fault, changes
    nothing, or would by now bring about something else than was shown.
    """
    plan = look_at_offices(desk, actor, sheets)
    given = [passwords.fresh() for _ in plan.accounts]
    hashes = [passwords.hashed(each) for each in given]
    now = desk.clock.now()
    with desk.change() as db:
        _require_same(_Planner(db, actor).plan(sheets), seen)
        for school in plan.schools:
            manage_offices.write_school(db, actor, school)
        found = {each.code: each for each in offices.under(db, actor.path if actor else "/")}
        for settings in plan.settings:
            values = manage_offices.parsed(settings)
            offices.change(db, found[settings.code].id, **values, area_name=values["name"])
        for code, each in plan.classes:
            places.add_class(db, found[code].id, each)
        for code, name in plan.villages:
            places.add_village(db, found[code].id, name)
        ids = [manage_accounts.write_account(db, actor, account, password_hash, now)
               for account, password_hash in zip(plan.accounts, hashes, strict=True)]
        audit.append(db, actor, "import_offices", "office", actor.office_id if actor else 0, now,
                     schools=[each.code for each in plan.schools], changed=[each.code for each in plan.settings],
                     classes=len(plan.classes), villages=len(plan.villages), accounts=ids)
    return tuple(Handed(account.login, account.name, found[account.office_code].name, password)
                 for account, password in zip(plan.accounts, given, strict=True))


def require_importer(actor: Actor | None) -> None:
    """Pass for whoever may manage both offices and accounts. Raises Refused."""
    if actor is not None:
        powers.require(actor, powers.Power.MANAGE_OFFICES)
        powers.require(actor, powers.Power.MANAGE_ACCOUNTS)


def _require_same(plan: Plan, seen: str) -> None:
    if plan.problems:
        raise Refused("表格里有错误，没有导入。", where="file", problems=tuple(plan.problems))
    if not plan.count:
        raise Refused("表格里没有要新增或改动的内容。", where="file")
    if plan.fingerprint != seen:
        raise Refused("核对之后登记库有了变化，没有导入。", where="file", advice="请重新上传核对。")


class _Planner:
    """Goes through the sheets in their order: a later one may name what an earlier one adds."""

    def __init__(self, db: Db, actor: Actor | None) -> None:
        self.db, self.actor = db, actor
        self.known = office_sheets.Directory(offices.under(db, actor.path if actor else "/"))
        self.made = Plan()
        self.codes: set[str] = set()

    def plan(self, sheets: Sequence[SheetText]) -> Plan:
        """Every row of every sheet."""
        rows, problems = office_sheets.rows_of(sheets)
        self.made.problems += problems
        own = [each.id for each in self.known.all]
        self.villages = set(places.all_villages(self.db, own))
        self.classes = set(places.all_classes(self.db, own))
        by_sheet = {"学校": self._school, "班级": self._class, "村": self._village, "账号": self._account}
        for row in rows:
            try:
                by_sheet[row.sheet](row)
            except Refused as refused:
                self.made.problems.append(row.problem(refused))
        if len(self.made.accounts) > MOST_ACCOUNTS:
            self.made.problems.append(Problem("账号", f"一次最多新增{MOST_ACCOUNTS}个账号，现有"
                                              f"{len(self.made.accounts)}个。", "请分几个文件导入。"))
        return self.made

    def _school(self, row: Row) -> None:
        code, name = row["code"], manage_offices.text_of(row["name"], "name", "学校名称")
        township = self.known.one(row["township"], Level.TOWNSHIP, "township")
        if code in self.codes:
            raise Refused(f"代码 {code} 在表里写了两次。", where="code")
        self.codes.add(code)
        settings = OfficeSettings(code, contact=row["contact"] or None, phone=row["phone"] or None, name=name,
                                  full_name=row["full_name"] or None)
        values = manage_offices.parsed(settings)
        known = self.known.by_code.get(code)
        if known is None:
            self._new_school(row, NewSchool(code, name, township.code))
            known = Office(id=0, code=code, path=f"{township.path}{code}/", level=Level.SCHOOL, name=name,
                           full_name=name, area_name=name)
            self.known.add(known)
        elif known.level is not Level.SCHOOL or known.path != f"{township.path}{code}/":
            raise Refused(f"代码 {code} 已经是{known.name}，不在{township.name}下面。", where="code")
        if any(getattr(known, each) != value for each, value in values.items()):
            self.made.settings.append(settings)
        elif known.id:
            self.made.unchanged += 1

    def _new_school(self, row: Row, school: NewSchool) -> None:
        if not manage_offices.SCHOOL_CODE.fullmatch(school.code):
            raise Refused("学校代码只用字母和数字，4到24位。", where="code")
        if offices.find_code(self.db, school.code):
            raise Refused(f"代码 {row['code']} 已经用了。", where="code")
        self.made.schools.append(school)

    def _class(self, row: Row) -> None:
        school = self.known.one(row["school"], Level.SCHOOL, "school")
        found = manage_offices.class_of(office_sheets.grade_of(row["grade"]), row["class"])
        if (school.id and (school.id, found) in self.classes) or (school.code, found) in self.made.classes:
            self.made.unchanged += 1
        else:
            self.made.classes.append((school.code, found))

    def _village(self, row: Row) -> None:
        township = self.known.one(row["township"], Level.TOWNSHIP, "township")
        name = manage_offices.text_of(row["village"], "village", "村名")
        if (township.id, name) in self.villages or (township.code, name) in self.made.villages:
            self.made.unchanged += 1
        else:
            self.made.villages.append((township.code, name))

    def _account(self, row: Row) -> None:
        office = self.known.one(row["office"], None, "office")
        roles = office_sheets.roles_of(row["roles"])
        asked = NewAccount(row["login"], row["name"], office.code, roles, row["cert_no"])
        name = manage_accounts.check_names(asked.login, asked.name, asked.cert_no)
        manage_accounts.require_roles(office, roles)
        if office.closed:
            raise Refused(f"{office.name}已经停办。", where="office")
        if any(each.login == asked.login for each in self.made.accounts):
            raise Refused(f"账号 {asked.login} 在表里写了两次。", where="login")
        known = accounts.find_login(self.db, asked.login)
        if known is None:
            self.made.accounts.append(asked)
        elif (known.name, known.office_id, known.roles) == (name, office.id, roles):
            self.made.unchanged += 1
        else:
            raise Refused(f"账号 {asked.login} 已经有了，姓名、单位或角色不同。", where="login",
                          advice="新的人请换一个账号名；要改角色请在“账号”页面改。")
