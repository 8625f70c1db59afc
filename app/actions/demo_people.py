"""Who the demo's county is made of: offices, accounts and lists of pupils, all invented.

ID numbers are of area 640499, which does not exist; every name has 演示 in it (as the given name where the surname is
to be found by its reading: 单演示宁). The lists hold what lists of real schools hold: twins, pupils without a number
yet, one telephone for two families, grandparents, names that few fonts have.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.intake.school_list import COLUMNS
from app.law.identity import IdentityNumber
from app.law.offices import Role
from app.papers.catalogue.common import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CITY, COUNTY, TOWNSHIP, SCHOOL, PRIMARY = "640400", "640422", "640422100", "YS640422001", "YS640422002"
STRANGER, STRANGER_SCHOOL = "640425100", "YS640425001"
DISTRICT, STREET, STREET_SCHOOL = "640402", "640402001", "YS640402001"
LONGDE, JINGYUAN = "YS640423001", "YS640424001"
ACCOUNTS = (
    ("school", "演示杨老师", SCHOOL, (Role.SCHOOL_CLERK,), ""),
    ("principal", "演示海校长", SCHOOL, (Role.PRINCIPAL,), ""),
    ("primary", "演示田老师", PRIMARY, (Role.SCHOOL_CLERK,), ""),
    ("township", "演示王干事", TOWNSHIP, (Role.TOWNSHIP_CLERK,), "演示640499001"),
    ("township2", "演示苏干事", TOWNSHIP, (Role.TOWNSHIP_CLERK,), "演示640499002"),
    ("leader", "演示李乡长", TOWNSHIP, (Role.TOWNSHIP_LEADER,), "演示640499003"),
    ("seal", "演示纳管理员", TOWNSHIP, (Role.SEAL_KEEPER,), ""),
    ("county", "演示赵科员", COUNTY, (Role.COUNTY_CLERK,), "演示640499004"),
    ("bureau", "演示马局长", COUNTY, (Role.COUNTY_LEADER,), ""),
    ("inspector", "演示罗督学", COUNTY, (Role.DUTY_INSPECTOR,), ""),
    ("city", "演示柳科员", CITY, (Role.CITY_CLERK,), ""),
    ("cityleader", "演示安局长", CITY, (Role.CITY_LEADER,), ""),
    ("auditor", "演示伏审计", CITY, (Role.AUDITOR,), ""),
    ("admin", "演示黑科长", CITY, (Role.ADMINISTRATOR,), ""),
    ("elsewhere", "演示陈干事", STRANGER, (Role.TOWNSHIP_CLERK,), ""),
    ("district", "演示丁科员", DISTRICT, (Role.COUNTY_CLERK,), ""),
    ("longde", "演示禹老师", LONGDE, (Role.SCHOOL_CLERK,), ""),
    ("jingyuan", "演示虎老师", JINGYUAN, (Role.SCHOOL_CLERK,), ""),
)
"""Login, name, office, roles, certificate of law enforcement."""
OFFICES = (
    (SCHOOL, "演示中学", "演示杨老师", "0954-2000001"), (TOWNSHIP, "演示吉强政", "演示王干事", "0954-2000002"),
    (COUNTY, "演示西教体", "演示赵科员", "0954-2000003"), (STRANGER, "演示政", "演示陈干事", "0954-2000004"),
    (PRIMARY, "演示小学", "演示田老师", "0954-2000005"), (DISTRICT, "演示原教体", "演示丁科员", "0954-2000006"),
)
"""Code, 机关代字, contact, telephone."""


@dataclass(frozen=True)
class School:
    """A school with its list: who brings the list in, how many pupils, in which grades, from which townships."""

    code: str
    name: str
    township: str
    login: str
    pupils: int
    grades: range
    classes: int
    homes: tuple[str, ...]
    """Names of the townships where its pupils live; the first is its own."""
    absent_days: int = 0
    """For how many days one of its list does not come, for whom a case is opened; such a list stays. 0: nobody."""


SCHOOLS = (
    School(SCHOOL, "西吉县演示中学", TOWNSHIP, "school", 122, range(7, 10), 3, ("吉强镇", "兴隆镇", "马莲乡")),
    School(PRIMARY, "西吉县演示小学", TOWNSHIP, "primary", 62, range(1, 7), 2, ("吉强镇", "硝河乡"), 7),
    School(STRANGER_SCHOOL, "彭阳县演示九年制学校", STRANGER, "elsewhere", 54, range(1, 10), 1,
           ("白阳镇", "古城镇"), 9),
    School(STREET_SCHOOL, "原州区演示学校", STREET, "district", 36, range(1, 7), 1, ("南关街道", "开城镇"), 3),
    School(LONGDE, "隆德县演示小学", "640423100", "longde", 14, range(1, 7), 1, ("城关镇",), 20),
    School(JINGYUAN, "泾源县演示小学", "640424100", "jingyuan", 14, range(1, 7), 1, ("香水镇",), 5),
)
VILLAGES = ("演示村", "演示河湾村", "演示上塬村", "演示新庄村")
CLASSES = ("（1）班", "（2）班", "（3）班")
SURNAMES = "马海杨王李苏张田罗禹柳纳虎伏锁妥穆丁安陈"
GIVEN = ("小龙", "晓燕", "文博", "雅楠", "志远", "佳怡", "浩然", "静", "鹏", "思源", "雨桐", "子轩", "秀兰", "玉洁",
         "宏伟", "明", "欣悦", "建军", "彩霞", "伟", "天佑", "梦瑶", "海峰", "春梅")
SOUNDED = ("单", "仇", "查", "解", "尉迟")
"""Surnames that are read otherwise than the character elsewhere."""
RARE = ("演示马犇堃", "演示海淼", "演示李㛃", "演示杨𬭸喆", "演示苏翀", "演示丁彧")
LONG = "演示阿依努尔·阿卜杜热合曼·买买提依明·吐尔逊江尼亚"
"""26 characters: the longest name that the list shows in full."""
NAMESAKE = "演示马小龙"
"""At two schools with one birth date, once without a number: maybe one child, for people to find out."""
FIRST_MONTH = 9
"""A school year, and who begins with it, goes from September to August."""


def with_check_digit(seventeen: str) -> IdentityNumber:
    """The number of area 640499 with its check character (GB 11643-1999)."""
    for last in "0123456789X":
        try:
            return IdentityNumber.parse(seventeen + last)
        except ValueError:
            continue
    raise ValueError(seventeen)


@dataclass
class Births:
    """Gives out birth dates and numbers, no number twice."""

    today: date
    start: int = 2
    """Which of a day's births comes first; two who give out numbers for one register start far apart."""
    chance: random.Random = field(default_factory=lambda: random.Random(640499))  # noqa: S311  (invented people)
    _given: dict[date, int] = field(default_factory=dict)

    def pupil(self, grade: int) -> date:
        """A day on which a pupil of this grade may have been born: six on the first day of school."""
        begun = self.today.year - (self.today.month < FIRST_MONTH)
        return date(begun - 6 - grade, FIRST_MONTH, 1) + timedelta(days=self.chance.randrange(330))

    def adult(self, years: int) -> date:
        return date(self.today.year - years, 1, 1) + timedelta(days=self.chance.randrange(300))

    def number(self, born: date, sex: str) -> str:
        """An ID number of area 640499 whose 17th digit says the sex."""
        self._given[born] = place = self._given.get(born, self.start) + 1
        return str(with_check_digit(f"640499{born:%Y%m%d}{2 * place + (sex == '男'):03d}"))


def lists(today: date) -> dict[str, list[dict[str, str]]]:
    """The list of each school, by its code: rows with the columns of the product's own blank list."""
    births = Births(today)
    return {school.code: list(_Writer(school, births).rows()) for school in SCHOOLS}


class _Writer:
    """Writes the list of one school."""

    def __init__(self, school: School, births: Births) -> None:
        self.school, self.births, self.chance = school, births, births.chance
        self.number = 0

    def rows(self) -> Iterator[dict[str, str]]:
        """Ordinary families first, then those that lists of ordinary families forget."""
        special = list(self._special())
        for place in range(self.school.pupils - len(special)):
            row = self._pupil(self._name(), place)
            yield row | self._family(row, place)
        yield from special

    def _special(self) -> Iterator[dict[str, str]]:
        code = self.school.code
        if code == SCHOOL:
            yield from self._twins("演示马双喜", "演示马双乐")
            for name in (*RARE, LONG, *(f"{each}演示宁" for each in SOUNDED)):
                yield self._with_family(name)
            yield from self._siblings("演示穆晓东", 8)
        if code == PRIMARY:
            yield from self._siblings("演示穆晓西", 3)
        if code in {PRIMARY, STRANGER_SCHOOL}:
            yield self._namesake(numbered=code == PRIMARY)
        if code in {SCHOOL, PRIMARY, STRANGER_SCHOOL}:
            for letter in ("J", "L", ""):
                yield self._unnumbered(letter)

    def _name(self) -> str:
        return f"演示{self.chance.choice(SURNAMES)}{self.chance.choice(GIVEN)}"

    def _pupil(self, name: str, place: int, born: date | None = None, grade: int = 0) -> dict[str, str]:
        school, self.number = self.school, self.number + 1
        grade = grade or school.grades[place % len(school.grades)]
        sex, born = self.chance.choice("男女"), born or self.births.pupil(grade)
        number = self.births.number(born, sex)
        home = school.homes[0] if self.chance.random() < 0.8 else self.chance.choice(school.homes)  # noqa: PLR2004  (most)
        village = self.chance.choice(VILLAGES)
        return {"school_code": school.code, "name": name, "id_number": number, "sex": sex,
                "birth_date": born.isoformat(), "student_status_no": f"G{number}", "grade": GRADES[str(grade)],
                "class_name": self.chance.choice(CLASSES[:school.classes]), "township": home, "village": village,
                "home_address": f"{home}{village}{self.chance.choice('一二三四')}组（演示）"}

    def _guardian(self, place: int, name: str, relation: str, years: int, phone: str) -> dict[str, str]:
        sex = "女" if "母" in relation else "男"
        number = self.births.number(self.births.adult(years), sex)
        return {f"guardian{place}_name": name, f"guardian{place}_relation": relation,
                f"guardian{place}_id_number": number, f"guardian{place}_phone": phone}

    def _family(self, row: dict[str, str], place: int) -> dict[str, str]:
        """Both parents, one of them, a grandparent in their place, or parents away and the child with a grandmother."""
        surname, phone = row["name"].removeprefix("演示")[0], f"139{self.chance.randrange(10**3):08d}"
        father = self._guardian(1, f"演示{surname}{self.chance.choice(GIVEN)}", "父亲", 38, phone)
        mother = f"演示{self.chance.choice(SURNAMES)}{self.chance.choice(GIVEN)}"
        kind = place % 10
        if kind < 5:  # noqa: PLR2004  (half of the families)
            return father | self._guardian(2, mother, "母亲", 36, phone[:-1] + str((int(phone[-1]) + 1) % 10))
        if kind == 5:  # noqa: PLR2004  (a tenth)
            return self._guardian(1, mother, "母亲", 35, phone)
        if kind == 6:  # noqa: PLR2004
            return self._guardian(1, f"演示{surname}{self.chance.choice(GIVEN)}", "祖父", 66, phone)
        if kind == 7:  # noqa: PLR2004
            return father | {"caregiver": f"演示{self.chance.choice(SURNAMES)}奶奶"}
        if kind == 8:  # noqa: PLR2004
            return self._guardian(1, mother, "母亲", 37, "13900000008")
        return father

    def _with_family(self, name: str) -> dict[str, str]:
        row = self._pupil(name, self.number)
        return row | self._family(row, self.number)

    def _twins(self, *names: str) -> Iterator[dict[str, str]]:
        grade = self.school.grades[0]
        born = self.births.pupil(grade)
        first, second = (self._pupil(name, 0, born, grade) for name in names)
        family = self._family(first, 0)
        yield first | family
        yield second | family | {each: first[each] for each in ("township", "village", "home_address")}

    def _siblings(self, name: str, grade: int) -> Iterator[dict[str, str]]:
        """One of two at two schools: the same father, the same telephone."""
        number = with_check_digit("64049919860604901")
        yield self._pupil(name, 0, grade=grade) | {
            "guardian1_name": "演示穆成林", "guardian1_relation": "父亲", "guardian1_id_number": str(number),
            "guardian1_phone": "13900000009", "township": self.school.homes[0], "village": VILLAGES[0],
            "home_address": f"{self.school.homes[0]}{VILLAGES[0]}一组（演示）"}

    def _namesake(self, *, numbered: bool) -> dict[str, str]:
        grade = 4
        row = self._pupil(NAMESAKE, 0, date(self.births.today.year - 11, 5, 20), grade)
        row |= {} if numbered else {"id_number": "", "student_status_no": ""}
        return row | self._family(row, 0)

    def _unnumbered(self, letter: str) -> dict[str, str]:
        """No ID number yet: a 学籍号 of letter J or L, or none at all."""
        row = self._with_family(self._name())
        return row | {"id_number": "", "student_status_no": f"{letter}{row['id_number']}" if letter else ""}


def sheet(rows: Sequence[dict[str, str]]) -> list[list[str]]:
    """The rows as the list's columns have them."""
    return [[row.get(column, "") for column in COLUMNS] for row in rows]
