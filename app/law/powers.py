"""Who may do what: one table (义务教育法第五十八条; 未成年人保护法第二十八条、第八十三条; 《办法》二（一）).

A power is held through a role at the level of the role's own office. Two acts on one paper are never one
person's.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law.offices import Level, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.law.offices import Actor, Office

_SCHOOL = frozenset({Role.SCHOOL_CLERK})
_LOCAL_CLERKS = frozenset({Role.SCHOOL_CLERK, Role.TOWNSHIP_CLERK, Role.COUNTY_CLERK})
_CLERKS = _LOCAL_CLERKS | {Role.CITY_CLERK}
_LOCAL_LEADERS = frozenset({Role.PRINCIPAL, Role.TOWNSHIP_LEADER, Role.COUNTY_LEADER})
_LEADERS = _LOCAL_LEADERS | {Role.CITY_LEADER}
_OFFICIALS = _CLERKS | _LEADERS
_VIEWERS = _OFFICIALS | {Role.DUTY_INSPECTOR}
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_SEAL_KEEPER = frozenset({Role.SEAL_KEEPER})
_WATCHERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})

LEVELS_OF_ROLE = {
    Role.SCHOOL_CLERK: Level.SCHOOL, Role.PRINCIPAL: Level.SCHOOL,
    Role.TOWNSHIP_CLERK: Level.TOWNSHIP, Role.TOWNSHIP_LEADER: Level.TOWNSHIP,
    Role.COUNTY_CLERK: Level.COUNTY, Role.COUNTY_LEADER: Level.COUNTY, Role.DUTY_INSPECTOR: Level.COUNTY,
    Role.CITY_CLERK: Level.CITY, Role.CITY_LEADER: Level.CITY,
}
"""Level at which a role counts; seal keepers, auditors and administrators serve the office they sit in."""

ISSUERS = {Level.CITY: "市教育行政部门", Level.COUNTY: "县级教育行政部门", Level.TOWNSHIP: "乡镇人民政府",
           Level.SCHOOL: "学校"}
"""Organs that the law names; a street office is none of them (义务教育法第五十八条)."""


class Power(StrEnum):
    """What may be done."""

    REGISTER_PUPIL = "register_pupil"
    IMPORT_PUPILS = "import_pupils"
    EXPORT_LEDGER = "export_ledger"
    ROLL_OVER = "roll_over"
    REPORT_ABSENCE = "report_absence"
    OPEN_CASE = "open_case"
    CLOSE_CASE = "close_case"
    RECORD_VISIT = "record_visit"
    VIEW_CASES = "view_cases"
    REVEAL_ID = "reveal_id"
    DRAFT_PAPER = "draft_paper"
    SUBMIT_PAPER = "submit_paper"
    APPROVE_PAPER = "approve_paper"
    VOID_PAPER = "void_paper"
    ENTER_LATE = "enter_late"
    CONSENT_LATE_ENTRY = "consent_late_entry"
    REGISTER_SIGNED = "register_signed"
    RECORD_SERVICE = "record_service"
    KEEP_SCAN = "keep_scan"
    KEEP_SEALS = "keep_seals"
    APPROVE_SEAL = "approve_seal"
    APPLY_SEAL = "apply_seal"
    VIEW_SEAL_USES = "view_seal_uses"
    COMPILE_FILE = "compile_file"
    VIEW_REGISTER = "view_register"
    PRINT_LETTERS = "print_letters"
    COMPILE_REPORT = "compile_report"
    APPROVE_REPORT = "approve_report"
    VIEW_REPORTS = "view_reports"
    SUPERVISE = "supervise"
    MANAGE_TEMPLATES = "manage_templates"
    MANAGE_CALENDAR = "manage_calendar"
    MANAGE_OFFICES = "manage_offices"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_JOBS = "manage_jobs"
    VIEW_AUDIT = "view_audit"
    VIEW_LOOKS = "view_looks"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Power.REGISTER_PUPIL: "登记学生", Power.IMPORT_PUPILS: "导入学生名单", Power.EXPORT_LEDGER: "导出学生台账",
    Power.ROLL_OVER: "学年升级", Power.REPORT_ABSENCE: "登记缺课", Power.OPEN_CASE: "立案",
    Power.CLOSE_CASE: "销号结案", Power.RECORD_VISIT: "登记走访", Power.VIEW_CASES: "查看案件",
    Power.REVEAL_ID: "查看完整证件号码", Power.DRAFT_PAPER: "起草文书", Power.SUBMIT_PAPER: "送审文书",
    Power.APPROVE_PAPER: "签发文书", Power.VOID_PAPER: "作废文书", Power.ENTER_LATE: "补录",
    Power.CONSENT_LATE_ENTRY: "同意补录", Power.REGISTER_SIGNED: "登记纸上签发",
    Power.RECORD_SERVICE: "登记送达", Power.KEEP_SCAN: "上传扫描件", Power.KEEP_SEALS: "管理印章",
    Power.APPROVE_SEAL: "审批印章和用印", Power.APPLY_SEAL: "用印", Power.VIEW_SEAL_USES: "查看用印登记",
    Power.COMPILE_FILE: "立卷归档", Power.VIEW_REGISTER: "查看发文登记",
    Power.PRINT_LETTERS: "批量印制家长信",
    Power.COMPILE_REPORT: "编制报表", Power.APPROVE_REPORT: "签发报表", Power.VIEW_REPORTS: "查看报表",
    Power.SUPERVISE: "督导督办", Power.MANAGE_TEMPLATES: "管理模板", Power.MANAGE_CALENDAR: "管理工作日",
    Power.MANAGE_OFFICES: "管理单位", Power.MANAGE_ACCOUNTS: "管理账号", Power.MANAGE_JOBS: "处理失败任务",
    Power.VIEW_AUDIT: "查看留痕", Power.VIEW_LOOKS: "查看查阅记录",
}

ROLES = {
    Power.REGISTER_PUPIL: _LOCAL_CLERKS,
    Power.IMPORT_PUPILS: _LOCAL_CLERKS,
    Power.EXPORT_LEDGER: _OFFICIALS,
    Power.ROLL_OVER: _SCHOOL,
    Power.REPORT_ABSENCE: _SCHOOL,
    Power.OPEN_CASE: _LOCAL_CLERKS,
    Power.CLOSE_CASE: frozenset({Role.TOWNSHIP_LEADER, Role.COUNTY_LEADER}),
    Power.RECORD_VISIT: _LOCAL_CLERKS,
    Power.VIEW_CASES: _VIEWERS,
    Power.REVEAL_ID: _LOCAL_CLERKS | _LOCAL_LEADERS,
    Power.DRAFT_PAPER: _CLERKS,
    Power.SUBMIT_PAPER: _CLERKS,
    Power.APPROVE_PAPER: _LEADERS,
    Power.VOID_PAPER: _LEADERS,
    Power.ENTER_LATE: _CLERKS,
    Power.CONSENT_LATE_ENTRY: _LEADERS,
    Power.REGISTER_SIGNED: _OFFICIALS,
    Power.RECORD_SERVICE: _LOCAL_CLERKS | _LOCAL_LEADERS,
    Power.KEEP_SCAN: _CLERKS,
    Power.KEEP_SEALS: _SEAL_KEEPER,
    Power.APPROVE_SEAL: _LEADERS,
    Power.APPLY_SEAL: _SEAL_KEEPER,
    Power.VIEW_SEAL_USES: _LEADERS | _SEAL_KEEPER | {Role.AUDITOR},
    Power.COMPILE_FILE: _LOCAL_CLERKS,
    Power.VIEW_REGISTER: _VIEWERS,
    Power.PRINT_LETTERS: _CLERKS,
    Power.COMPILE_REPORT: _CLERKS,
    Power.APPROVE_REPORT: _LEADERS,
    Power.VIEW_REPORTS: _VIEWERS,
    Power.SUPERVISE: frozenset({Role.COUNTY_CLERK, Role.COUNTY_LEADER, Role.CITY_CLERK, Role.CITY_LEADER}),
    Power.MANAGE_TEMPLATES: _ADMINISTRATOR,
    Power.MANAGE_CALENDAR: _ADMINISTRATOR,
    Power.MANAGE_OFFICES: _ADMINISTRATOR,
    Power.MANAGE_ACCOUNTS: _ADMINISTRATOR,
    Power.MANAGE_JOBS: _ADMINISTRATOR,
    Power.VIEW_AUDIT: _WATCHERS,
    Power.VIEW_LOOKS: _LEADERS | {Role.AUDITOR},
}
"""The duty inspector looks and changes nothing; the city sees cases but no full number (个人信息保护法第六条)."""

TWO_FACTOR = frozenset({Power.APPROVE_PAPER, Power.APPROVE_SEAL, Power.APPLY_SEAL, Power.KEEP_SEALS,
                        Power.MANAGE_ACCOUNTS, Power.MANAGE_OFFICES})
"""Whoever holds one of these signs in with a second factor; who gives out passwords can become any of the others."""


def allowed(actor: Actor, power: Power) -> bool:
    """Whether one of the actor's roles holds the power, at the level where that role counts."""
    return any(LEVELS_OF_ROLE.get(role, actor.level) is actor.level for role in actor.roles & ROLES[power])


def needs_second_factor(actor: Actor) -> bool:
    """Whether a password alone is not enough for this person: who approves or keeps a seal binds the office."""
    return any(allowed(actor, power) for power in TWO_FACTOR)


def levels(power: Power) -> frozenset[Level]:
    """The levels of offices at which somebody holds the power."""
    everywhere = ROLES[power] - LEVELS_OF_ROLE.keys()
    return frozenset(Level) if everywhere else frozenset(LEVELS_OF_ROLE[role] for role in ROLES[power])


def require(actor: Actor, power: Power) -> None:
    """Pass if the actor holds the power; else raise Refused that says which roles do."""
    if not allowed(actor, power):
        holders = "、".join(role.label for role in Role if role in ROLES[power])
        raise Refused(f"您的岗位不能办理“{power.label}”。", where="power", advice=f"可由{holders}办理。")


def require_issuer(who: Actor | Level, issuers: Collection[Level], title: str) -> None:
    """Pass if a paper may be issued at this level; else raise Refused that says at which."""
    level = who if isinstance(who, Level) else who.level
    if level not in issuers:
        able = "、".join(ISSUERS[each] for each in Level if each in issuers)
        raise Refused(f"{level.label}不能制发《{title}》。", where="issuer", advice=f"该文书由{able}制发。")


def require_other_person(drafter_id: int, actor: Actor) -> None:
    """Pass if whoever approves is not whoever drafted; else raise Refused."""
    if drafter_id == actor.account_id:
        raise Refused("起草人不能签发自己起草的文书。", where="approver",
                      advice="请由本单位另一名有签发权的人签发。")


def issuing_level(office: Office, *, street_confirmed: bool = False) -> Level:
    """The level that issues orders for this office's area.

    义务教育法第五十八条 names townships, not 街道: for a street it is the county's education bureau, unless
    the city has confirmed in writing that the street may.
    """
    return Level.COUNTY if office.is_street and not street_confirmed else office.level
