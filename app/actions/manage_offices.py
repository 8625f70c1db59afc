"""Offices in charge: schools added and closed, what an office prints, classes of a school, villages of a township.

`actor` None stands for whoever runs the machine (the command line, the demo): in charge of all. Nothing is deleted but
names off a list: a closed school is kept, because papers and pupils name it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import Refused
from app.law import powers
from app.law.identity import parse_phone
from app.law.names import PersonName
from app.law.numbering import DocumentNumber
from app.law.offices import Level, Office
from app.law.wording import unprintable
from app.records import accounts, audit, offices, places, sessions, students
from app.records.places import SchoolClass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.actions.desk import Desk
    from app.law.offices import Actor
    from app.records.database import Db

SCHOOL_CODE = re.compile(r"[0-9A-Za-z]{4,24}")
GRADES = range(1, 10)
LONGEST = {"name": 60, "full_name": 60, "village": 40, "class": 20}
MOST_AT_ONCE = 200
IDENTITY = {"organ_code": "机关代字", "name": "名称", "full_name": "印章上的全称"}


@dataclass(frozen=True)
class NewSchool:
    """A school under its township: a code of its own, the everyday name."""

    code: str
    name: str
    township_code: str


@dataclass(frozen=True)
class OfficeSettings:
    """What an office prints: 机关代字 of its numbers, contact and telephone of its papers; None leaves it as it is."""

    code: str
    organ_code: str | None = None
    contact: str | None = None
    phone: str | None = None
    name: str | None = None
    full_name: str | None = None


def add_school(desk: Desk, actor: Actor | None, asked: NewSchool) -> None:
    """Enter a school into the tree."""
    now = desk.clock.now()
    with desk.change() as db:
        key = write_school(db, actor, asked)
        audit.append(db, actor, "add_school", "office", key, now)


def write_school(db: Db, actor: Actor | None, asked: NewSchool) -> int:
    """The row of a new school, checked; the caller owns the transaction and its audit line."""
    township = load(db, actor, asked.township_code)
    if township.level is not Level.TOWNSHIP:
        raise Refused(f"{township.name}不是乡镇（街道）。", where="township_code", advice="学校设在乡镇（街道）下面。")
    if not SCHOOL_CODE.fullmatch(asked.code):
        raise Refused("学校代码只用字母和数字，4到24位。", where="code", advice="可填学校标识码。")
    if offices.find_code(db, asked.code):
        raise Refused(f"单位代码 {asked.code} 已经用了。", where="code", advice="请换一个代码。")
    name = text_of(asked.name, "name", "学校名称")
    return offices.add(db, Office(id=0, code=asked.code, path=f"{township.path}{asked.code}/", level=Level.SCHOOL,
                                  name=name, full_name=name, area_name=name))


def set_office(desk: Desk, actor: Actor | None, asked: OfficeSettings) -> None:
    """Change what an office prints from now on; issued papers keep their words."""
    now = desk.clock.now()
    values = parsed(asked)
    with desk.change() as db:
        office = load(db, actor, asked.code)
        if "name" in values and office.level is Level.SCHOOL:
            values["area_name"] = values["name"]
        _require_may_name(actor, office, values)
        _require_own_word(db, office, values.get("organ_code", ""))
        if values:
            offices.change(db, office.id, **values)
        audit.append(db, actor, "set_office", "office", office.id, now, changed=sorted(values))


def close_school(desk: Desk, actor: Actor | None, code: str) -> None:
    """Close a school: nobody of it signs in, no pupil is entered there. Raises Refused for another kind of office."""
    now = desk.clock.now()
    with desk.change() as db:
        office = _school(db, actor, code)
        if office.closed:
            raise Refused(f"{office.name}已经停办。")
        if students.any_enrolled(db, office.id):
            raise Refused(f"{office.name}还有在校学生，不能停办。", advice="请先把学生转到接收学校。")
        offices.change(db, office.id, closed=True)
        for each in accounts.of_office(db, office.id):
            sessions.end_all(db, each.id, now)
        audit.append(db, actor, "close_school", "office", office.id, now)


def reopen_school(desk: Desk, actor: Actor | None, code: str) -> None:
    """Take back that a school was closed."""
    now = desk.clock.now()
    with desk.change() as db:
        office = _school(db, actor, code)
        if not office.closed:
            raise Refused(f"{office.name}没有停办。")
        _require_own_word(db, office, office.organ_code)
        offices.change(db, office.id, closed=False)
        audit.append(db, actor, "reopen_school", "office", office.id, now)


def add_classes(desk: Desk, actor: Actor | None, code: str, grade: int, names: Sequence[str]) -> int:
    """Add classes of one grade to a school; those that are there already are passed over. Answers how many are new."""
    now, fresh = desk.clock.now(), [class_of(grade, each) for each in _several(names)]
    with desk.change() as db:
        office = _school(db, actor, code)
        known = places.classes_of(db, office.id)
        added = [each for each in dict.fromkeys(fresh) if each not in known]
        for each in added:
            places.add_class(db, office.id, each)
        audit.append(db, actor, "add_classes", "office", office.id, now, classes=[[e.grade, e.name] for e in added])
    return len(added)


def remove_class(desk: Desk, actor: Actor | None, code: str, grade: int, name: str) -> None:
    """Take a class off the list; pupils keep the words they were entered with."""
    now = desk.clock.now()
    with desk.change() as db:
        office = _school(db, actor, code)
        if not places.remove_class(db, office.id, SchoolClass(grade, name)):
            raise Refused("没有这个班，可能已经删去。")
        audit.append(db, actor, "remove_class", "office", office.id, now, classes=[[grade, name]])


def add_villages(desk: Desk, actor: Actor | None, code: str, names: Sequence[str]) -> int:
    """Add villages to a township; those that are there already are passed over. Answers how many are new."""
    now, fresh = desk.clock.now(), [text_of(each, "village", "村名") for each in _several(names)]
    with desk.change() as db:
        office = _township(db, actor, code)
        known = places.villages_of(db, office.id)
        added = [each for each in dict.fromkeys(fresh) if each not in known]
        for each in added:
            places.add_village(db, office.id, each)
        audit.append(db, actor, "add_villages", "office", office.id, now, villages=added)
    return len(added)


def remove_village(desk: Desk, actor: Actor | None, code: str, name: str) -> None:
    """Take a village off the list; pupils keep the words they were entered with."""
    now = desk.clock.now()
    with desk.change() as db:
        office = _township(db, actor, code)
        if not places.remove_village(db, office.id, name):
            raise Refused("没有这个村，可能已经删去。")
        audit.append(db, actor, "remove_village", "office", office.id, now, villages=[name])


def load(db: Db, actor: Actor | None, code: str) -> Office:
    """An office in the charge of whoever manages offices. Raises NotVisible, Refused."""
    office = offices.load_in_charge(db, actor, code)
    if actor is not None:
        powers.require(actor, powers.Power.MANAGE_OFFICES)
    return office


def parsed(asked: OfficeSettings) -> dict[str, str]:
    """The values that are given, each parsed by its type. Raises Refused with the name of the value."""
    parsers: dict[str, Callable[[str], str]] = {
        "contact": lambda text: str(PersonName.parse(text)), "phone": parse_phone,
        "name": lambda text: text_of(text, "name", "单位名称"),
        "full_name": lambda text: text_of(text, "full_name", "印章上的全称")}
    values = {}
    for name, value in vars(asked).items():
        if value is not None and name != "code":
            empty = not value.strip() and name not in {"name", "full_name"}
            try:
                values[name] = "" if empty else parsers.get(name, str.strip)(value)
            except ValueError as error:
                raise Refused(str(error), where=name) from None
    if values.get("organ_code"):
        try:
            DocumentNumber(values["organ_code"], "字", 2000, 1)
        except ValueError as error:
            raise Refused(str(error), where="organ_code") from None
    return values


def _require_may_name(actor: Actor | None, office: Office, values: Mapping[str, str]) -> None:
    """What says which organ an office is comes from an office above; the city, which has none, names itself."""
    if actor is None or office.id != actor.office_id or office.level is Level.CITY:
        return
    for name, label in IDENTITY.items():
        if values.get(name, getattr(office, name)) != getattr(office, name):
            raise Refused(f"本单位的{label}由上级单位的管理员改。", where=name, advice="请联系上级单位的管理员。")


def _require_own_word(db: Db, office: Office, organ_code: str) -> None:
    """No two offices that work have the same 机关代字: their numbers would be each other's."""
    for other in offices.with_organ_code(db, organ_code) if organ_code else ():
        if other.id != office.id and not other.closed:
            raise Refused(f"机关代字“{organ_code}”是{other.name}的。", where="organ_code",
                          advice="请填本单位自己的代字。")


def text_of(raw: str, kind: str, label: str) -> str:
    """One line of printable text within its length. Raises Refused."""
    text = raw.strip()
    if not text:
        raise Refused(f"请填写{label}。", where=kind)
    if found := unprintable(text, newlines=False):
        raise Refused(f"{label}：{found}", where=kind)
    if len(text) > LONGEST[kind]:
        raise Refused(f"{label}最多{LONGEST[kind]}字。", where=kind)
    return text


def class_of(grade: int, name: str) -> SchoolClass:
    """A class, checked. Raises Refused."""
    if grade not in GRADES:
        raise Refused("年级应是1到9。", where="grade")
    return SchoolClass(grade, text_of(name, "class", "班级"))


def _several(names: Sequence[str]) -> list[str]:
    found = [each for each in names if each.strip()]
    if not found:
        raise Refused("请至少写一个。")
    if len(found) > MOST_AT_ONCE:
        raise Refused(f"一次最多{MOST_AT_ONCE}个。", advice="更多的请用表格导入。")
    return found


def _school(db: Db, actor: Actor | None, code: str) -> Office:
    office = load(db, actor, code)
    if office.level is not Level.SCHOOL:
        raise Refused(f"{office.name}不是学校。", advice="市、县、乡镇不在这里停办，也没有班级。")
    return office


def _township(db: Db, actor: Actor | None, code: str) -> Office:
    office = load(db, actor, code)
    if office.level is not Level.TOWNSHIP:
        raise Refused(f"{office.name}不是乡镇（街道）。")
    return office
