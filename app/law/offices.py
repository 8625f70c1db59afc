"""Offices, levels, roles and who acts (《办法》二（一）“以县为主”；《义务教育法》第五十八条)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Level of an office in the tree 市 → 县（区） → 乡镇（街道） → 学校."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    SCHOOL = "school"

    @property
    def label(self) -> str:
        return {"city": "市", "county": "县（区）", "township": "乡镇（街道）", "school": "学校"}[self.value]


class Role(StrEnum):
    """What a person does in the office; roles combine in one person, two acts on one paper do not."""

    SCHOOL_CLERK = "school_clerk"
    PRINCIPAL = "principal"
    TOWNSHIP_CLERK = "township_clerk"
    TOWNSHIP_LEADER = "township_leader"
    COUNTY_CLERK = "county_clerk"
    COUNTY_LEADER = "county_leader"
    CITY_CLERK = "city_clerk"
    CITY_LEADER = "city_leader"
    DUTY_INSPECTOR = "duty_inspector"
    SEAL_KEEPER = "seal_keeper"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return {
            "school_clerk": "学校文书", "principal": "校长", "township_clerk": "乡镇干部",
            "township_leader": "乡镇领导", "county_clerk": "县教育局经办人", "county_leader": "县教育局领导",
            "city_clerk": "市教育体育局经办人", "city_leader": "市教育体育局领导", "duty_inspector": "责任督学",
            "seal_keeper": "印章管理员", "auditor": "审计员", "administrator": "管理员",
        }[self.value]


@dataclass(frozen=True)
class Office:
    """One office.

    `path` is the chain of codes from the city down, e.g. `/640400/640422/640422100/`; it ends in `/` so that a prefix
    never matches half a code.
    """

    id: int
    code: str
    path: str
    level: Level
    name: str
    """Everyday name: 吉强镇人民政府, 西吉县教育体育局, 西吉县第一中学."""
    full_name: str
    """Name as on the seal: 西吉县吉强镇人民政府 (国发〔1999〕25号)."""
    organ_code: str = ""
    """机关代字 for document numbers; empty until the office gives it."""
    contact: str = ""
    phone: str = ""
    is_street: bool = False
    area_name: str = ""
    """Name of the area itself: 西吉县, 吉强镇."""
    closed: bool = False
    """Merged or given up; kept because papers and pupils name it."""
    typed_numbers: bool = False
    """Its document numbers are given by the 党政办 and typed at the approval."""


@dataclass(frozen=True)
class Actor:
    """Who acts: an account as it was when the request began."""

    account_id: int
    name: str
    office_id: int
    path: str
    level: Level
    roles: frozenset[Role]
    cert_no: str = ""
    """执法证号, if the person holds one."""
